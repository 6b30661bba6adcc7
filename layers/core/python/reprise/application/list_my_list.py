"""My list, a page at a time, and what another device took out of it meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reprise.application.listed_titles import ListedTitle, listed_titles
from reprise.application.my_list_ports import MyLists
from reprise.application.ports import LivePlaces, TitleReader
from reprise.application.region_ports import RegionContent
from reprise.domain.identity import Viewer
from reprise.domain.my_list import OVERLAP_SECONDS, Removal, following
from reprise.domain.policy import Gate

type Cursor = tuple[int, str]


@dataclass(frozen=True, slots=True)
class MyListPage:
    """`next` (order, title) begins the next page; None ends the list.

    `as_of` (µs) is what to ask for changes since, the next time. `removals` is None where nobody
    asked for them.
    """

    items: Sequence[ListedTitle]
    next: Cursor | None
    removals: Sequence[Removal] | None
    as_of: int


def list_my_list(
    *,
    viewer: Viewer,
    limit: int,
    after: Cursor | None,
    changed_since: int | None,
    catalog: TitleReader,
    live: LivePlaces,
    lists: MyLists,
    regions: RegionContent,
    now: int,
) -> MyListPage:
    """Return up to `limit` titles behind the cursor, as policy, region and catalog are now.

    Titles that are refused keep their place and are not mentioned, among the removed neither.
    `changed_since` is µs, `now` Unix seconds.

    Raises:
        UnauthenticatedError, RateLimitedError: the session does not pass.
        UnavailableError: a store does not answer.
    """
    viewer = replace(viewer, policy=live.gate(viewer=viewer))
    gate = Gate(facts=viewer.policy, now=now)
    stored = lists.read(profile_id=viewer.profile_id, removed_since=changed_since)
    listed = listed_titles(stored.entries, gate=gate, catalog=catalog, regions=regions)
    rest = len(following([each.entry for each in listed], after))
    begin = len(listed) - rest
    page = listed[begin : begin + limit]
    removals = None
    if changed_since is not None:
        removals = _tellable(stored.removals, gate=gate, catalog=catalog)
    return MyListPage(
        items=page,
        next=(page[-1].entry.order, page[-1].entry.video_id) if rest > limit else None,
        removals=removals,
        as_of=stored.read_at - OVERLAP_SECONDS * 1_000_000,
    )


def _tellable(
    removals: Sequence[Removal], *, gate: Gate, catalog: TitleReader
) -> Sequence[Removal]:
    titles = catalog.titles(video_ids=[removal.video_id for removal in removals])
    return [
        removal
        for removal in removals
        if (title := titles.get(removal.video_id)) and gate.allows(title)
    ]
