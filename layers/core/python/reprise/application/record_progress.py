"""One report of a player: may it be, does it move the place, and must it be durable now."""

from reprise.application.places import (
    Judged,
    episode_id_of,
    flush_now,
    item_or_raise,
    merge,
    title_or_raise,
)
from reprise.application.ports import DurablePlaces, FlushQueue, LivePlaces, TitleReader
from reprise.domain.identity import Viewer
from reprise.domain.playstate import Outcome, Report
from reprise.domain.policy import Gate


def record_progress(
    *,
    viewer: Viewer,
    report: Report,
    catalog: TitleReader,
    live: LivePlaces,
    durable: DurablePlaces,
    queue: FlushQueue,
    now: int,
) -> Outcome:
    """Merge one report, in one round trip to the live store while its place is live there.

    A pause and a stop are also ordered to be durable at once, a repeated one again: the answer or
    the order of the first may have been lost. `now` is Unix seconds.

    Raises:
        NotFoundError: the catalog does not know the title or the episode.
        ForbiddenError: the policy refuses the title; nothing is stored.
        UnauthenticatedError: the session is not live.
        RateLimitedError: the session sends too much.
        UnavailableError: the live store does not answer; nothing is acknowledged.
    """

    def judge(viewer: Viewer) -> Judged:
        title = title_or_raise(catalog=catalog, video_id=report.video_id)
        item = item_or_raise(title=title, episode_id=episode_id_of(report))
        Gate(facts=viewer.policy, now=now).check(title)
        return [(report, item.facts)]

    outcome = merge(viewer=viewer, judge=judge, live=live, durable=durable)[0]
    if report.state != "playing":
        flush_now(viewer=viewer, item_ids=[report.item_id], queue=queue)
    return outcome
