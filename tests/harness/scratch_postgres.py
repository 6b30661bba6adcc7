"""A database of its own on the test server, migrated, and dropped afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from reprise.adapters.migrate_postgres import migrate_postgres


@contextmanager
def scratch_database(dsn: str, *, revision: str = "head") -> Iterator[str]:
    """Yield where the database is; `revision` is how far it is migrated."""
    name = f"scratch_{uuid4().hex}"
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        own = make_conninfo(dsn, dbname=name)
        try:
            migrate_postgres(dsn=own, revision=revision)
            yield own
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )
