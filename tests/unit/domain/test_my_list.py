"""The order of my list: what one move writes, and what a page begins with."""

import pytest

from reprise.domain.errors import ConflictError
from reprise.domain.my_list import GAP, LENGTH, ListEntry, following, orders_to_write


def entries(*ids: str, step: int = GAP) -> list[ListEntry]:
    return [ListEntry(video_id, number * step, 0) for number, video_id in enumerate(ids)]


def ordered(before: list[ListEntry], written: dict[str, int]) -> str:
    orders = {entry.video_id: entry.order for entry in before} | written
    return "".join(sorted(orders, key=lambda video_id: orders[video_id]))


@pytest.mark.parametrize(
    ("video_id", "position", "result"),
    [
        ("x", None, "xabcd"),
        ("c", None, "abcd"),
        ("x", 0, "xabcd"),
        ("x", 2, "abxcd"),
        ("x", 4, "abcdx"),
        ("x", 400, "abcdx"),
        ("a", 0, "abcd"),
        ("a", 1, "bacd"),
        ("a", 3, "bcda"),
        ("a", 99, "bcda"),
        ("d", 0, "dabc"),
        ("d", 3, "abcd"),
        ("c", 1, "acbd"),
    ],
)
def test_a_title_goes_where_it_is_put(video_id: str, position: int | None, result: str) -> None:
    before = entries(*"abcd")
    written = dict(orders_to_write(before, video_id, position=position))
    assert ordered(before, written) == result
    assert len(written) == (ordered(before, {}) != result)


@pytest.mark.parametrize("position", [None, 0, 7])
def test_the_first_title_needs_no_neighbours(position: int | None) -> None:
    assert orders_to_write([], "a", position=position) == {"a": 0}


@pytest.mark.parametrize(
    ("video_id", "position", "result"),
    [("x", 0, "axbcd"), ("x", 1, "abcxd"), ("x", 2, "abcdx"), ("d", 0, "adbc"), ("b", 1, "acdb")],
)
def test_a_position_counts_only_what_is_shown(video_id: str, position: int, result: str) -> None:
    before = entries(*"abcd")
    written = dict(orders_to_write(before, video_id, position=position, hidden={"a", "c"}))
    assert ordered(before, written) == result


def test_neighbours_without_room_are_renumbered() -> None:
    before = entries(*"abcd", step=1)
    written = dict(orders_to_write(before, "d", position=1))
    assert ordered(before, written) == "adbc"
    assert sorted(written.values()) == [0, GAP, 2 * GAP, 3 * GAP]


def test_a_full_list_takes_moves_and_nothing_new() -> None:
    before = entries(*(f"title-{number}" for number in range(LENGTH)))
    assert len(orders_to_write(before, "title-7", position=0)) == 1
    with pytest.raises(ConflictError, match="500"):
        orders_to_write(before, "another", position=None)


def test_a_page_begins_behind_the_last_title_wherever_it_went() -> None:
    moved = [ListEntry("c", -GAP, 0), *entries("a", "b")]
    assert [entry.video_id for entry in following(moved, (9 * GAP, "c"))] == ["a", "b"]


@pytest.mark.parametrize(("order", "rest"), [(-1, "abc"), (0, "bc"), (GAP + 1, "c"), (9 * GAP, "")])
def test_a_page_begins_where_a_title_that_has_gone_was(order: int, rest: str) -> None:
    found = following(entries(*"abc"), (order, "bygone"))
    assert "".join(entry.video_id for entry in found) == rest


def test_the_first_page_begins_at_the_front() -> None:
    assert following(entries(*"abc"), None) == entries(*"abc")
