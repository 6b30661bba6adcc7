"""Whatever is put, moved and taken out: the list is in the order that its viewer was shown."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.my_list import ListEntry, orders_to_write

IDS = "abcdefgh"
PUTS = st.tuples(st.just("put"), st.sampled_from(IDS), st.none() | st.integers(0, 9))
REMOVALS = st.tuples(st.just("remove"), st.sampled_from(IDS), st.none())


class Shelf:
    """A list as it is stored, with a small gap so that there soon is no room between keys."""

    def __init__(self) -> None:
        self.orders: dict[str, int] = {}
        self.written = 0

    @property
    def entries(self) -> list[ListEntry]:
        found = [ListEntry(video_id, order, 0) for video_id, order in self.orders.items()]
        return sorted(found, key=lambda entry: entry.order)

    def put(self, video_id: str, position: int | None, hidden: set[str]) -> int:
        change = orders_to_write(self.entries, video_id, position=position, hidden=hidden)
        self.orders |= change
        return len(change)


def put_as_told(shown: list[str], video_id: str, position: int | None) -> list[str]:
    """What a client does on its own screen."""
    if position is None:
        return shown if video_id in shown else [video_id, *shown]
    rest = [each for each in shown if each != video_id]
    return [*rest[:position], video_id, *rest[position:]]


@given(st.lists(PUTS | REMOVALS, max_size=60), st.sets(st.sampled_from(IDS), max_size=4))
def test_the_list_is_what_a_client_shows(acts: list[Any], hidden: set[str]) -> None:
    """Hidden titles are never named by a client, and are in the list from the start."""
    shelf = Shelf()
    for video_id in sorted(hidden):
        shelf.put(video_id, None, set())
    shown: list[str] = []
    for act, video_id, position in acts:
        if video_id in hidden:
            continue
        if act == "remove":
            shelf.orders.pop(video_id, None)
            shown = [each for each in shown if each != video_id]
        else:
            shelf.put(video_id, position, hidden)
            shown = put_as_told(shown, video_id, position)
        stored = [entry.video_id for entry in shelf.entries]
        assert [each for each in stored if each not in hidden] == shown
        assert hidden <= set(stored)
        assert len(set(shelf.orders.values())) == len(shelf.orders)


@given(st.lists(PUTS, min_size=1, max_size=60))
def test_putting_a_title_where_it_is_writes_nothing(acts: list[Any]) -> None:
    shelf = Shelf()
    for _, video_id, position in acts:
        shelf.put(video_id, position, set())
        before = dict(shelf.orders)
        there = [entry.video_id for entry in shelf.entries].index(video_id)
        assert shelf.put(video_id, there, set()) == 0
        assert shelf.put(video_id, None, set()) == 0
        assert shelf.orders == before


@given(st.permutations(IDS), st.integers(0, 7), st.integers(0, 7))
def test_a_move_writes_one_row_and_moves_no_other(order: list[str], which: int, to: int) -> None:
    shelf = Shelf()
    for video_id in order:
        shelf.put(video_id, 99, set())
    moved = order[which]
    assert shelf.put(moved, to, set()) == (which != to)
    others = [each for each in order if each != moved]
    stored = [entry.video_id for entry in shelf.entries]
    assert [each for each in stored if each != moved] == others
    assert stored.index(moved) == to


def test_a_thousand_moves_into_the_same_gap_renumber_seldom() -> None:
    shelf = Shelf()
    for video_id in IDS:
        shelf.put(video_id, 99, set())
    writes = [shelf.put("gh"[turn % 2], 1, set()) for turn in range(1000)]
    assert writes.count(1) > 900
    assert set(writes) <= {1, len(IDS)}
