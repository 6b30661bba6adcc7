"""Use cases: keyword-only functions of their ports."""
