"""The three tables' statements and rows: the only place that knows their column names.

A place's rows are written with its own `written_at` as the timestamp, so writes that arrive twice,
late or in the wrong order leave the newest state, whatever the flushers do. `bind_item` puts all
rows of one profile's partition into one request: Cassandra applies those as one mutation.
"""

import calendar
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from reprise.adapters.cassandra_session import CassandraConnection
from reprise.adapters.place_codec import (
    CorruptPlaceError,
    changes_from_json,
    changes_to_json,
    place_to_json,
)
from reprise.domain.flush import time_to_live
from reprise.domain.identity import Device
from reprise.domain.playstate import Change, DevicePosition, DirtyItem, Place, Viewing

_NOBODYS = UUID(int=0)
"""The id of no title and no item."""

_NO_DEVICE = "-"

BATCH_LIMIT = 30
"""Statements in one unlogged batch; Keyspaces takes no more."""

WRITE_VIEWING = (
    "INSERT INTO user_watch_history (profile_id, watched_at, item_id, video_id, position, duration,"
    " completed, device_id, device_type, device_name, last_watched_at, changes, rev)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TTL ? AND TIMESTAMP ?"
)
WRITE_PLACE = (
    "INSERT INTO latest_position (profile_id, video_id, item_id, place, position, completed,"
    " hidden, rev, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) USING TTL ? AND TIMESTAMP ?"
)
WRITE_DEVICE = (
    "INSERT INTO watch_position_by_device (profile_id, video_id, device_id, item_id, position,"
    " state, device_type, device_name, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " USING TTL ? AND TIMESTAMP ?"
)
CONTROLS = (
    "DELETE FROM latest_position WHERE profile_id = ? AND video_id = ? AND item_id = ?",
    "DELETE FROM user_watch_history WHERE profile_id = ? AND watched_at = ? AND item_id = ?",
    (
        "DELETE FROM watch_position_by_device"
        " WHERE profile_id = ? AND video_id = ? AND device_id = ? AND item_id = ?"
    ),
)
"""Rows that never exist, deleted in each partition that an item writes to: whole writes, to the
same replicas, of which nothing is left to see."""

PLACES = "SELECT place FROM latest_position WHERE profile_id = ?"
PLACES_OF_TITLE = f"{PLACES} AND video_id = ?"
PLACE = f"{PLACES_OF_TITLE} AND item_id = ?"
_VIEWINGS = (
    "SELECT watched_at, item_id, video_id, position, duration, completed, device_id, device_type,"
    " device_name, last_watched_at, changes, rev, WRITETIME(position) AS changed_at"
    " FROM user_watch_history WHERE profile_id = ?"
)
VIEWINGS = f"{_VIEWINGS} LIMIT ?"
VIEWINGS_SAME_START = f"{_VIEWINGS} AND watched_at = ? AND item_id > ? LIMIT ?"
VIEWINGS_BEFORE = f"{_VIEWINGS} AND watched_at < ? LIMIT ?"


def bind_item(connection: CassandraConnection, item: DirtyItem, *, now: int) -> Sequence[Any]:
    """Return the requests that make an item durable, bound but not sent.

    Raises:
        UnavailableError: a statement could not be prepared.
        ValueError, TypeError, OverflowError, struct.error: a value that no column takes.
    """
    profile = UUID(item.profile_id)
    viewings = (*item.closed_viewings, item.place.viewing())
    write_place = connection.prepared(WRITE_PLACE)
    write_viewing = connection.prepared(WRITE_VIEWING)
    write_device = connection.prepared(WRITE_DEVICE)
    return [
        *_requests(
            [
                write_place.bind(_place_row(profile, item.place, now=now)),
                *(write_viewing.bind(_viewing_row(profile, each, now=now)) for each in viewings),
            ]
        ),
        *_requests(
            [write_device.bind(_device_row(profile, each, now=now)) for each in item.devices]
        ),
    ]


def bind_controls(connection: CassandraConnection, item: DirtyItem) -> Sequence[Any]:
    """Return writes to the partitions of an item that change nothing there.

    Raises:
        UnavailableError: a statement could not be prepared.
        ValueError: an id is no UUID.
    """
    profile, video = uuids(item.profile_id, item.place.video_id)
    keys = (
        (profile, _NOBODYS, _NOBODYS),
        (profile, 0, _NOBODYS),
        (profile, video, _NO_DEVICE, _NOBODYS),
    )
    return [
        connection.prepared(statement).bind(key)
        for statement, key in zip(CONTROLS, keys, strict=True)
    ]


def viewing_from_row(row: Any, *, on_corrupt: Callable[[], None]) -> Viewing:
    """Return a viewing; changes that can't be read are left out and reported."""
    try:
        changes: tuple[Change, ...] = changes_from_json(row.changes or "[]")
    except CorruptPlaceError:
        on_corrupt()
        changes = ()
    return Viewing(
        video_id=str(row.video_id),
        item_id=str(row.item_id),
        started_at=_microseconds(row.watched_at),
        last_watched_at=_microseconds(row.last_watched_at),
        position=row.position,
        duration=row.duration,
        completed=row.completed,
        device=Device(id=row.device_id, type=row.device_type, name=row.device_name),
        rev=row.rev,
        changed_at=row.changed_at,
        changes=changes,
    )


def history_queries(
    *, profile_id: str, before: tuple[int, str] | None
) -> Sequence[tuple[str, tuple[Any, ...]]]:
    """Return the statements that follow a cursor, each still to be given its limit.

    The clustering order is mixed (start falling, item rising), which one comparison can't express.
    """
    profile = uuids(profile_id)
    if before is None:
        return ((VIEWINGS, profile),)
    start, item_id = milliseconds(before[0]), uuids(before[1])
    return (
        (VIEWINGS_SAME_START, (*profile, start, *item_id)),
        (VIEWINGS_BEFORE, (*profile, start)),
    )


def cursor_of(row: Any) -> tuple[int, str]:
    return _microseconds(row.watched_at), str(row.item_id)


def uuids(*texts: str) -> tuple[UUID, ...]:
    """Return the keys' form of ids.

    Raises:
        ValueError: one is no UUID; ids of the catalog and of profiles always are.
    """
    return tuple(UUID(text) for text in texts)


def is_whole(row: Any) -> bool:
    """Say whether a viewing's row has every column that its reader needs."""
    needed = (
        row.video_id,
        row.position,
        row.duration,
        row.completed,
        row.device_id,
        row.device_type,
        row.device_name,
        row.last_watched_at,
        row.rev,
    )
    return None not in needed


def milliseconds(instant: int) -> int:
    """Return the driver's form of a `timestamp` for an instant in µs."""
    return instant // 1000


def _requests(statements: Sequence[Any]) -> Iterator[Any]:
    """Yield one partition's statements in as few requests as may be."""
    from cassandra import ConsistencyLevel  # noqa: PLC0415
    from cassandra.query import BatchStatement, BatchType  # noqa: PLC0415

    if len(statements) == 1:
        yield statements[0]
        return
    for start in range(0, len(statements), BATCH_LIMIT):
        batch = BatchStatement(BatchType.UNLOGGED, consistency_level=ConsistencyLevel.LOCAL_QUORUM)
        for statement in statements[start : start + BATCH_LIMIT]:
            batch.add(statement)
        yield batch


def _place_row(profile: UUID, place: Place, *, now: int) -> tuple[Any, ...]:
    return (
        profile,
        UUID(place.video_id),
        UUID(place.item_id),
        place_to_json(place),
        place.position,
        place.completed,
        place.hidden,
        place.rev,
        milliseconds(place.changed_at),
        time_to_live(last_watched_at=place.viewed_at, now=now),
        place.written_at,
    )


def _viewing_row(profile: UUID, viewing: Viewing, *, now: int) -> tuple[Any, ...]:
    return (
        profile,
        milliseconds(viewing.started_at),
        UUID(viewing.item_id),
        UUID(viewing.video_id),
        viewing.position,
        viewing.duration,
        viewing.completed,
        viewing.device.id,
        viewing.device.type,
        viewing.device.name,
        milliseconds(viewing.last_watched_at),
        changes_to_json(viewing.changes),
        viewing.rev,
        time_to_live(last_watched_at=viewing.last_watched_at, now=now),
        viewing.changed_at,
    )


def _device_row(profile: UUID, position: DevicePosition, *, now: int) -> tuple[Any, ...]:
    return (
        profile,
        UUID(position.video_id),
        position.device.id,
        UUID(position.item_id),
        position.position,
        position.state,
        position.device.type,
        position.device.name,
        milliseconds(position.updated_at),
        time_to_live(last_watched_at=position.updated_at, now=now),
        position.updated_at,
    )


def _microseconds(instant: datetime) -> int:
    """Return µs for the driver's naive UTC datetimes, without a float in between."""
    return calendar.timegm(instant.timetuple()) * 1_000_000 + instant.microsecond
