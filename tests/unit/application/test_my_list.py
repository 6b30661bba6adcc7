"""My list: who sees what of it at which position, a page at a time, and what was taken out."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from reprise.application.list_my_list import MyListPage, list_my_list
from reprise.application.listed_titles import ListedTitle
from reprise.application.put_on_my_list import put_on_my_list
from reprise.application.remove_from_my_list import remove_from_my_list
from reprise.domain.catalog import Title, Window
from reprise.domain.errors import (
    ConflictError,
    NotFoundError,
    RateLimitedError,
    UnauthenticatedError,
    UnavailableError,
)
from reprise.domain.identity import PolicyFacts, Viewer
from reprise.domain.my_list import LENGTH, OVERLAP_SECONDS
from reprise.domain.policy import ForbiddenError
from tests.builders import ADULT, KID, NOW_US, SECOND, make_film, make_viewer
from tests.fakes.catalog import FakeTitles
from tests.fakes.live_places import FakeLivePlaces
from tests.fakes.my_lists import FakeMyLists
from tests.fakes.region_content import FakeRegionContent

NOW = NOW_US // SECOND
DAY = 86_400


@dataclass
class World:
    """Every port, and four films, the second of which is for adults."""

    films: list[Title] = field(
        default_factory=lambda: [make_film(maturity_level=level) for level in (1, 5, 2, 1)]
    )
    viewer: Viewer = field(default_factory=make_viewer)
    live: FakeLivePlaces = field(default_factory=FakeLivePlaces)
    lists: FakeMyLists = field(default_factory=FakeMyLists)

    def __post_init__(self) -> None:
        self.catalog = FakeTitles(*self.films)
        self.regions = FakeRegionContent(self.catalog)
        self.sign_in(ADULT)

    def sign_in(self, policy: PolicyFacts) -> None:
        self.live.sign_in(self.viewer, policy=policy)

    def put(self, which: int | str, position: int | None = None) -> ListedTitle:
        video_id = which if isinstance(which, str) else self.films[which].id
        return put_on_my_list(
            viewer=self.viewer,
            video_id=video_id,
            position=position,
            catalog=self.catalog,
            live=self.live,
            lists=self.lists,
            regions=self.regions,
            now=NOW,
        )

    def put_all(self) -> None:
        """Put all films, the first one at the front."""
        for number in (3, 2, 1, 0):
            self.put(number)

    def remove(self, number: int) -> None:
        remove_from_my_list(
            viewer=self.viewer, video_id=self.films[number].id, live=self.live, lists=self.lists
        )

    def page(self, **overrides: Any) -> MyListPage:
        values: dict[str, Any] = {"limit": 50, "after": None, "changed_since": None}
        return list_my_list(
            viewer=self.viewer,
            catalog=self.catalog,
            live=self.live,
            lists=self.lists,
            regions=self.regions,
            now=NOW,
            **(values | overrides),
        )

    def numbers(self, page: MyListPage | None = None) -> list[int]:
        ids = [film.id for film in self.films]
        items = (page or self.page()).items
        assert [item.position for item in items] == list(
            range(items[0].position, items[0].position + len(items)) if items else []
        )
        return [ids.index(item.title.id) for item in items]


@pytest.fixture
def world() -> World:
    return World()


def test_an_empty_list_is_one_page(world: World) -> None:
    page = world.page()
    assert (list(page.items), page.next, page.removals) == ([], None, None)
    assert page.as_of == NOW_US - OVERLAP_SECONDS * SECOND


def test_new_titles_go_to_the_front(world: World) -> None:
    world.put_all()
    assert world.numbers() == [0, 1, 2, 3]


def test_putting_a_title_answers_where_it_is(world: World) -> None:
    world.put_all()
    assert world.put(2).position == 2
    assert world.put(3, 0).position == 0
    assert world.put(3, 99).position == 3
    assert world.put(3).entry.added_at == NOW_US


def test_what_is_not_allowed_is_neither_shown_nor_counted(world: World) -> None:
    world.put_all()
    world.sign_in(KID)
    assert world.numbers() == [0, 2, 3]
    assert world.put(3).position == 2
    assert world.put(3, 1).position == 1
    assert world.numbers() == [0, 3, 2]
    world.sign_in(ADULT)
    assert set(world.numbers()) == {0, 1, 2, 3}


def test_the_sessions_policy_counts_not_the_tokens(world: World) -> None:
    world.put_all()
    world.viewer = replace(world.viewer, policy=replace(ADULT, region="GB"))
    assert world.numbers() == [0, 1, 2, 3]


def test_what_left_the_region_is_back_in_its_place_with_it(world: World) -> None:
    world.put_all()
    film = world.films[1]
    world.catalog.known[film.id] = replace(film, windows=(Window("US", NOW + 1, None),))
    assert world.numbers() == [0, 2, 3]
    world.catalog.known[film.id] = film
    assert world.numbers() == [0, 1, 2, 3]


def test_a_title_that_leaves_soon_says_so(world: World) -> None:
    film = world.films[0]
    world.catalog.known[film.id] = replace(film, windows=(Window("US", 0, NOW + 3 * DAY),))
    assert world.put(0).leaves_at == NOW + 3 * DAY
    assert [item.leaves_at for item in world.page().items] == [NOW + 3 * DAY]


def test_a_title_the_catalog_lost_is_left_out(world: World) -> None:
    world.put_all()
    world.regions = FakeRegionContent(FakeTitles(*world.films))
    del world.catalog.known[world.films[2].id]
    assert world.numbers() == [0, 1, 3]


@pytest.mark.parametrize(("limit", "sizes"), [(1, [1, 1, 1, 1]), (3, [3, 1]), (4, [4]), (9, [4])])
def test_pages_follow_one_another(world: World, limit: int, sizes: list[int]) -> None:
    world.put_all()
    after, found = None, []
    for _ in sizes:
        page = world.page(limit=limit, after=after)
        found.append(world.numbers(page))
        after = page.next
    assert after is None
    assert [len(numbers) for numbers in found] == sizes
    assert [number for numbers in found for number in numbers] == [0, 1, 2, 3]


def test_a_page_goes_on_where_a_title_was_that_is_gone(world: World) -> None:
    world.put_all()
    page = world.page(limit=2)
    world.remove(1)
    assert world.numbers(world.page(limit=2, after=page.next)) == [2, 3]


def test_removals_are_told_to_whom_they_may_be_shown(world: World) -> None:
    world.put_all()
    for number in (0, 1):
        world.remove(number)
    world.remove(0)
    page = world.page(changed_since=0)
    assert {removal.video_id for removal in page.removals or ()} == {
        world.films[number].id for number in (0, 1)
    }
    world.sign_in(KID)
    (removal,) = world.page(changed_since=0).removals or ()
    assert removal.video_id == world.films[0].id
    assert world.page(changed_since=NOW_US + 1).removals == []
    del world.catalog.known[world.films[0].id]
    assert world.page(changed_since=0).removals == []


def test_a_removed_title_can_be_put_again(world: World) -> None:
    world.put_all()
    world.remove(2)
    assert world.put(2).position == 0
    assert world.page(changed_since=0).removals == []


def test_what_the_viewer_may_not_see_can_be_taken_out(world: World) -> None:
    world.put_all()
    world.sign_in(KID)
    world.remove(1)
    world.sign_in(ADULT)
    assert world.numbers() == [0, 2, 3]


def test_a_forbidden_title_is_refused_and_an_unknown_one_not_found(world: World) -> None:
    world.sign_in(KID)
    with pytest.raises(ForbiddenError) as refused:
        world.put(1)
    assert refused.value.reason == "kids"
    with pytest.raises(NotFoundError):
        world.put("unknown")
    world.lists.gone.add(world.films[0].id)
    with pytest.raises(NotFoundError):
        world.put(0)
    assert world.lists.read(profile_id=world.viewer.profile_id).entries == []


def test_a_title_that_nobody_offers_any_more_while_it_is_put_is_not_found(world: World) -> None:
    world.regions = FakeRegionContent(FakeTitles())
    with pytest.raises(NotFoundError):
        world.put(0)


def test_a_full_list_takes_no_more(world: World) -> None:
    for number in range(LENGTH):
        world.lists.put(
            profile_id=world.viewer.profile_id,
            video_id=f"title-{number}",
            rule=lambda _, n=number: {f"title-{n}": n},  # type: ignore[misc]
        )
    with pytest.raises(ConflictError):
        world.put(0)


@pytest.mark.parametrize("act", ["page", "put", "remove"])
def test_every_act_passes_the_gate_first(world: World, act: str) -> None:
    def do() -> None:
        if act == "page":
            world.page()
        elif act == "put":
            world.put("unknown")
        else:
            world.remove(0)

    world.lists.down = world.catalog.down = True
    world.live.sent[world.viewer.session_id] = 10_000
    with pytest.raises(RateLimitedError):
        do()
    world.live.revoke(world.viewer)
    with pytest.raises(UnauthenticatedError):
        do()
    world.live.down = True
    with pytest.raises(UnavailableError):
        do()


def test_without_the_store_of_lists_nothing_is_answered(world: World) -> None:
    world.lists.down = True
    for act in (world.page, lambda: world.put(0), lambda: world.remove(0)):
        with pytest.raises(UnavailableError):
            act()
