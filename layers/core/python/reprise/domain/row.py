"""The continue-watching row: which places are in it, in what order, and what comes next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from reprise.domain.catalog import Item, Title
from reprise.domain.identity import Device
from reprise.domain.playstate import Place
from reprise.domain.policy import Gate

ROW_LENGTH = 10
TITLES_KEPT = 40
UNFINISHED_KEPT = 5


@dataclass(frozen=True, slots=True)
class RowEntry:
    """One title of the row. `last_watched_at` is µs; `next_up` marks an episode to start."""

    title: Title
    item: Item
    resume_position: float
    next_up: bool
    last_watched_at: int
    device: Device


@dataclass(frozen=True, slots=True)
class Row:
    """`stale` is True where the durable history could not be asked."""

    entries: tuple[RowEntry, ...]
    stale: bool = False


def by_title(places: Iterable[Place]) -> list[tuple[Place, ...]]:
    """Group places by title; both titles and the places of one by the latest viewing first."""
    ordered = sorted(places, key=lambda place: (place.video_id, -place.moved_at))
    groups = [tuple(group) for _, group in groupby(ordered, key=lambda place: place.video_id)]
    return sorted(groups, key=lambda group: -group[0].moved_at)


def continue_watching(
    *, places: Iterable[Place], titles: Mapping[str, Title], gate: Gate
) -> tuple[RowEntry, ...]:
    """Return at most ten entries, one per title, newest first.

    Hidden, finished, barely started, unknown and forbidden titles are not in it.
    """
    entries = (
        _entry(group, titles[group[0].video_id], now=gate.now)
        for group in by_title(places)
        if group[0].video_id in titles and gate.allows(titles[group[0].video_id])
    )
    return tuple(entry for entry in entries if entry is not None)[:ROW_LENGTH]


def _entry(group: Sequence[Place], title: Title, *, now: int) -> RowEntry | None:
    """Return what the latest place that says anything says: resume it, or start the next one."""
    for place in group:
        item = next((item for item in title.items if item.id == place.item_id), None)
        if place.hidden:
            return None
        if item is None:
            continue
        if place.completed:
            return _next_entry(place, group, title, now=now)
        if place.position >= item.shown_from:
            return _resume(place, item, title, last_watched_at=place.moved_at)
    return None


def _next_entry(
    completed: Place, group: Sequence[Place], title: Title, *, now: int
) -> RowEntry | None:
    item = title.next_after(completed.item_id, now=now)
    if item is None:
        return None
    begun = next((place for place in group if place.item_id == item.id), None)
    if begun and not begun.completed and begun.position >= item.shown_from:
        return _resume(begun, item, title, last_watched_at=completed.moved_at)
    return RowEntry(
        title=title,
        item=item,
        resume_position=0.0,
        next_up=True,
        last_watched_at=completed.moved_at,
        device=completed.device,
    )


def _resume(place: Place, item: Item, title: Title, *, last_watched_at: int) -> RowEntry:
    return RowEntry(
        title=title,
        item=item,
        resume_position=place.position,
        next_up=False,
        last_watched_at=last_watched_at,
        device=place.device,
    )


def worth_keeping(places: Iterable[Place]) -> tuple[Place, ...]:
    """Return the places that a ready row has to hold so that `continue_watching` stays right.

    Of each of the 40 latest titles: everything down to the latest completed episode, and the few
    unfinished ones before it.
    """
    kept: list[Place] = []
    for group in by_title(places)[:TITLES_KEPT]:
        first_done = next((n for n, place in enumerate(group) if place.completed), len(group))
        kept.extend(group[: first_done + 1][: UNFINISHED_KEPT + 1])
        unfinished = [place for place in group[first_done + 1 :] if not place.completed]
        kept.extend(unfinished[:UNFINISHED_KEPT])
    return tuple(kept)


def newest(*sources: Iterable[Place]) -> tuple[Place, ...]:
    """Merge places of several stores: of each item the one with the highest revision."""
    best: dict[str, Place] = {}
    for source in sources:
        for place in source:
            known = best.get(place.item_id)
            if known is None or place.rev > known.rev:
                best[place.item_id] = place
    return tuple(best.values())
