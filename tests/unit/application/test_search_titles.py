"""What is found is what may be seen; what may not leaves no trace."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.application.search_titles import ROUNDS, SearchPage, search_titles
from reprise.domain.catalog import Title
from reprise.domain.errors import UnauthenticatedError, UnavailableError
from reprise.domain.search import Match
from tests.builders import KID, NOW_US, make_film, make_viewer
from tests.fakes.catalog import FakeTitles
from tests.fakes.live_places import FakeLivePlaces
from tests.fakes.title_search import FakeTitleSearch

NOW = NOW_US // 1_000_000


class Ranked:
    """A search that finds titles in the order of their list, whatever is asked."""

    def __init__(self, titles: Sequence[Title]) -> None:
        self.ranked = [Match(900_000 - place, title.id) for place, title in enumerate(titles)]
        self.asked: list[int] = []

    def matches(self, *, query: str, after: Match | None, limit: int) -> Sequence[Match]:
        self.asked.append(limit)
        begin = self.ranked.index(after) + 1 if after else 0
        return self.ranked[begin : begin + limit]


class World:
    def __init__(self, titles: Sequence[Title]) -> None:
        self.viewer = make_viewer(policy=KID)
        self.catalog = FakeTitles(*titles)
        self.search: Ranked | FakeTitleSearch = Ranked(titles)
        self.live = FakeLivePlaces()
        self.live.sign_in(self.viewer)

    def page(self, *, limit: int = 20, after: Match | None = None) -> SearchPage:
        return search_titles(
            viewer=self.viewer,
            query="harbour",
            limit=limit,
            after=after,
            search=self.search,
            catalog=self.catalog,
            live=self.live,
            now=NOW,
        )

    def every_page(self, *, limit: int) -> list[list[str]]:
        pages, after = [], None
        while True:
            page = self.page(limit=limit, after=after)
            pages.append([hit.title.id for hit in page.hits])
            after = page.next
            if after is None:
                return pages


def films(*allowed: bool) -> list[Title]:
    return [make_film(maturity_level=1 if may else 4) for may in allowed]


def ids(titles: Sequence[Title]) -> list[str]:
    return [title.id for title in titles if title.maturity_level == 1]


def test_titles_come_best_first_with_their_scores() -> None:
    titles = films(True, True)
    page = World(titles).page()
    assert [(hit.title, hit.score) for hit in page.hits] == [
        (titles[0], 900_000),
        (titles[1], 899_999),
    ]
    assert page.next is None


def test_forbidden_titles_neither_appear_nor_shorten_a_page() -> None:
    titles = films(*([False] * 100 + [True, False] * 30))
    world = World(titles)
    assert world.every_page(limit=20) == [ids(titles)[:20], ids(titles)[20:]]


def test_a_next_page_is_promised_only_where_it_has_something_to_show() -> None:
    world = World(films(True, True, *[False] * 50))
    assert world.page(limit=2).next is None
    assert world.page(limit=1).next == Match(900_000, world.page(limit=1).hits[0].title.id)


def test_the_work_of_a_request_is_bounded_and_the_next_page_goes_on_behind_it() -> None:
    titles = films(True, *[False] * 1500, True)
    world = World(titles)
    assert world.every_page(limit=20) == [ids(titles)[:1], ids(titles)[1:]]
    assert world.search.asked[: len(ROUNDS)] == list(ROUNDS)
    assert sum(ROUNDS) == 1000


def test_what_the_reader_does_not_know_is_left_out() -> None:
    titles = films(True, True)
    world = World(titles)
    del world.catalog.known[titles[0].id]
    assert [hit.title for hit in world.page().hits] == [titles[1]]


def test_the_sessions_policy_counts_not_the_tokens() -> None:
    titles = films(False)
    world = World(titles)
    world.live.sign_in(replace(world.viewer, policy=replace(KID, kids=False, maturity_level=5)))
    assert [hit.title for hit in world.page().hits] == titles


def test_a_revoked_session_searches_nothing() -> None:
    world = World(films(True))
    world.live.sessions.clear()
    with pytest.raises(UnauthenticatedError):
        world.page()
    assert world.search.asked == []


def test_a_store_that_is_away_is_said() -> None:
    world = World(films(True))
    world.search = FakeTitleSearch({})
    world.search.down = True
    with pytest.raises(UnavailableError):
        world.page()


@given(
    allowed=st.lists(st.booleans(), max_size=90),
    limit=st.integers(min_value=1, max_value=50),
)
def test_pages_hold_every_allowed_title_once_in_order_and_nothing_else(
    allowed: list[bool], limit: int
) -> None:
    titles = films(*allowed)
    pages = World(titles).every_page(limit=limit)
    assert [video_id for page in pages for video_id in page] == ids(titles)
    assert all(len(page) == limit for page in pages[:-1])
