"""The continue-watching row: which places are in it, in what order, and what comes next."""

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, Protocol

from reprise.domain.catalog import Item, Title
from reprise.domain.identity import Device
from reprise.domain.policy import Gate

ROW_LENGTH = 10
TITLES_KEPT = 40


class Placed(Protocol):
    """What the row looks at of a place; `Place` has more."""

    @property
    def video_id(self) -> str: ...
    @property
    def item_id(self) -> str: ...
    @property
    def rev(self) -> int: ...
    @property
    def moved_at(self) -> int: ...
    @property
    def position(self) -> float: ...
    @property
    def completed(self) -> bool: ...
    @property
    def hidden(self) -> bool: ...
    @property
    def device(self) -> Device: ...


class RowPlace(NamedTuple):
    """A place as the ready row keeps it: only what the row looks at, cheap to make by the score."""

    video_id: str
    item_id: str
    rev: int
    moved_at: int
    position: float
    completed: bool
    hidden: bool
    device: Device


class RowEntry(NamedTuple):
    """One title of the row. `last_watched_at` is µs; `next_up` marks an episode to start.

    `leaves_at` (Unix seconds) as `Gate.leaves_at`.
    """

    title: Title
    item: Item
    resume_position: float
    next_up: bool
    last_watched_at: int
    device: Device
    leaves_at: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """`stale` is True where the durable history could not be asked."""

    entries: tuple[RowEntry, ...]
    stale: bool = False


def by_title[P: Placed](places: Iterable[P]) -> list[list[P]]:
    """Group places by title; both titles and the places of one by the latest viewing first.

    Offline reports of one batch may say the same instant: the ids then keep every order the same.
    """
    titles: dict[str, list[P]] = {}
    for place in places:
        titles.setdefault(place.video_id, []).append(place)
    for group in titles.values():
        if len(group) > 1:
            group.sort(key=lambda place: (-place.moved_at, place.item_id))
    return sorted(titles.values(), key=lambda group: (-group[0].moved_at, group[0].video_id))


def continue_watching(
    *, places: Iterable[Placed], titles: Mapping[str, Title], gate: Gate
) -> tuple[RowEntry, ...]:
    """Return at most ten entries, one per title, newest first.

    Hidden, finished, barely started, unknown and forbidden titles are not in it.
    """
    entries: list[RowEntry] = []
    for group in by_title(places):
        if len(entries) >= ROW_LENGTH and group[0].moved_at < entries[-1].last_watched_at:
            break  # nothing that follows can be newer
        title = titles.get(group[0].video_id)
        entry = _entry(group, title, now=gate.now) if title and gate.allows(title) else None
        if entry is None:
            continue
        if not entries or entry.last_watched_at < entries[-1].last_watched_at:
            entries.append(entry)
        else:  # its title's latest place is near a start: an older one is what it shows
            insort(entries, entry, key=lambda entry: (-entry.last_watched_at, entry.title.id))
        del entries[ROW_LENGTH:]
    return tuple(_told_when_leaving(entry, gate) for entry in entries)


def could_be_shown[P: Placed](places: Iterable[P]) -> Sequence[Sequence[P]]:
    """Return the groups of the 40 latest titles that their latest place doesn't already rule out.

    A film that is hidden or was finished is not in the row whatever the catalog says. A hidden
    series stays: that it was hidden outranks what is still to come of before.
    """
    groups = (group for group in by_title(places) if not _is_over(group[0]))
    return tuple(islice(groups, TITLES_KEPT))


def worth_keeping[P: Placed](
    groups: Iterable[Sequence[P]], titles: Mapping[str, Title]
) -> tuple[P, ...]:
    """Return the places that a ready row has to hold so that `continue_watching` stays right.

    That is until something completes, is begun anew or is near its start: of each title the place
    that tells what to show, and where that one is completed those of the episodes after it.
    """
    kept: list[P] = []
    for group in groups:
        title = titles.get(group[0].video_id)
        telling = _telling(group, title) if title else None
        kept.append(telling or group[0])
        if title and telling and telling.completed and not telling.hidden:
            kept.extend(_later(group, title, telling))
    return tuple(kept)


def _told_when_leaving(entry: RowEntry, gate: Gate) -> RowEntry:
    leaves_at = gate.leaves_at(entry.title)
    return entry if leaves_at is None else entry._replace(leaves_at=leaves_at)


def _is_over(latest: Placed) -> bool:
    return latest.item_id == latest.video_id and (latest.hidden or latest.completed)


def _telling[P: Placed](group: Iterable[P], title: Title) -> P | None:
    """Return the latest place that decides about its title: hidden, completed or well begun."""
    for place in group:
        item = next((item for item in title.items if item.id == place.item_id), None)
        begun = item and (place.completed or place.position >= item.shown_from)
        if place.hidden or begun:
            return place
    return None


def _later[P: Placed](group: Iterable[P], title: Title, place: P) -> Iterable[P]:
    order = {item.id: number for number, item in enumerate(title.items)}
    return (later for later in group if order.get(later.item_id, -1) > order[place.item_id])


def _entry(group: Sequence[Placed], title: Title, *, now: int) -> RowEntry | None:
    place = _telling(group, title)
    if place is None or place.hidden:
        return None
    if place.completed:
        return _next_entry(place, group, title, now=now)
    item = next(item for item in title.items if item.id == place.item_id)
    return _resume(place, item, title, last_watched_at=place.moved_at)


def _next_entry(
    completed: Placed, group: Sequence[Placed], title: Title, *, now: int
) -> RowEntry | None:
    """Return the next episode that is not completed, to resume or to start, unless it is hidden."""
    seen = {place.item_id for place in group if place.completed}
    item = title.next_after(completed.item_id, now=now, skipping=seen)
    if item is None:
        return None
    begun = next((place for place in group if place.item_id == item.id), None)
    if begun is not None and begun.hidden:
        return None
    if begun is not None and begun.position >= item.shown_from:
        return _resume(begun, item, title, last_watched_at=completed.moved_at)
    return RowEntry(
        title=title,
        item=item,
        resume_position=0.0,
        next_up=True,
        last_watched_at=completed.moved_at,
        device=completed.device,
    )


def _resume(place: Placed, item: Item, title: Title, *, last_watched_at: int) -> RowEntry:
    return RowEntry(
        title=title,
        item=item,
        resume_position=min(place.position, item.duration),
        next_up=False,
        last_watched_at=last_watched_at,
        device=place.device,
    )


def newest[P: Placed](*sources: Iterable[P]) -> tuple[P, ...]:
    """Merge places of several stores: of each item the one with the highest revision."""
    best: dict[str, P] = {}
    for source in sources:
        for place in source:
            known = best.get(place.item_id)
            if known is None or place.rev > known.rev:
                best[place.item_id] = place
    return tuple(best.values())
