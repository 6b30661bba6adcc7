"""The keyspace migrates from nothing, again, and by many at once; edited history is refused."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cassandra.cluster import Session

from reprise.adapters import migrate_cassandra
from reprise.adapters.cassandra_session import CassandraAddress
from reprise.adapters.migrate_cassandra import MigrationError, load, migrate, statements_of
from tests.harness.stack import TestStack

TABLES = {"user_watch_history", "watch_position_by_device", "latest_position", "schema_migration"}
NAMES = ["0001_watch_history", "0002_watch_position_by_device", "0003_latest_position"]


@pytest.fixture
def address(stack: TestStack, cassandra_session: Session) -> Iterator[CassandraAddress]:
    """A keyspace of its own, dropped afterwards."""
    keyspace = f"migrate_{uuid4().hex[:12]}"
    yield CassandraAddress(
        hosts=(stack.cassandra_host,),
        port=stack.cassandra_port,
        keyspace=keyspace,
        local_dc="datacenter1",
        timeout_ms=30_000,
    )
    cassandra_session.execute(f"DROP KEYSPACE IF EXISTS {keyspace}", timeout=60)


def tables(session: Session, keyspace: str) -> set[str]:
    rows = session.execute(
        "SELECT table_name FROM system_schema.tables WHERE keyspace_name = %s", (keyspace,)
    )
    return {row.table_name for row in rows}


@pytest.mark.real
def test_an_empty_node_gets_every_table_once(
    address: CassandraAddress, cassandra_session: Session
) -> None:
    assert migrate(address, replication_factor=1) == NAMES
    assert tables(cassandra_session, address.keyspace) == TABLES
    assert migrate(address, replication_factor=1) == []


@pytest.mark.real
def test_many_may_migrate_at_once(address: CassandraAddress, cassandra_session: Session) -> None:
    migrate(address, replication_factor=1, folder=Path("/nonexistent"))
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda _: migrate(address), range(3)))
    assert tables(cassandra_session, address.keyspace) == TABLES


@pytest.mark.real
def test_a_migration_edited_after_it_was_applied_is_refused(
    address: CassandraAddress, tmp_path: Path
) -> None:
    script = tmp_path / "0001_any.cql"
    script.write_text("CREATE TABLE IF NOT EXISTS a (id int PRIMARY KEY);")
    migrate(address, replication_factor=1, folder=tmp_path)
    script.write_text("CREATE TABLE IF NOT EXISTS a (id text PRIMARY KEY);")
    with pytest.raises(MigrationError, match="0001_any"):
        migrate(address, folder=tmp_path)


def test_a_name_that_is_none_is_refused() -> None:
    address = CassandraAddress(
        hosts=("127.0.0.1",), port=1, keyspace="a; DROP", local_dc="datacenter1"
    )
    with pytest.raises(MigrationError, match="no keyspace name"):
        migrate(address)


def test_migrations_are_numbered_without_gaps(tmp_path: Path) -> None:
    assert [migration.name for migration in load()] == NAMES
    (tmp_path / "0002_any.cql").write_text("")
    with pytest.raises(MigrationError, match="0002"):
        load(tmp_path)


def test_comments_and_blanks_are_no_statements() -> None:
    assert statements_of("-- a; b\nSELECT a;\n\n  -- c\n SELECT b ;\n") == ["SELECT a", "SELECT b"]


class Keyspaces:
    """A session that creates tables in the background, as Keyspaces does."""

    def __init__(self, *, ready_after: int) -> None:
        self.statements: list[str] = []
        self._looks = 0
        self._ready_after = ready_after

    def execute(self, statement: str, *_: Any, **__: Any) -> Any:
        self.statements.append(statement)
        if statement != migrate_cassandra.TABLE_STATUS:
            return []
        self._looks += 1
        status = "ACTIVE" if self._looks % self._ready_after == 0 else "CREATING"
        row = type("Row", (), {"status": status})
        return type("Result", (), {"one": lambda _: row if self._looks > 1 else None})()


def keyspaces_run(session: Keyspaces, pauses: list[float]) -> list[str]:
    address = CassandraAddress(
        hosts=("any",), port=9142, keyspace="reprise", local_dc="us-east-1", auth="sigv4"
    )
    runner = migrate_cassandra._Runner(session, address, pauses.append)
    return list(runner.run(load()))


def test_on_keyspaces_each_table_has_client_side_timestamps_and_is_waited_for() -> None:
    session, pauses = Keyspaces(ready_after=3), list[float]()
    assert keyspaces_run(session, pauses) == NAMES
    created = [text for text in session.statements if text.startswith("CREATE TABLE")]
    assert len(created) == 4
    assert all("'client_side_timestamps': {'status': 'enabled'}" in text for text in created)
    assert pauses == [1] * 8


def test_a_table_that_never_gets_ready_is_an_error() -> None:
    with pytest.raises(MigrationError, match="schema_migration"):
        keyspaces_run(Keyspaces(ready_after=10_000), [])
