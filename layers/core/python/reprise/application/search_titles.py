"""Titles that match what somebody typed, as far as that viewer may see them."""

from collections.abc import Iterator
from dataclasses import dataclass

from reprise.application.catalog_ports import TitleSearch
from reprise.application.ports import LivePlaces, TitleReader
from reprise.domain.catalog import Title
from reprise.domain.identity import Viewer
from reprise.domain.policy import Gate
from reprise.domain.search import Match

ROUNDS = (60, 240, 700)
"""How many matches are judged in turns, until a page is full: a thousand a request."""


@dataclass(frozen=True, slots=True)
class Hit:
    title: Title
    score: int


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`next` is behind what the following page begins; None ends the list."""

    hits: tuple[Hit, ...]
    next: Match | None


def search_titles(
    *,
    viewer: Viewer,
    query: str,
    limit: int,
    after: Match | None,
    search: TitleSearch,
    catalog: TitleReader,
    live: LivePlaces,
    now: int,
) -> SearchPage:
    """Return up to `limit` allowed titles that rank behind `after`, best first.

    What the policy refuses leaves no trace: it takes no place on a page, and a page has a next one
    only where that has something to show. Where a thousand matches did not fill a page, it ends
    there and the next one goes on behind them.

    Raises:
        UnauthenticatedError, RateLimitedError: the session does not pass.
        UnavailableError: a store does not answer.
    """
    gate = Gate(facts=live.gate(viewer=viewer), now=now)
    pager = _Pager(search=search, catalog=catalog, gate=gate, query=query)
    hits: list[Hit] = []
    for hit in pager.hits(after=after):
        if len(hits) == limit:
            last = hits[-1]
            return SearchPage(tuple(hits), Match(last.score, last.title.id))
        hits.append(hit)
    return SearchPage(tuple(hits), pager.cut_off)


@dataclass(slots=True)
class _Pager:
    """Judges matches round by round; `cut_off` is the last one judged where rounds ran out."""

    search: TitleSearch
    catalog: TitleReader
    gate: Gate
    query: str
    cut_off: Match | None = None

    def hits(self, *, after: Match | None) -> Iterator[Hit]:
        for asked in ROUNDS:
            matches = self.search.matches(query=self.query, after=after, limit=asked)
            titles = self.catalog.titles(video_ids=[match.video_id for match in matches])
            for match in matches:
                title = titles.get(match.video_id)
                if title is not None and self.gate.allows(title):
                    yield Hit(title, match.score)
            if len(matches) < asked:
                return
            after = matches[-1]
        self.cut_off = after
