"""Composition roots: one module per area, so that a route imports only its own drivers."""
