"""Mark a film, an episode or a whole series watched or not watched: an act of the account."""

from collections.abc import Sequence

from reprise.application.places import allowed_title, flush_now, item_or_raise
from reprise.application.ports import DurablePlaces, FlushQueue, LivePlaces, TitleReader
from reprise.domain.catalog import Item, Title
from reprise.domain.identity import Viewer
from reprise.domain.playstate import Outcome


def mark_watched(
    *,
    viewer: Viewer,
    video_id: str,
    episode_id: str | None,
    watched: bool,
    catalog: TitleReader,
    live: LivePlaces,
    durable: DurablePlaces,
    queue: FlushQueue,
    now: int,
) -> Sequence[Outcome]:
    """Return an outcome per item: one, or all aired episodes of a series without `episode_id`.

    An outcome's place is None where an item without a place was marked not watched.

    Raises:
        NotFoundError: the catalog does not know the title or the episode.
        ForbiddenError: the policy refuses it.
        UnauthenticatedError, RateLimitedError: the session does not pass.
        UnavailableError: a store does not answer; nothing is marked.
    """
    viewer, title = allowed_title(
        viewer=viewer, video_id=video_id, catalog=catalog, live=live, now=now
    )
    items = _items(title, episode_id, now=now)
    places = durable.places(profile_id=viewer.profile_id, video_id=video_id)
    outcomes = live.mark(
        viewer=viewer,
        video_id=video_id,
        items=[(item.id, item.facts) for item in items],
        watched=watched,
        durable={place.item_id: place for place in places},
    )
    marked = [outcome.place.item_id for outcome in outcomes if outcome.place and outcome.moved]
    flush_now(viewer=viewer, item_ids=marked, queue=queue)
    return outcomes


def _items(title: Title, episode_id: str | None, *, now: int) -> Sequence[Item]:
    if title.is_series and episode_id is None:
        return title.aired_items(now=now)
    return [item_or_raise(title=title, episode_id=episode_id)]
