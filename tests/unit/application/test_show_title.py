"""A title's own page is shown to whom the gate lets through."""

from dataclasses import replace

import pytest

from reprise.application.show_title import ShownTitle, show_title
from reprise.domain.catalog import Rating, Window
from reprise.domain.errors import NotFoundError, UnauthenticatedError, UnavailableError
from reprise.domain.policy import ForbiddenError
from tests.builders import KID, NOW_US, make_film, make_viewer
from tests.fakes.catalog import FakeTitles
from tests.fakes.live_places import FakeLivePlaces
from tests.fakes.title_pages import FakeTitlePages, page_of

NOW = NOW_US // 1_000_000


class World:
    def __init__(self) -> None:
        self.viewer = make_viewer()
        self.film = make_film(
            rating="18",
            maturity_level=5,
            ratings=(Rating("GB", "18", 5), Rating("US", "R", 4), Rating("US", "TV-14", 3)),
            windows=(Window("US", 0, NOW + 60), Window("GB", 0, None), Window("DE", 0, None)),
        )
        self.catalog = FakeTitles(self.film)
        self.pages = FakeTitlePages(page_of(self.film))
        self.live = FakeLivePlaces()
        self.live.sign_in(self.viewer)

    def show(self, video_id: str | None = None) -> ShownTitle:
        return show_title(
            viewer=self.viewer,
            video_id=video_id or self.film.id,
            catalog=self.catalog,
            pages=self.pages,
            live=self.live,
            now=NOW,
        )

    def sign_in(self, **policy: object) -> None:
        facts = replace(self.viewer.policy, **policy)  # type: ignore[arg-type]
        self.live.sign_in(replace(self.viewer, policy=facts))


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize(
    ("region", "shown"),
    [
        pytest.param("US", ("R", 4, NOW + 60), id="the strictest of its own systems"),
        pytest.param("GB", ("18", 5, None), id="its own system"),
        pytest.param("DE", ("18", 5, None), id="none of its own: the strictest of all"),
    ],
)
def test_a_page_is_rated_as_in_the_region_of_the_session(
    world: World, region: str, shown: tuple[str, int, int | None]
) -> None:
    world.sign_in(region=region)
    page = world.show()
    assert (page.rating, page.maturity_level, page.leaves_at) == shown
    assert page.page == page_of(world.film)


def test_the_sessions_policy_counts_not_the_tokens(world: World) -> None:
    world.live.sign_in(replace(world.viewer, policy=KID))
    with pytest.raises(ForbiddenError) as refused:
        world.show()
    assert refused.value.reason == "kids"
    assert world.pages.asked == 0


def test_a_session_that_is_revoked_sees_nothing_not_even_what_is_unknown(world: World) -> None:
    world.live.sessions.clear()
    for video_id in (world.film.id, "unknown"):
        with pytest.raises(UnauthenticatedError):
            world.show(video_id)


def test_an_unknown_title_is_not_found(world: World) -> None:
    with pytest.raises(NotFoundError):
        world.show("unknown")


def test_a_title_whose_page_is_gone_is_not_found(world: World) -> None:
    world.pages.stored.clear()
    with pytest.raises(NotFoundError):
        world.show()


def test_a_store_that_is_away_is_said(world: World) -> None:
    world.pages.down = True
    with pytest.raises(UnavailableError):
        world.show()
