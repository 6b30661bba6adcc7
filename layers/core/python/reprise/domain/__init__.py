"""The rules: pure, with no clock, environment or network."""
