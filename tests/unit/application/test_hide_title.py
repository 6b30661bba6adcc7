"""Hiding a title: the whole series, whatever is live or durable, and durable at once."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from reprise.application.hide_title import hide_title
from reprise.domain.catalog import Title
from reprise.domain.errors import NotFoundError, UnauthenticatedError, UnavailableError
from reprise.domain.identity import Viewer
from reprise.domain.playstate import Place
from reprise.domain.policy import ForbiddenError
from tests.builders import KID, NOW_US, SECOND, make_film, make_report, make_series, make_viewer
from tests.fakes.catalog import FakeTitles
from tests.fakes.flush_queue import FakeFlushQueue
from tests.fakes.live_places import FakeLivePlaces
from tests.fakes.places import FakePlaces
from tests.flush_builders import make_place


@dataclass
class World:
    """Every port, and one title."""

    title: Title = field(default_factory=make_series)
    viewer: Viewer = field(default_factory=make_viewer)
    live: FakeLivePlaces = field(default_factory=FakeLivePlaces)
    durable: FakePlaces = field(default_factory=FakePlaces)
    queue: FakeFlushQueue = field(default_factory=FakeFlushQueue)

    def __post_init__(self) -> None:
        self.live.sign_in(self.viewer)

    def keep(self, number: int, **overrides: Any) -> Place:
        item_id = self.title.items[number].id
        place = make_place(video_id=self.title.id, item_id=item_id, **overrides)
        self.durable.stored[self.viewer.profile_id, self.title.id, item_id] = place
        return place

    def watch(self, number: int) -> None:
        item = self.title.items[number]
        self.live.record(
            viewer=self.viewer,
            reports=[(make_report(video_id=self.title.id, item_id=item.id), item.facts)],
            durable={item.id: None},
        )

    def hide(self, video_id: str | None = None) -> None:
        hide_title(
            viewer=self.viewer,
            video_id=video_id or self.title.id,
            catalog=FakeTitles(self.title),
            live=self.live,
            durable=self.durable,
            queue=self.queue,
            now=NOW_US // SECOND,
        )

    @property
    def hidden(self) -> set[str]:
        places = self.live.live(profile_id=self.viewer.profile_id).places
        return {place.item_id for place in places if place.hidden}


def test_a_series_is_hidden_as_a_whole_live_or_durable() -> None:
    world = World()
    world.keep(0)
    world.watch(2)
    world.hide()
    ids = {world.title.items[0].id, world.title.items[2].id}
    assert world.hidden == ids
    assert [set(order.item_ids) for order in world.queue.orders] == [ids]


def test_hiding_again_orders_nothing() -> None:
    world = World()
    world.watch(0)
    world.hide()
    world.hide()
    assert len(world.queue.orders) == 1


def test_hiding_what_was_never_watched_does_nothing() -> None:
    world = World()
    world.hide()
    assert (world.hidden, world.queue.orders) == (set(), [])


def test_hiding_is_done_though_the_queue_is_down() -> None:
    world = World()
    world.watch(0)
    world.queue.down = True
    world.hide()
    assert world.hidden == {world.title.items[0].id}


def test_an_unknown_title_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        World().hide("unknown")


def test_a_forbidden_title_is_refused() -> None:
    world = World(title=make_film(maturity_level=5), viewer=make_viewer(policy=KID))
    with pytest.raises(ForbiddenError):
        world.hide()


def test_a_revoked_session_hides_nothing() -> None:
    world = World()
    world.watch(0)
    world.live.revoke(world.viewer)
    with pytest.raises(UnauthenticatedError):
        world.hide()
    assert world.hidden == set()


def test_while_the_history_is_down_nothing_is_hidden_by_halves() -> None:
    world = World()
    world.watch(0)
    world.durable.down = True
    with pytest.raises(UnavailableError):
        world.hide()
    assert world.hidden == set()
