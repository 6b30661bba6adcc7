"""How what is dirty becomes durable: which orders, for how long, which event ids, when to stop.

A flusher claims dirty items with a lease, writes them, publishes their events and acknowledges the
versions it wrote. Whatever it does not acknowledge stays dirty, so every number here trades speed
or noise, never safety.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reprise.domain.buckets import BUCKETS, bucket_of
from reprise.domain.playstate import DirtyItem, ViewingEvent

RETENTION_SECONDS = 7_776_000
"""Ninety days: how long the history keeps what was last watched then."""

LEASE_SECONDS = 60
"""How long a claimed item belongs to its flusher; a dead flusher's items wait as long."""

OVERDUE_SECONDS = 360
"""One flush interval and a minute: what is dirty for longer was missed, and is swept."""

RANGES = 16
ITEMS_PER_ORDER = 20_000
"""What one flusher writes well within its time; fuller ranges are halved down to one bucket."""

ITEMS_PER_CLAIM = 200
URGENT_ROUNDS = 3
MAX_ATTEMPTS = 8
_US = 1_000_000


@dataclass(frozen=True, slots=True)
class FlushOrder:
    """One message to a flusher: a range of buckets, or the items of one profile.

    `older_than` (seconds) restricts a sweep to what should have been flushed and was not.
    """

    first_bucket: int
    last_bucket: int
    profile_id: str | None = None
    item_ids: tuple[str, ...] = ()
    older_than: int | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """What one bucket has to flush: dirty items, items whose lease ran out, µs of the oldest."""

    dirty: int
    expired: int
    oldest: int

    @property
    def items(self) -> int:
        return self.dirty + self.expired


@dataclass(frozen=True, slots=True)
class DamagedItem:
    """A claimed item whose live state can't be read: why, and its fields as they are.

    `version` is None where even that can't be read.
    """

    profile_id: str
    item_id: str
    version: int | None
    reason: str
    fields: Mapping[str, str]


def orders_for(
    *, backlog: Mapping[int, Backlog], older_than: int | None = None
) -> Sequence[FlushOrder]:
    """Return one order per range of buckets that has anything, fuller ranges in smaller pieces."""
    width = BUCKETS // RANGES
    orders: list[FlushOrder] = []
    for first in range(0, BUCKETS, width):
        orders.extend(_split(backlog, first, first + width - 1, older_than))
    return orders


def urgent_order(*, profile_id: str, item_ids: Sequence[str]) -> FlushOrder:
    """Return the order that makes exactly these items durable now: someone paused or stopped."""
    bucket = bucket_of(profile_id)
    return FlushOrder(
        first_bucket=bucket,
        last_bucket=bucket,
        profile_id=profile_id,
        item_ids=tuple(item_ids),
    )


def overdue(*, backlog: Mapping[int, Backlog], now_us: int) -> Mapping[int, Backlog]:
    """Return the buckets where something was missed: too old, or left behind by a dead flusher."""
    limit = now_us - OVERDUE_SECONDS * _US
    return {
        bucket: found
        for bucket, found in backlog.items()
        if found.expired or (found.dirty and found.oldest < limit)
    }


def dirty_before(*, order: FlushOrder, started_us: int) -> int:
    """Return the instant (µs) before which an item must have become dirty to be claimed.

    What becomes dirty again while the flush runs waits for the next one, so that a flush ends.
    """
    return started_us - (order.older_than or 0) * _US


def age_seconds(*, oldest_us: int | None, now_us: int) -> float:
    return 0.0 if oldest_us is None else max(0.0, (now_us - oldest_us) / _US)


def time_to_live(*, last_watched_at: int, now: int) -> int:
    """Return the seconds a row still lives: ninety days from when it was last watched (µs)."""
    spent = max(0, now - last_watched_at) // _US
    return max(1, RETENTION_SECONDS - spent)


def rows_of(item: DirtyItem) -> int:
    """Return how many durable rows an item makes over the three tables."""
    return 2 + len(item.closed_viewings) + len(item.devices)


def event_of(item: DirtyItem) -> ViewingEvent:
    """Return the event of a claimed item; its id names the frozen outbox, so it is stable."""
    return ViewingEvent(
        event_id=f"{item.profile_id}:{item.item_id}:{item.batch}",
        profile_id=item.profile_id,
        place=item.place,
        intervals=item.intervals,
        completed_viewings=item.completions,
    )


def is_exhausted(item: DirtyItem) -> bool:
    """Say whether the failure that just happened was the last one an item may have."""
    return item.attempts + 1 >= MAX_ATTEMPTS


def _split(
    backlog: Mapping[int, Backlog], first: int, last: int, older_than: int | None
) -> Sequence[FlushOrder]:
    items = sum(found.items for bucket in range(first, last + 1) if (found := backlog.get(bucket)))
    if not items:
        return ()
    if items <= ITEMS_PER_ORDER or first == last:
        return (FlushOrder(first_bucket=first, last_bucket=last, older_than=older_than),)
    middle = (first + last) // 2
    return (
        *_split(backlog, first, middle, older_than),
        *_split(backlog, middle + 1, last, older_than),
    )
