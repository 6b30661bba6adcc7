"""`DurableErasure` in Cassandra or Keyspaces: whole partitions, under a timestamp of their own.

A flusher may hold items that it claimed before the deletion. Its writes carry older timestamps than
the deletion, so they change nothing, however late they come. Keyspaces deletes at most a thousand
rows with one statement, so the rows of a fuller partition are deleted one by one before it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from reprise.adapters.cassandra_rows import uuids
from reprise.adapters.cassandra_session import CassandraConnection, unavailable

ROWS_PER_STATEMENT = 1_000
CONCURRENCY = 64
PAGE = 1_000


@dataclass(frozen=True, slots=True)
class _Table:
    """One table's statements; `rows` reads the clustering columns of a partition."""

    name: str
    rows: str
    delete_row: str
    delete_partition: str


_PLACES = _Table(
    "latest_position",
    "SELECT video_id, item_id FROM latest_position WHERE profile_id = ?",
    "DELETE FROM latest_position USING TIMESTAMP ?"
    " WHERE profile_id = ? AND video_id = ? AND item_id = ?",
    "DELETE FROM latest_position USING TIMESTAMP ? WHERE profile_id = ?",
)
_VIEWINGS = _Table(
    "user_watch_history",
    "SELECT watched_at, item_id FROM user_watch_history WHERE profile_id = ?",
    "DELETE FROM user_watch_history USING TIMESTAMP ?"
    " WHERE profile_id = ? AND watched_at = ? AND item_id = ?",
    "DELETE FROM user_watch_history USING TIMESTAMP ? WHERE profile_id = ?",
)
_DEVICES = _Table(
    "watch_position_by_device",
    "SELECT device_id, item_id FROM watch_position_by_device WHERE profile_id = ? AND video_id = ?",
    "DELETE FROM watch_position_by_device USING TIMESTAMP ?"
    " WHERE profile_id = ? AND video_id = ? AND device_id = ? AND item_id = ?",
    "DELETE FROM watch_position_by_device USING TIMESTAMP ? WHERE profile_id = ? AND video_id = ?",
)
_TITLES = "SELECT video_id, item_id FROM user_watch_history WHERE profile_id = ?"

type Statement = tuple[str, Sequence[Any]]


class CassandraErasure:
    """Every method raises `UnavailableError` where a statement did not get through."""

    def __init__(
        self, connection: CassandraConnection, *, rows_per_statement: int = ROWS_PER_STATEMENT
    ) -> None:
        self._connection = connection
        self._rows_per_statement = rows_per_statement

    def items(self, *, profile_id: str) -> Collection[tuple[str, str]]:
        profile = uuids(profile_id)
        found = [row for text in (_PLACES.rows, _TITLES) for row in self._read(text, profile)]
        return {(str(row.video_id), str(row.item_id)) for row in found if row.video_id is not None}

    def erase(self, *, profile_id: str, video_ids: Collection[str], at: int) -> Mapping[str, int]:
        (profile,) = uuids(profile_id)
        partitions: list[tuple[_Table, tuple[UUID, ...]]] = [
            (_VIEWINGS, (profile,)),
            (_PLACES, (profile,)),
        ]
        partitions += [(_DEVICES, (profile, video)) for video in _titles(video_ids)]
        counted = {table.name: 0 for table in (_VIEWINGS, _PLACES, _DEVICES)}
        deletions: list[Statement] = []
        for table, keys in partitions:
            rows = [tuple(row) for row in self._read(table.rows, keys)]
            counted[table.name] += len(rows)
            if len(rows) > self._rows_per_statement:
                self._execute([(table.delete_row, (at, *keys, *row)) for row in rows])
            deletions.append((table.delete_partition, (at, *keys)))
        self._execute(deletions)
        return counted

    def _read(self, statement: str, values: Sequence[Any]) -> Sequence[Any]:
        """Read all pages; a page may come short while more follow."""
        from cassandra import DriverException  # noqa: PLC0415
        from cassandra.cluster import NoHostAvailable  # noqa: PLC0415

        bound = self._connection.prepared(statement).bind(values)
        bound.fetch_size = PAGE
        try:
            return list(self._connection.session().execute(bound))
        except (DriverException, NoHostAvailable) as error:
            raise unavailable("the watch history does not answer") from error

    def _execute(self, statements: Iterable[Statement]) -> None:
        from cassandra.concurrent import execute_concurrent  # noqa: PLC0415

        bound = [(self._connection.prepared(text), values) for text, values in statements]
        results = execute_concurrent(
            self._connection.session(), bound, concurrency=CONCURRENCY, raise_on_first_error=False
        )
        for succeeded, error in results:
            if not succeeded:
                raise unavailable("the watch history did not take a deletion") from error


def _titles(video_ids: Collection[str]) -> Iterator[UUID]:
    """Ids that are none are of no title that the history could have."""
    for video_id in sorted(video_ids):
        try:
            yield UUID(video_id)
        except ValueError:
            continue
