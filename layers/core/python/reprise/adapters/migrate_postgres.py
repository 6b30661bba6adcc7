"""Brings a PostgreSQL database to the newest schema; run before new code takes traffic.

Alembic and SQLAlchemy are imported on use: only whoever migrates needs them installed.
`python -m reprise.adapters.migrate_postgres` migrates the database of POSTGRES_URL.
"""

import os
from pathlib import Path

import psycopg

SCRIPTS = Path(__file__).parent / "migrations" / "postgres"
LOCK = 0x52657072
"""Advisory lock that makes simultaneous migrations wait for each other."""


def migrate_postgres(*, dsn: str, revision: str = "head") -> str:
    """Apply every missing revision, all or none, and return the revision that now stands.

    Harmless to repeat and to run twice at the same time. Migrates upwards only.
    """
    from alembic import command, config  # noqa: PLC0415
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415
    from sqlalchemy import create_engine, pool, text  # noqa: PLC0415

    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(dsn, prepare_threshold=None, connect_timeout=5),
        poolclass=pool.NullPool,
    )
    settings = config.Config()
    settings.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)
        return MigrationContext.configure(connection).get_current_revision() or ""


if __name__ == "__main__":
    migrate_postgres(dsn=os.environ["POSTGRES_URL"])
