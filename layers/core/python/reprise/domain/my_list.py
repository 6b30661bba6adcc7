"""My list: the titles a profile put aside, in the order that it drags them into.

Clients see positions 0, 1, 2 … Stored are order keys with wide gaps, so that a move writes the one
row that moved. Titles the viewer may not see now keep their place between the others.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import count
from typing import NamedTuple

from reprise.domain.errors import ConflictError

LENGTH = 500
"""Most titles in one list, those that are not shown now included."""

GAP = 2**32
"""Between neighbours: 32 moves into the same gap, each halving it, until it is renumbered."""

TOMBSTONE_DAYS = 90
OVERLAP_SECONDS = 10
"""A removal may become visible this much after its instant; no statement is given longer."""


class ListEntry(NamedTuple):
    """A title in the list. `order` sorts it; `added_at` is µs since the epoch."""

    video_id: str
    order: int
    added_at: int


class Removal(NamedTuple):
    """A tombstone: a title that was taken out, µs since the epoch."""

    video_id: str
    removed_at: int


def orders_to_write(
    entries: Sequence[ListEntry],
    video_id: str,
    *,
    position: int | None,
    hidden: Collection[str] = (),
) -> Mapping[str, int]:
    """Return the order keys that bring a title to `position`, by title; none where it is there.

    `entries` is the whole list in order, and `position` counts those of it that are not `hidden`;
    one past the end is the end. Without a position a new title goes to the front, and one that is
    in the list stays where it is.

    Raises:
        ConflictError: the list is full.
    """
    others = [entry for entry in entries if entry.video_id != video_id]
    is_new = len(others) == len(entries)
    if is_new and len(entries) >= LENGTH:
        raise ConflictError(f"the list holds {LENGTH} titles; take one out first")
    if position is None:
        index = 0 if is_new else _index(entries, video_id)
    else:
        index = _index_of_position(others, position, hidden)
    if not is_new and _index(entries, video_id) == index:
        return {}
    order = _between(others, index)
    return {video_id: order} if order is not None else _renumbered(others, video_id, index)


def following(entries: Sequence[ListEntry], after: tuple[int, str] | None) -> Sequence[ListEntry]:
    """Return the entries behind a cursor (order, title): behind the title, wherever it is now.

    Where the title has gone they begin where it was.
    """
    if after is None:
        return entries
    order, video_id = after
    for index, entry in enumerate(entries):
        if entry.video_id == video_id:
            return entries[index + 1 :]
    return [entry for entry in entries if (entry.order, entry.video_id) > (order, video_id)]


def _index(entries: Sequence[ListEntry], video_id: str) -> int:
    return next(index for index, entry in enumerate(entries) if entry.video_id == video_id)


def _index_of_position(others: Sequence[ListEntry], position: int, hidden: Collection[str]) -> int:
    """Return before which of the others the title goes."""
    shown = [index for index, entry in enumerate(others) if entry.video_id not in hidden]
    return shown[position] if position < len(shown) else len(others)


def _between(others: Sequence[ListEntry], index: int) -> int | None:
    """Return a key for a place between neighbours, None where they are too close."""
    before = others[index - 1].order if index > 0 else None
    after = others[index].order if index < len(others) else None
    if before is None:
        return 0 if after is None else after - GAP
    if after is None:
        return before + GAP
    return (before + after) // 2 if after - before > 1 else None


def _renumbered(others: Sequence[ListEntry], video_id: str, index: int) -> Mapping[str, int]:
    ids = [entry.video_id for entry in others]
    return dict(zip([*ids[:index], video_id, *ids[index:]], count(0, GAP), strict=False))
