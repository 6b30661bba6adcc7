"""A database of this run's own, with the schema that the tree has now."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from reprise.adapters.migrate_postgres import migrate_postgres
from tests.harness.stack import TestStack


@pytest.fixture(scope="session")
def postgres_dsn(stack: TestStack) -> Iterator[str]:
    """A migrated database, dropped afterwards. The stack's own may be older than the tree."""
    name = sql.Identifier(f"contract_{uuid4().hex}")
    with psycopg.connect(stack.postgres_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            dsn = make_conninfo(stack.postgres_url, dbname=name.as_string().strip('"'))
            migrate_postgres(dsn=dsn)
            yield dsn
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
