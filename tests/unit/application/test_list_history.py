"""The history: one entry a viewing, what is not durable yet merged in, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from reprise.application.list_history import Cursor, HistoryView, list_history
from reprise.domain.catalog import Title
from reprise.domain.errors import UnauthenticatedError, UnavailableError
from reprise.domain.identity import Viewer
from reprise.domain.playstate import Viewing
from tests.builders import KID, NOW_US, SECOND, make_film, make_report, make_series, make_viewer
from tests.fakes.catalog import FakeTitles
from tests.fakes.live_places import FakeLivePlaces
from tests.fakes.places import FakePlaces
from tests.flush_builders import make_viewing

MINUTE = 60 * SECOND


@dataclass
class World:
    """Every port, a film and a series."""

    viewer: Viewer = field(default_factory=make_viewer)
    live: FakeLivePlaces = field(default_factory=FakeLivePlaces)
    durable: FakePlaces = field(default_factory=FakePlaces)
    film: Title = field(default_factory=make_film)
    series: Title = field(default_factory=make_series)

    def __post_init__(self) -> None:
        self.live.sign_in(self.viewer)
        self.catalog = FakeTitles(self.film, self.series)

    def keep(self, *, minute: int, title: Title | None = None, **overrides: Any) -> Viewing:
        """Let a durable viewing have started at that minute."""
        title = title or self.film
        defaults = {
            "video_id": title.id,
            "item_id": title.items[0].id,
            "started_at": NOW_US + minute * MINUTE,
        }
        viewing = make_viewing(**(defaults | overrides))
        key = (self.viewer.profile_id, viewing.started_at // 1000, viewing.item_id)
        self.durable.viewings[key] = viewing
        return viewing

    def watch(self, *, minute: int, **overrides: Any) -> None:
        """Let the film be reported live at that minute."""
        self.live.now_us = NOW_US + minute * MINUTE
        report = make_report(**({"video_id": self.film.id} | overrides))
        self.live.record(
            viewer=self.viewer,
            reports=[(report, self.film.items[0].facts)],
            durable={report.item_id: None},
        )

    def page(self, *, limit: int = 50, before: Cursor | None = None) -> HistoryView:
        return list_history(
            viewer=self.viewer,
            limit=limit,
            before=before,
            catalog=self.catalog,
            live=self.live,
            durable=self.durable,
            now=NOW_US // SECOND,
        )

    def all_pages(self, limit: int) -> Sequence[Sequence[int]]:
        """Return the minutes at which the viewings of each page started."""
        pages: list[list[int]] = []
        cursor: Cursor | None = None
        while True:
            view = self.page(limit=limit, before=cursor)
            pages.append(minutes(view))
            cursor = view.next
            if cursor is None:
                return pages


def minutes(view: HistoryView) -> list[int]:
    return [(entry.viewing.started_at - NOW_US) // MINUTE for entry in view.entries]


def test_durable_viewings_come_newest_first_with_their_titles() -> None:
    world = World()
    world.keep(minute=1)
    world.keep(minute=9, title=world.series)
    view = world.page()
    assert minutes(view) == [9, 1]
    assert [entry.title for entry in view.entries] == ["Episode 1", "The Quiet Harbour"]
    assert view.next is None


def test_a_viewing_that_is_not_durable_yet_is_in_it() -> None:
    world = World()
    world.keep(minute=1, title=world.series)
    world.watch(minute=5, position=700.0)
    view = world.page()
    assert minutes(view) == [5, 1]
    assert view.entries[0].viewing.position == 700.0
    assert [change.rule for change in view.entries[0].viewing.changes] == ["first"]


def test_a_viewing_that_moved_since_it_was_durable_is_shown_as_it_is_now() -> None:
    world = World()
    world.watch(minute=5, seq=1, position=700.0)
    world.keep(minute=5, rev=1, position=700.0, completed=False)
    world.watch(minute=6, seq=2, position=760.0)
    view = world.page()
    assert minutes(view) == [5]
    assert view.entries[0].viewing.position == 760.0


def test_a_durable_viewing_that_is_ahead_of_a_live_one_stands() -> None:
    world = World()
    world.watch(minute=5, position=700.0)
    world.keep(minute=5, rev=9, position=900.0)
    assert world.page().entries[0].viewing.position == 900.0


def test_a_viewing_that_a_new_start_just_ended_is_an_entry_of_its_own() -> None:
    world = World()
    world.watch(minute=1, seq=1, position=5390.0)
    world.watch(minute=5, seq=2, act=2, act_kind="restart", position=400.0)
    view = world.page()
    assert minutes(view) == [5, 1]
    assert [entry.viewing.completed for entry in view.entries] == [False, True]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 50])
def test_pages_follow_each_other_without_gap_or_repetition(limit: int) -> None:
    world = World()
    for minute in (1, 3, 5, 7):
        world.keep(minute=minute, title=world.series)
    world.watch(minute=6)
    pages = world.all_pages(limit)
    assert [minute for page in pages for minute in page] == [7, 6, 5, 3, 1]
    assert all(len(page) == limit for page in pages[:-1])


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_viewings_of_the_same_instant_are_told_apart_by_their_items(limit: int) -> None:
    world = World()
    for item in world.series.items[:3]:
        world.keep(minute=3, title=world.series, item_id=item.id)
    world.watch(minute=3)
    seen: list[str] = []
    cursor: Cursor | None = None
    while True:
        view = world.page(limit=limit, before=cursor)
        seen += [entry.viewing.item_id for entry in view.entries]
        cursor = view.next
        if cursor is None:
            break
    assert seen == sorted([world.film.id, *(item.id for item in world.series.items[:3])])


def test_a_live_viewing_older_than_this_page_waits_for_its_own() -> None:
    world = World()
    world.watch(minute=1)
    for minute in (3, 5):
        world.keep(minute=minute, title=world.series)
    first = world.page(limit=1)
    assert (minutes(first), first.next is None) == ([5], False)


def test_the_history_of_a_profile_without_any_is_empty() -> None:
    assert World().page() == HistoryView(entries=(), next=None)


def test_a_title_that_the_catalog_lost_or_the_policy_refuses_is_left_out() -> None:
    world = World(viewer=make_viewer(policy=KID), series=make_series(maturity_level=5))
    world.keep(minute=1)
    world.keep(minute=2, title=world.series)
    world.keep(minute=3, title=make_film())
    assert minutes(world.page()) == [1]


def test_the_sessions_policy_counts_and_not_the_tokens() -> None:
    world = World(film=make_film(maturity_level=5))
    world.keep(minute=1)
    world.live.sign_in(world.viewer, policy=KID)
    assert minutes(world.page()) == []


def test_an_episode_that_is_gone_is_shown_under_the_name_of_its_series() -> None:
    world = World()
    world.keep(minute=1, title=world.series, item_id="gone")
    assert world.page().entries[0].title == "North Line"


def test_a_revoked_session_sees_nothing() -> None:
    world = World()
    world.live.revoke(world.viewer)
    with pytest.raises(UnauthenticatedError):
        world.page()


def test_a_history_that_does_not_answer_is_never_an_empty_one() -> None:
    world = World()
    world.watch(minute=1)
    world.durable.down = True
    with pytest.raises(UnavailableError):
        world.page()
