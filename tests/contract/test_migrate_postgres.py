"""The schema migrates from nothing, again, step by step, and by many at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from reprise.adapters.migrate_postgres import SCRIPTS, migrate_postgres

pytestmark = pytest.mark.real
NEWEST = max(path.stem[1:5] for path in (SCRIPTS / "versions").glob("v*.py"))


@pytest.fixture
def empty_dsn(postgres_dsn: str) -> Iterator[str]:
    """A database of its own, dropped afterwards."""
    name = f"migrate_{uuid4().hex}"
    with psycopg.connect(postgres_dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield make_conninfo(postgres_dsn, dbname=name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def tables(dsn: str) -> set[str]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
    return {row[0] for row in rows}


def test_an_empty_database_gets_every_table(empty_dsn: str) -> None:
    assert migrate_postgres(dsn=empty_dsn) == NEWEST
    assert {"account", "profile", "session", "refresh_token", "title", "video"} <= tables(empty_dsn)


def test_migrating_again_changes_nothing(empty_dsn: str) -> None:
    migrate_postgres(dsn=empty_dsn)
    before = tables(empty_dsn)
    assert migrate_postgres(dsn=empty_dsn) == NEWEST
    assert tables(empty_dsn) == before


def test_many_that_migrate_at_once_wait_for_each_other(empty_dsn: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: migrate_postgres(dsn=empty_dsn), range(4)))
    assert results == [NEWEST] * 4


def test_a_revision_at_a_time_leads_to_the_same(empty_dsn: str) -> None:
    assert migrate_postgres(dsn=empty_dsn, revision="0001") == "0001"
    assert "title" not in tables(empty_dsn)
    assert migrate_postgres(dsn=empty_dsn) == NEWEST
