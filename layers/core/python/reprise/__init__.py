"""Reprise: the streaming backend that never loses a viewer's place."""

__version__ = "0.1.0"
