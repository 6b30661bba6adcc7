"""Order a flush of what should have been flushed and was not: missed, or left by a dead flusher."""

from reprise.application.plan_flush import FlushPlan, plan_of
from reprise.application.ports import DirtyBuffer, FlushQueue
from reprise.domain.flush import OVERDUE_SECONDS, orders_for, overdue


def sweep_overdue(*, buffer: DirtyBuffer, queue: FlushQueue, now_us: int) -> FlushPlan:
    """Send orders for overdue items only; the counts are of everything dirty.

    Raises:
        UnavailableError: the buffer or the queue does not answer; the next sweep repeats it.
    """
    backlog = buffer.backlog()
    missed = overdue(backlog=backlog, now_us=now_us)
    orders = tuple(orders_for(backlog=missed, older_than=OVERDUE_SECONDS))
    if orders:
        queue.send(orders=orders)
    return plan_of(backlog=backlog, orders=orders, now_us=now_us)
