"""An offline player's reports, replayed in order by the same rules (playstate, rule 8)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reprise.application.places import Judged, episode_id_of, flush_now, merge
from reprise.application.ports import DurablePlaces, FlushQueue, LivePlaces, TitleReader
from reprise.domain.catalog import Item, Title
from reprise.domain.identity import Viewer
from reprise.domain.playstate import Outcome, Report
from reprise.domain.policy import Gate

UNKNOWN = Outcome(place=None, moved=False, reason="unknown_item", rule="unknown_item")
NOT_ALLOWED = Outcome(place=None, moved=False, reason="not_allowed", rule="not_allowed")


def replay_reports(
    *,
    viewer: Viewer,
    reports: Sequence[Report],
    catalog: TitleReader,
    live: LivePlaces,
    durable: DurablePlaces,
    queue: FlushQueue,
    now: int,
) -> Sequence[Outcome]:
    """Apply reports in order, in one atomic step, and answer each in its place.

    Reports of items that are gone or not allowed are answered so, and the others are applied.
    Whatever was stored, now or by the same batch before, is ordered to be durable at once. `now`
    is Unix seconds.

    Raises:
        UnauthenticatedError, RateLimitedError, UnavailableError: nothing was stored.
    """
    titles = catalog.titles(video_ids={report.video_id for report in reports})
    refused: dict[int, Outcome] = {}

    def judge(viewer: Viewer) -> Judged:
        gate = Gate(facts=viewer.policy, now=now)
        refused.clear()
        applied = []
        for number, report in enumerate(reports):
            item = _item(titles, report)
            if item is None:
                refused[number] = UNKNOWN
            elif not gate.allows(titles[report.video_id]):
                refused[number] = NOT_ALLOWED
            else:
                applied.append((replace(report, offline=True), item.facts))
        return applied

    merged = iter(merge(viewer=viewer, judge=judge, live=live, durable=durable))
    outcomes = [refused.get(number) or next(merged) for number in range(len(reports))]
    stored = dict.fromkeys(outcome.place.item_id for outcome in outcomes if outcome.place)
    flush_now(viewer=viewer, item_ids=list(stored), queue=queue)
    return outcomes


def _item(titles: Mapping[str, Title], report: Report) -> Item | None:
    title = titles.get(report.video_id)
    return title.item(episode_id_of(report)) if title else None
