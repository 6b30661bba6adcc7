"""What a profile watched, one entry a viewing, with what moved or refused each place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reprise.application.ports import DurablePlaces, HistoryPage, LivePlaces, TitleReader
from reprise.domain.catalog import Title
from reprise.domain.identity import Viewer
from reprise.domain.playstate import Live, Viewing
from reprise.domain.policy import Gate

type Cursor = tuple[int, str]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    viewing: Viewing
    title: str


@dataclass(frozen=True, slots=True)
class HistoryView:
    """`next` (µs of a start, item id) begins the next page; None ends the history."""

    entries: tuple[HistoryEntry, ...]
    next: Cursor | None


def list_history(
    *,
    viewer: Viewer,
    limit: int,
    before: Cursor | None,
    catalog: TitleReader,
    live: LivePlaces,
    durable: DurablePlaces,
    now: int,
) -> HistoryView:
    """Return up to `limit` viewings after the cursor, newest start first.

    Viewings that are not durable yet are merged in. A title that the catalog lost or the policy
    refuses is left out, so a page may be short before the last one.

    Raises:
        UnauthenticatedError, RateLimitedError: the session does not pass.
        UnavailableError: a store does not answer.
    """
    viewer = replace(viewer, policy=live.gate(viewer=viewer))
    page = durable.history(profile_id=viewer.profile_id, limit=limit, before=before)
    unsaved = live.live(profile_id=viewer.profile_id)
    viewings, following = _merged(page, unsaved, limit=limit, before=before)
    titles = catalog.titles(video_ids={viewing.video_id for viewing in viewings})
    gate = Gate(facts=viewer.policy, now=now)
    entries = (_entry(viewing, titles, gate) for viewing in viewings)
    return HistoryView(entries=tuple(e for e in entries if e is not None), next=following)


def _merged(
    page: HistoryPage, unsaved: Live, *, limit: int, before: Cursor | None
) -> tuple[Sequence[Viewing], Cursor | None]:
    """Merge the live viewings that belong on this page, and say where the next one begins."""
    found = {_key(viewing): viewing for viewing in page.viewings}
    for viewing in (*unsaved.closed_viewings, *(place.viewing() for place in unsaved.places)):
        key = _key(viewing)
        inside = (before is None or _follows(key, before)) and (
            page.next is None or not _follows(key, page.next)
        )
        if inside and (key not in found or viewing.rev >= found[key].rev):
            found[key] = viewing
    ordered = sorted(found.values(), key=lambda viewing: (-viewing.started_at, viewing.item_id))
    if len(ordered) > limit:
        return ordered[:limit], _key(ordered[limit - 1])
    return ordered, page.next


def _key(viewing: Viewing) -> Cursor:
    return viewing.started_at, viewing.item_id


def _follows(key: Cursor, cursor: Cursor) -> bool:
    """Whether a viewing comes strictly after the cursor: older, or as old with a later item."""
    return key[0] < cursor[0] or (key[0] == cursor[0] and key[1] > cursor[1])


def _entry(viewing: Viewing, titles: Mapping[str, Title], gate: Gate) -> HistoryEntry | None:
    title = titles.get(viewing.video_id)
    if title is None or not gate.allows(title):
        return None
    item = next((item for item in title.items if item.id == viewing.item_id), None)
    return HistoryEntry(viewing=viewing, title=item.title if item else title.title)
