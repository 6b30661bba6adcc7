"""Take a title out of the continue-watching row, keeping positions and history."""

from reprise.application.places import allowed_title, flush_now
from reprise.application.ports import DurablePlaces, FlushQueue, LivePlaces, TitleReader
from reprise.domain.identity import Viewer


def hide_title(
    *,
    viewer: Viewer,
    video_id: str,
    catalog: TitleReader,
    live: LivePlaces,
    durable: DurablePlaces,
    queue: FlushQueue,
    now: int,
) -> None:
    """Hide every item of the title that has a place; a series goes as a whole.

    Raises:
        NotFoundError: the catalog does not know the title.
        ForbiddenError: the policy refuses it.
        UnauthenticatedError, RateLimitedError: the session does not pass.
        UnavailableError: a store does not answer; nothing is hidden.
    """
    viewer, _ = allowed_title(viewer=viewer, video_id=video_id, catalog=catalog, live=live, now=now)
    places = durable.places(profile_id=viewer.profile_id, video_id=video_id)
    outcomes = live.hide(
        viewer=viewer, video_id=video_id, durable={place.item_id: place for place in places}
    )
    hidden = [outcome.place.item_id for outcome in outcomes if outcome.place and outcome.moved]
    flush_now(viewer=viewer, item_ids=hidden, queue=queue)
