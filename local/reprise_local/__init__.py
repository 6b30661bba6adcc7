"""Reprise on one machine: installs, starts, deploys, seeds and plays the whole service locally."""
