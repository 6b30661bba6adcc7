"""Which orders a backlog makes, how long rows live, what an event is called."""

from reprise.domain.buckets import BUCKETS, bucket_of
from reprise.domain.flush import (
    ITEMS_PER_ORDER,
    MAX_ATTEMPTS,
    OVERDUE_SECONDS,
    RETENTION_SECONDS,
    Backlog,
    FlushOrder,
    age_seconds,
    dirty_before,
    event_of,
    is_exhausted,
    orders_for,
    overdue,
    rows_of,
    time_to_live,
    urgent_order,
)
from tests import flush_builders as make

NOW = make.NOW_US
SECOND = make.SECOND_US


def backlog(dirty: int = 1, expired: int = 0, oldest: int = NOW) -> Backlog:
    return Backlog(dirty=dirty, expired=expired, oldest=oldest)


def test_an_empty_buffer_makes_no_order() -> None:
    assert orders_for(backlog={}) == []


def test_every_range_of_64_buckets_with_anything_makes_one_order() -> None:
    orders = orders_for(backlog={0: backlog(), 63: backlog(), 64: backlog(), 1023: backlog()})
    assert orders == [FlushOrder(0, 63), FlushOrder(64, 127), FlushOrder(960, 1023)]


def test_a_full_range_is_halved_until_its_parts_are_small_or_one_bucket() -> None:
    orders = orders_for(backlog={5: backlog(dirty=ITEMS_PER_ORDER + 1), 40: backlog()})
    assert FlushOrder(5, 5) in orders
    assert FlushOrder(32, 63) in orders
    assert len(orders) == 2


def test_orders_cover_every_dirty_bucket_once() -> None:
    found = {bucket: backlog(dirty=bucket * 50) for bucket in range(1, BUCKETS)}
    covered = [
        bucket
        for order in orders_for(backlog=found)
        for bucket in range(order.first_bucket, order.last_bucket + 1)
    ]
    assert len(covered) == len(set(covered))
    assert set(found) <= set(covered)


def test_a_sweep_says_how_old_an_item_must_be() -> None:
    (order,) = orders_for(backlog={70: backlog()}, older_than=360)
    assert order == FlushOrder(64, 127, older_than=360)


def test_an_urgent_order_names_the_items_and_their_bucket() -> None:
    order = urgent_order(profile_id=make.PROFILE, item_ids=["a", "b"])
    bucket = bucket_of(make.PROFILE)
    assert order == FlushOrder(bucket, bucket, profile_id=make.PROFILE, item_ids=("a", "b"))


def test_only_old_items_and_broken_leases_are_overdue() -> None:
    limit = NOW - OVERDUE_SECONDS * SECOND
    found = {
        1: backlog(oldest=limit - 1),
        2: backlog(oldest=limit),
        3: backlog(dirty=0, expired=1),
    }
    assert set(overdue(backlog=found, now_us=NOW)) == {1, 3}


def test_a_flush_claims_what_was_dirty_when_it_started() -> None:
    assert dirty_before(order=FlushOrder(0, 1), started_us=NOW) == NOW
    assert dirty_before(order=FlushOrder(0, 1, older_than=2), started_us=NOW) == NOW - 2 * SECOND


def test_an_age_is_never_negative_and_nothing_has_none() -> None:
    assert age_seconds(oldest_us=NOW - 2 * SECOND, now_us=NOW) == 2.0
    assert age_seconds(oldest_us=NOW + SECOND, now_us=NOW) == 0.0
    assert age_seconds(oldest_us=None, now_us=NOW) == 0.0


def test_a_row_lives_ninety_days_from_when_it_was_last_watched() -> None:
    assert time_to_live(last_watched_at=NOW, now=NOW) == RETENTION_SECONDS
    assert time_to_live(last_watched_at=NOW - 10 * SECOND, now=NOW) == RETENTION_SECONDS - 10
    assert time_to_live(last_watched_at=NOW + 10 * SECOND, now=NOW) == RETENTION_SECONDS
    assert time_to_live(last_watched_at=0, now=NOW) == 1


def test_an_item_makes_one_row_per_table_and_one_per_closed_viewing() -> None:
    assert rows_of(make.make_item()) == 3
    assert rows_of(make.make_item(devices=(), closed_viewings=(make.make_viewing(),))) == 3


def test_an_event_is_named_by_its_frozen_outbox() -> None:
    item = make.make_item(batch=42, completions=(7,))
    event = event_of(item)
    assert event.event_id == f"{make.PROFILE}:{item.item_id}:42"
    assert (event.place, event.intervals) == (item.place, item.intervals)
    assert event.completed_viewings == (7,)


def test_the_last_attempt_is_the_last() -> None:
    assert not is_exhausted(make.make_item(attempts=MAX_ATTEMPTS - 2))
    assert is_exhausted(make.make_item(attempts=MAX_ATTEMPTS - 1))
