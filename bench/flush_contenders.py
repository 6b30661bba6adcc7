"""The two who write in the flush benchmark. Each function here runs in a process of its own."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from bench import machine, world
from bench.stores import calls_to
from reprise.adapters import cassandra_rows as rows
from reprise.adapters.cassandra_session import CassandraAddress, CassandraConnection
from reprise.adapters.dirty_buffer_redis import RedisDirtyBuffer
from reprise.adapters.place_codec import changes_to_json, place_to_json
from reprise.adapters.places_cassandra import CONCURRENCY, CassandraPlaces
from reprise.application.flush_places import flush_places
from reprise.application.ports import QuarantinedItem
from reprise.domain.flush import RETENTION_SECONDS, DamagedItem, FlushOrder
from reprise.domain.playstate import DirtyItem, ViewingEvent
from tests.flush_builders import make_item

NO_HURRY = 3600.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One order, or as many rows by the driver alone; `cpu` is the process's seconds."""

    rows: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        return self.rows / self.seconds


@dataclass(frozen=True, slots=True)
class _Process:
    buffer: RedisDirtyBuffer
    connection: CassandraConnection


_process: list[_Process] = []


def start(redis_url: str, address: CassandraAddress) -> None:
    """Connect this process, as a function's environment would at its first use."""
    _process.append(_Process(RedisDirtyBuffer(calls_to(redis_url)), CassandraConnection(address)))


def peak() -> int:
    """Return the most bytes that this process ever held."""
    return machine.peak_rss()


def flush(order: FlushOrder) -> Turn:
    """Carry out one order with the real use case."""
    [own] = _process
    wall, cpu = time.perf_counter(), time.process_time()
    report = flush_places(
        order=order,
        buffer=own.buffer,
        durable=CassandraPlaces(own.connection),
        publisher=Nobody(),
        quarantine=NoQuarantine(),
        now_us=world.now_us,
        time_left=lambda: NO_HURRY,
    )
    if report.failed or report.retry:
        raise RuntimeError(f"the flush did not succeed: {report}")
    return Turn(report.rows, time.perf_counter() - wall, time.process_time() - cpu)


def write_rows(count: int) -> Turn:
    """Write that many rows, a third to each table, with the driver's own helper."""
    from cassandra.concurrent import execute_concurrent_with_args  # noqa: PLC0415

    [own] = _process
    now = world.now_us()
    items = [make_item(profile_id=str(uuid4())) for _ in range(count // 3)]
    work = [
        (own.connection.prepared(statement), [values(item, now) for item in items])
        for statement, values in _ROWS.items()
    ]
    session = own.connection.session()
    wall, cpu = time.perf_counter(), time.process_time()
    for statement, rows_of_table in work:
        execute_concurrent_with_args(session, statement, rows_of_table, concurrency=CONCURRENCY)
    return Turn(3 * len(items), time.perf_counter() - wall, time.process_time() - cpu)


class Nobody:
    """The port `EventPublisher`, at no cost."""

    def publish(self, *, events: Sequence[ViewingEvent]) -> Sequence[str]:  # noqa: ARG002
        return ()


class NoQuarantine:
    """The port `QuarantineQueue` where nothing may be poison."""

    def put(self, *, items: Sequence[DirtyItem], reason: Mapping[tuple[str, str], str]) -> None:
        raise RuntimeError(f"{len(items)} poison items: {reason}")

    def put_damaged(self, *, items: Sequence[DamagedItem]) -> None:
        raise RuntimeError(f"{len(items)} damaged items")

    def take(self, *, limit: int) -> Sequence[QuarantinedItem]:  # noqa: ARG002
        return ()

    def discard(self, *, receipts: Sequence[str]) -> None: ...


def _place_row(item: DirtyItem, now: int) -> tuple[Any, ...]:
    place = item.place
    return (
        *(UUID(item.profile_id), UUID(place.video_id), UUID(place.item_id)),
        *(place_to_json(place), place.position, place.completed, place.hidden, place.rev),
        *(place.changed_at // 1000, RETENTION_SECONDS, now),
    )


def _viewing_row(item: DirtyItem, now: int) -> tuple[Any, ...]:
    place = item.place
    return (
        *(UUID(item.profile_id), place.viewing_started_at // 1000, UUID(place.item_id)),
        *(UUID(place.video_id), place.position, place.duration, place.completed),
        *(place.device.id, place.device.type, place.device.name, place.viewed_at // 1000),
        *(changes_to_json(place.changes), place.rev, RETENTION_SECONDS, now),
    )


def _device_row(item: DirtyItem, now: int) -> tuple[Any, ...]:
    [own] = item.devices
    return (
        *(UUID(item.profile_id), UUID(own.video_id), own.device.id, UUID(own.item_id)),
        *(own.position, own.state, own.device.type, own.device.name, own.updated_at // 1000),
        *(RETENTION_SECONDS, now),
    )


_ROWS: Mapping[str, Callable[[DirtyItem, int], tuple[Any, ...]]] = {
    rows.WRITE_PLACE: _place_row,
    rows.WRITE_VIEWING: _viewing_row,
    rows.WRITE_DEVICE: _device_row,
}
