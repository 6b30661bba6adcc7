"""The PostgreSQL schema as Alembic revisions in plain SQL."""
