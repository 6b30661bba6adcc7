"""However long it waits, an outbox stays small and no watched second is lost."""

from collections.abc import Sequence

import pytest

from reprise.domain.outbox import KEPT, MOST, Watched, with_interval

HOUR = 3600.0


def outbox(*watched: Watched, duration: float = HOUR) -> tuple[Watched, ...]:
    kept: tuple[Watched, ...] = ()
    for each in watched:
        kept = with_interval(kept, each, duration=duration)
    return kept


def seconds(watched: Sequence[Watched]) -> float:
    return sum(each.end - each.start for each in watched)


def seeks(count: int, *, step: float = 10.0) -> list[Watched]:
    """A player that jumps and plays a second."""
    return [Watched(n * step, n * step + 1, "pb-1") for n in range(count)]


def test_what_touches_is_one() -> None:
    assert outbox(Watched(0, 30, "pb-1"), Watched(30, 60, "pb-1")) == (Watched(0, 60, "pb-1"),)


@pytest.mark.parametrize("other", [Watched(31, 60, "pb-1"), Watched(30, 60, "pb-2")])
def test_what_does_not_touch_stays_apart(other: Watched) -> None:
    assert outbox(Watched(0, 30, "pb-1"), other) == (Watched(0, 30, "pb-1"), other)


def test_as_many_as_fit_are_kept_as_they_are() -> None:
    assert outbox(*seeks(MOST)) == tuple(seeks(MOST))


def test_an_endless_seeker_costs_no_more_than_so_many_and_loses_no_second() -> None:
    kept: tuple[Watched, ...] = ()
    for each in seeks(5_000, step=0.5):
        kept = with_interval(kept, each, duration=3 * HOUR)
        assert len(kept) <= MOST
    assert seconds(kept) == pytest.approx(5_000)
    assert {each.lost for each in kept} == {0.0}


def test_one_too_many_joins_the_nearest_and_counts_them() -> None:
    near = [Watched(1000 + 2 * n, 1001 + 2 * n, "pb-1") for n in range(MOST - KEPT + 1)]
    far = [Watched(2000 + 9 * n, 2001 + 9 * n, "pb-1") for n in range(KEPT - 1)]
    last = Watched(5, 6, "pb-1")
    joined = Watched(1000, 1000 + len(near), "pb-1", joins=len(near) - 1)
    assert outbox(*near, *far, last) == (joined, *far, last)


def test_a_gap_of_nothing_hides_nothing() -> None:
    backwards = [Watched(MOST - n, MOST - n + 1, "pb-1") for n in range(MOST)]
    kept = outbox(*backwards, Watched(0, 1, "pb-1"))
    assert {each.joins for each in kept} == {0}
    assert (len(kept), seconds(kept)) == (KEPT + 1, MOST + 1)


def test_what_was_watched_twice_counts_twice() -> None:
    kept = outbox(*[Watched(10, 20, "pb-1")] * (MOST + 1))
    assert seconds(kept) == 10 * (MOST + 1)
    assert sum(each.joins for each in kept) == MOST - KEPT


def test_a_join_stays_within_the_title() -> None:
    kept = outbox(*[Watched(HOUR - 10, HOUR, "pb-1")] * (MOST + 1))
    assert min(each.start for each in kept) >= 0
    assert max(each.end for each in kept) == HOUR
    assert seconds(kept) == 10 * (MOST + 1)


def test_only_what_nobody_can_have_watched_is_dropped_and_counted() -> None:
    kept = outbox(*[Watched(0, HOUR, "pb-1")] * (MOST + 1))
    assert {(each.start, each.end) for each in kept} == {(0, HOUR)}
    assert seconds(kept) + sum(each.lost for each in kept) == HOUR * (MOST + 1)


def test_playbacks_are_mixed_only_where_nothing_else_is_left() -> None:
    pairs = [Watched(n, n + 1, f"pb-{n // 2}") for n in range(0, 2 * MOST, 2)]
    kept = outbox(*pairs, Watched(0, 1, "pb-new"))
    assert len(kept) == KEPT + 1
    assert seconds(kept) == MOST + 1
    apart = [Watched(0, 1, f"pb-{n}") for n in range(MOST)]
    kept = outbox(*apart, Watched(0, 1, "pb-new"))
    assert (len(kept), seconds(kept)) == (KEPT + 1, MOST + 1)
