"""The planner orders all that is dirty, the sweep only what was missed; both measure everything."""

import pytest

from reprise.application.plan_flush import plan_flush
from reprise.application.sweep_overdue import sweep_overdue
from reprise.domain.errors import UnavailableError
from reprise.domain.flush import OVERDUE_SECONDS
from tests import flush_builders as make
from tests.fakes.dirty_buffer import FakeDirtyBuffer
from tests.fakes.flush_queue import FakeFlushQueue

SECOND = make.SECOND_US


@pytest.fixture
def buffer() -> FakeDirtyBuffer:
    return FakeDirtyBuffer(now_us=make.NOW_US)


@pytest.fixture
def queue() -> FakeFlushQueue:
    return FakeFlushQueue()


def test_nothing_dirty_sends_nothing(buffer: FakeDirtyBuffer, queue: FakeFlushQueue) -> None:
    plan = plan_flush(buffer=buffer, queue=queue, now_us=buffer.now_us)
    assert (plan.orders, plan.dirty, plan.oldest_age_seconds) == ((), 0, 0.0)
    swept = sweep_overdue(buffer=buffer, queue=queue, now_us=buffer.now_us)
    assert swept.orders == ()
    assert queue.orders == []


def test_a_plan_orders_and_measures_what_is_dirty(
    buffer: FakeDirtyBuffer, queue: FakeFlushQueue
) -> None:
    buffer.store(make.make_item(profile_id=make.an_id(1)))
    buffer.now_us += 5 * SECOND
    buffer.store(make.make_item(profile_id=make.an_id(2)))
    plan = plan_flush(buffer=buffer, queue=queue, now_us=buffer.now_us)
    assert list(plan.orders) == queue.orders
    assert (plan.dirty, plan.left_behind, plan.oldest_age_seconds) == (2, 0, 5.0)
    assert all(order.older_than is None for order in queue.orders)


def test_a_sweep_leaves_fresh_items_to_the_next_plan(
    buffer: FakeDirtyBuffer, queue: FakeFlushQueue
) -> None:
    buffer.store(make.make_item())
    swept = sweep_overdue(buffer=buffer, queue=queue, now_us=buffer.now_us)
    assert (swept.orders, swept.dirty) == ((), 1)


def test_a_sweep_orders_what_was_missed(buffer: FakeDirtyBuffer, queue: FakeFlushQueue) -> None:
    buffer.store(make.make_item())
    buffer.now_us += (OVERDUE_SECONDS + 1) * SECOND
    (order,) = sweep_overdue(buffer=buffer, queue=queue, now_us=buffer.now_us).orders
    assert order.older_than == OVERDUE_SECONDS
    assert queue.orders == [order]


def test_a_sweep_orders_what_a_dead_flusher_left_behind(
    buffer: FakeDirtyBuffer, queue: FakeFlushQueue
) -> None:
    buffer.store(make.make_item())
    buffer.claim(buckets=range(1024), dirty_before=None, limit=10)
    assert sweep_overdue(buffer=buffer, queue=queue, now_us=buffer.now_us).orders == ()
    buffer.now_us += 61 * SECOND
    swept = sweep_overdue(buffer=buffer, queue=queue, now_us=buffer.now_us)
    assert (len(swept.orders), swept.left_behind) == (1, 1)


def test_a_queue_that_is_down_is_told(buffer: FakeDirtyBuffer, queue: FakeFlushQueue) -> None:
    buffer.store(make.make_item())
    queue.down = True
    with pytest.raises(UnavailableError):
        plan_flush(buffer=buffer, queue=queue, now_us=buffer.now_us)
