"""Every profile's list, in PostgreSQL. The row of the profile is the lock of its list."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from reprise.adapters.catalog_postgres import is_catalog_id
from reprise.adapters.postgres import Connection, Postgres
from reprise.application.my_list_ports import Rule, StoredList
from reprise.domain.errors import NotFoundError
from reprise.domain.my_list import LENGTH, TOMBSTONE_DAYS, ListEntry, Removal

MOST_REMOVALS = 500

READ = """
SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
    title_id::text, position, (extract(epoch FROM added_at) * 1000000)::bigint,
    (extract(epoch FROM removed_at) * 1000000)::bigint
FROM (SELECT) AS once LEFT JOIN my_list ON profile_id = %(profile)s
    AND (removed_at IS NULL
        OR removed_at >= timestamptz 'epoch' + %(since)s * interval '1 microsecond')
ORDER BY removed_at DESC NULLS FIRST, position, title_id
LIMIT %(most)s
"""
LOCK = "SELECT FROM profile WHERE id = %(profile)s FOR NO KEY UPDATE"
PUT = """
INSERT INTO my_list (profile_id, title_id, position, added_at)
SELECT %(profile)s, id, %(position)s, clock_timestamp() FROM title WHERE id = %(title)s
ON CONFLICT (profile_id, title_id) DO UPDATE SET
    position = excluded.position,
    added_at = CASE WHEN my_list.removed_at IS NULL
        THEN my_list.added_at ELSE excluded.added_at END,
    removed_at = NULL
"""
MOVE = """
UPDATE my_list SET position = moved.position
FROM unnest(%(titles)s::uuid[], %(positions)s::bigint[]) AS moved (title_id, position)
WHERE profile_id = %(profile)s AND my_list.title_id = moved.title_id
"""
REMOVE = """
UPDATE my_list SET removed_at = clock_timestamp()
WHERE profile_id = %(profile)s AND title_id = %(title)s AND removed_at IS NULL
"""
FORGET = """
DELETE FROM my_list WHERE profile_id = %(profile)s
    AND removed_at < clock_timestamp() - make_interval(days => %(days)s)
"""


class PostgresMyLists:
    """The port `MyLists`. Every method raises `UnavailableError` where the database fails."""

    def __init__(self, *, postgres: Postgres) -> None:
        self._postgres = postgres

    def read(self, *, profile_id: str, removed_since: int | None = None) -> StoredList:
        return self._postgres.run(
            lambda connection: _read(connection, UUID(profile_id), removed_since)
        )

    def put(self, *, profile_id: str, video_id: str, rule: Rule) -> Sequence[ListEntry]:
        def work(connection: Connection) -> Sequence[ListEntry]:
            profile = UUID(profile_id)
            if not (is_catalog_id(video_id) and _locked(connection, profile)):
                raise NotFoundError("there is no such title")
            orders = rule(_read(connection, profile, None).entries)
            _write(connection, profile, video_id, orders)
            connection.execute(FORGET, {"profile": profile, "days": TOMBSTONE_DAYS})
            return _read(connection, profile, None).entries

        return self._postgres.run(work)

    def remove(self, *, profile_id: str, video_id: str) -> None:
        def work(connection: Connection) -> None:
            profile = UUID(profile_id)
            if _locked(connection, profile):
                connection.execute(REMOVE, {"profile": profile, "title": video_id})
                connection.execute(FORGET, {"profile": profile, "days": TOMBSTONE_DAYS})

        if is_catalog_id(video_id):
            self._postgres.run(work)


def _locked(connection: Connection, profile: UUID) -> bool:
    return connection.execute(LOCK, {"profile": profile}).rowcount == 1


def _read(connection: Connection, profile: UUID, removed_since: int | None) -> StoredList:
    most = LENGTH if removed_since is None else LENGTH + MOST_REMOVALS
    parameters = {"profile": profile, "since": removed_since, "most": most}
    rows: list[tuple[Any, ...]] = connection.execute(READ, parameters).fetchall()
    found = [row[1:] for row in rows if row[1] is not None]
    return StoredList(
        entries=[ListEntry(*row[:3]) for row in found if row[3] is None],
        removals=[Removal(row[0], row[3]) for row in found if row[3] is not None],
        read_at=rows[0][0],
    )


def _write(connection: Connection, profile: UUID, video_id: str, orders: Mapping[str, int]) -> None:
    """Raises:
    NotFoundError: the catalog lost the title since it was looked up.
    """
    moved = dict(orders)
    own = moved.pop(video_id, None)
    if own is not None:
        values = {"profile": profile, "title": video_id, "position": own}
        if connection.execute(PUT, values).rowcount == 0:
            raise NotFoundError("there is no such title")
    if moved:
        titles, positions = list(moved), list(moved.values())
        connection.execute(MOVE, {"profile": profile, "titles": titles, "positions": positions})
