"""Order a flush of everything that is dirty: what the clock asks for every five minutes."""

from collections.abc import Mapping
from dataclasses import dataclass

from reprise.application.ports import DirtyBuffer, FlushQueue
from reprise.domain.flush import Backlog, FlushOrder, age_seconds, orders_for


@dataclass(frozen=True, slots=True)
class FlushPlan:
    """What a look at the buffer found and ordered."""

    orders: tuple[FlushOrder, ...]
    dirty: int
    left_behind: int
    oldest_age_seconds: float


def plan_flush(*, buffer: DirtyBuffer, queue: FlushQueue, now_us: int) -> FlushPlan:
    """Send one order per range of buckets that has anything dirty; `now_us` is for the age.

    Raises:
        UnavailableError: the buffer or the queue does not answer; the next look repeats it.
    """
    backlog = buffer.backlog()
    orders = tuple(orders_for(backlog=backlog))
    if orders:
        queue.send(orders=orders)
    return plan_of(backlog=backlog, orders=orders, now_us=now_us)


def plan_of(
    *, backlog: Mapping[int, Backlog], orders: tuple[FlushOrder, ...], now_us: int
) -> FlushPlan:
    oldest = min((found.oldest for found in backlog.values()), default=None)
    return FlushPlan(
        orders=orders,
        dirty=sum(found.dirty for found in backlog.values()),
        left_behind=sum(found.expired for found in backlog.values()),
        oldest_age_seconds=age_seconds(oldest_us=oldest, now_us=now_us),
    )
