"""What the playstate use cases share: items of the catalog, cold places, urgent flushes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from reprise.application.ports import DurablePlaces, FlushQueue, LivePlaces, TitleReader
from reprise.domain.catalog import Item, Title
from reprise.domain.errors import NotFoundError, UnavailableError
from reprise.domain.flush import urgent_order
from reprise.domain.identity import Viewer
from reprise.domain.playstate import ItemFacts, Outcome, Place, Report
from reprise.domain.policy import ForbiddenError, Gate

type Judged = Sequence[tuple[Report, ItemFacts]]

ATTEMPTS = 4
"""A report may find its place cold once and its policy changed once; the rest is for races."""


def title_or_raise(*, catalog: TitleReader, video_id: str) -> Title:
    """Raises:
    NotFoundError: the catalog does not know the title.
    """
    title = catalog.titles(video_ids=[video_id]).get(video_id)
    if title is None:
        raise NotFoundError("there is no such title")
    return title


def item_or_raise(*, title: Title, episode_id: str | None) -> Item:
    """Raises:
    NotFoundError: the title has no such episode, or needs one, or has none at all.
    """
    item = title.item(episode_id)
    if item is None:
        raise NotFoundError("the title has no such episode")
    return item


def episode_id_of(report: Report) -> str | None:
    """None for a film, whose item is the title itself."""
    return report.item_id if report.item_id != report.video_id else None


def allowed_title(
    *, viewer: Viewer, video_id: str, catalog: TitleReader, live: LivePlaces, now: int
) -> tuple[Viewer, Title]:
    """Return the title, and the viewer with the session's current policy, which allows it.

    The session comes first: whoever does not pass learns nothing about the catalog.

    Raises:
        UnauthenticatedError, RateLimitedError: the session does not pass.
        NotFoundError: the catalog does not know the title.
        ForbiddenError: the policy refuses it.
    """
    viewer = replace(viewer, policy=live.gate(viewer=viewer))
    title = title_or_raise(catalog=catalog, video_id=video_id)
    Gate(facts=viewer.policy, now=now).check(title)
    return viewer, title


def merge(
    *,
    viewer: Viewer,
    judge: Callable[[Viewer], Judged],
    live: LivePlaces,
    durable: DurablePlaces,
) -> Sequence[Outcome]:
    """Merge the reports that `judge` lets pass for a viewer; it may raise what refuses them all.

    The policy is judged by the token's facts, and again where the session's differ. Places that are
    not live are loaded from the durable store first; while that is away they are accepted as
    provisional, and the flush settles them: no report is lost because the history is down.
    """
    loaded: Mapping[str, Place | None] | None = None
    provisional = False
    for _ in range(ATTEMPTS):
        try:
            reports = judge(viewer)
        except (NotFoundError, ForbiddenError):
            policy = live.gate(viewer=viewer)
            if policy == viewer.policy:
                raise
            viewer = replace(viewer, policy=policy)
            continue
        answer = live.record(
            viewer=viewer, reports=reports, durable=loaded, provisional=provisional
        )
        if answer.policy is not None:
            viewer = replace(viewer, policy=answer.policy)
        elif answer.cold:
            try:
                loaded = {**(loaded or {}), **_load(answer.cold, viewer, reports, durable)}
            except UnavailableError:
                provisional = True
        else:
            return answer.outcomes
    raise UnavailableError("the place is changing too fast; send the report again")


def flush_now(*, viewer: Viewer, item_ids: Sequence[str], queue: FlushQueue) -> bool:
    """Ask for these to be durable at once; False where the queue does not answer.

    Nothing is lost then: the items are dirty, and the sweep takes them within minutes.
    """
    if not item_ids:
        return True
    try:
        queue.send(orders=[urgent_order(profile_id=viewer.profile_id, item_ids=item_ids)])
    except UnavailableError:
        return False
    return True


def _load(
    cold: Sequence[str], viewer: Viewer, reports: Judged, durable: DurablePlaces
) -> Mapping[str, Place | None]:
    videos = {report.item_id: report.video_id for report, _ in reports if report.item_id in cold}
    if len(cold) == 1:
        (item_id,) = cold
        place = durable.place(
            profile_id=viewer.profile_id, video_id=videos[item_id], item_id=item_id
        )
        return {item_id: place}
    found: dict[str, Place | None] = dict.fromkeys(cold)
    for video_id in sorted(set(videos.values())):
        places = durable.places(profile_id=viewer.profile_id, video_id=video_id)
        found |= {place.item_id: place for place in places if place.item_id in found}
    return found
