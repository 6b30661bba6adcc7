"""Numbered CQL migrations, each applied once and never edited after: a checksum holds them to it.

The same files serve Cassandra and Keyspaces. Where a table needs properties that only Keyspaces
knows (client-side timestamps, which it can never switch on for what was written before), the file
says `${properties}`. Keyspaces creates tables in the background, so the runner waits for each.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from string import Template

from reprise.adapters.cassandra_session import CassandraAddress, CassandraConnection, Session

FOLDER = Path(__file__).parent / "cql"
KEYSPACES_PROPERTIES = "AND CUSTOM_PROPERTIES = {'client_side_timestamps': {'status': 'enabled'}}"
LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migration (
    name text, checksum text, applied_at timestamp, PRIMARY KEY ((name))
) WITH default_time_to_live = 0 ${properties}
"""
APPLIED = "SELECT name, checksum FROM schema_migration"
RECORD = (
    "INSERT INTO schema_migration (name, checksum, applied_at) VALUES (%s, %s, toTimestamp(now()))"
)
TABLE_STATUS = (
    "SELECT status FROM system_schema_mcs.tables WHERE keyspace_name = %s AND table_name = %s"
)
ACTIVE_WITHIN_SECONDS = 120
_KEYSPACE_NAME = re.compile(r"[a-z][a-z0-9_]{0,47}")
_TABLE_NAME = re.compile(r"CREATE\s+TABLE\s+IF\s+NOT\s+EXISTS\s+(\w+)", re.IGNORECASE)


class MigrationError(Exception):
    """The migrations and the keyspace disagree; a person has to look."""


@dataclass(frozen=True, slots=True)
class Migration:
    name: str
    text: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def statements(self, *, properties: str) -> Sequence[str]:
        return statements_of(Template(self.text).substitute(properties=properties))


def load(folder: Path = FOLDER) -> Sequence[Migration]:
    """Return the migrations in order.

    Raises:
        MigrationError: their numbers do not run 1, 2, 3 without gap or repetition.
    """
    found = [Migration(path.stem, path.read_text()) for path in sorted(folder.glob("*.cql"))]
    numbers = [migration.name.split("_")[0] for migration in found]
    if numbers != [f"{number:04d}" for number in range(1, len(found) + 1)]:
        raise MigrationError(f"migrations are misnumbered: {', '.join(numbers)}")
    return found


def statements_of(text: str) -> Sequence[str]:
    """Split CQL at semicolons, without its comments (which must stand on lines of their own)."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("--")]
    return [part.strip() for part in "\n".join(lines).split(";") if part.strip()]


def migrate(
    address: CassandraAddress,
    *,
    replication_factor: int | None = None,
    folder: Path = FOLDER,
    pause: Callable[[float], None] = time.sleep,
) -> Sequence[str]:
    """Bring a keyspace up to date and return the names of what was applied.

    `replication_factor` creates the keyspace where it is missing, with SimpleStrategy, for a node
    of one's own; on Keyspaces the stack creates it. Runners that overlap repeat each other
    harmlessly, because every statement says IF NOT EXISTS.

    Raises:
        MigrationError: a migration was edited after it was applied, or a table never got ready.
        UnavailableError: no host answers.
    """
    if not _KEYSPACE_NAME.fullmatch(address.keyspace):
        raise MigrationError(f"{address.keyspace!r} is no keyspace name")
    if replication_factor is not None:
        _create_keyspace(address, replication_factor)
    connection = CassandraConnection(address)
    try:
        return _Runner(connection.session(), address, pause).run(load(folder))
    finally:
        connection.close()


def _create_keyspace(address: CassandraAddress, replication_factor: int) -> None:
    connection = CassandraConnection(replace(address, keyspace="system"))
    try:
        connection.session().execute(
            f"CREATE KEYSPACE IF NOT EXISTS {address.keyspace} WITH replication = "
            f"{{'class': 'SimpleStrategy', 'replication_factor': {replication_factor:d}}}"
        )
    finally:
        connection.close()


class _Runner:
    def __init__(
        self, session: Session, address: CassandraAddress, pause: Callable[[float], None]
    ) -> None:
        self._session = session
        self._address = address
        self._pause = pause
        self._properties = KEYSPACES_PROPERTIES if address.is_keyspaces else ""

    def run(self, migrations: Sequence[Migration]) -> Sequence[str]:
        self._apply(statements_of(Template(LEDGER).substitute(properties=self._properties)))
        applied = {row.name: row.checksum for row in self._session.execute(APPLIED)}
        return [migration.name for migration in self._pending(migrations, applied)]

    def _pending(
        self, migrations: Sequence[Migration], applied: dict[str, str]
    ) -> Iterator[Migration]:
        for migration in migrations:
            checksum = applied.get(migration.name)
            if checksum is None:
                self._apply(migration.statements(properties=self._properties))
                self._session.execute(RECORD, (migration.name, migration.checksum))
                yield migration
            elif checksum != migration.checksum:
                raise MigrationError(f"{migration.name} was edited after it was applied")

    def _apply(self, statements: Sequence[str]) -> None:
        for statement in statements:
            self._session.execute(statement, timeout=60)
            created = _TABLE_NAME.search(statement)
            if created and self._address.is_keyspaces:
                self._wait_until_active(created.group(1))

    def _wait_until_active(self, table: str) -> None:
        for _ in range(ACTIVE_WITHIN_SECONDS):
            row = self._session.execute(TABLE_STATUS, (self._address.keyspace, table)).one()
            if row is not None and row.status == "ACTIVE":
                return
            self._pause(1)
        raise MigrationError(f"table {table} did not become active")
