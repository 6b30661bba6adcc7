"""Watched and not watched by hand: a film, an episode, or all aired episodes of a series."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from reprise.application.mark_watched import mark_watched
from reprise.domain.catalog import Title
from reprise.domain.errors import NotFoundError, UnauthenticatedError, UnavailableError
from reprise.domain.identity import Viewer
from reprise.domain.playstate import Outcome, Place
from reprise.domain.policy import ForbiddenError
from tests.builders import KID, NOW_US, SECOND, make_film, make_series, make_viewer
from tests.fakes.catalog import FakeTitles
from tests.fakes.flush_queue import FakeFlushQueue
from tests.fakes.live_places import FakeLivePlaces
from tests.fakes.places import FakePlaces
from tests.flush_builders import make_place

NOW = NOW_US // SECOND


@dataclass
class World:
    """Every port, and one title."""

    title: Title = field(default_factory=make_film)
    viewer: Viewer = field(default_factory=make_viewer)
    live: FakeLivePlaces = field(default_factory=FakeLivePlaces)
    durable: FakePlaces = field(default_factory=FakePlaces)
    queue: FakeFlushQueue = field(default_factory=FakeFlushQueue)

    def __post_init__(self) -> None:
        self.live.sign_in(self.viewer)

    def keep(self, number: int = 0, **overrides: Any) -> Place:
        item_id = self.title.items[number].id
        place = make_place(video_id=self.title.id, item_id=item_id, **overrides)
        self.durable.stored[self.viewer.profile_id, self.title.id, item_id] = place
        return place

    def mark(
        self,
        *,
        watched: bool = True,
        episode_id: str | None = None,
        video_id: str | None = None,
    ) -> list[Outcome]:
        return list(
            mark_watched(
                viewer=self.viewer,
                video_id=video_id or self.title.id,
                episode_id=episode_id,
                watched=watched,
                catalog=FakeTitles(self.title),
                live=self.live,
                durable=self.durable,
                queue=self.queue,
                now=NOW,
            )
        )

    @property
    def ordered(self) -> list[tuple[str, ...]]:
        return [order.item_ids for order in self.queue.orders]


def test_a_film_is_marked_watched_and_durable_at_once() -> None:
    world = World()
    (outcome,) = world.mark()
    assert outcome.place
    assert (outcome.moved, outcome.place.completed, outcome.place.position) == (True, True, 5400.0)
    assert world.ordered == [(world.title.id,)]


def test_a_durable_place_is_what_not_watched_restores() -> None:
    world = World()
    world.keep(position=1111.0, rev=6)
    world.mark()
    world.live.now_us += SECOND
    (outcome,) = world.mark(watched=False)
    assert outcome.place
    assert (outcome.place.position, outcome.place.completed, outcome.place.rev) == (
        *(1111.0, False, 8),
    )


def test_one_episode_is_marked_alone() -> None:
    world = World(title=make_series())
    episode = world.title.items[2]
    (outcome,) = world.mark(episode_id=episode.id)
    assert outcome.place
    assert outcome.place.item_id == episode.id


def test_a_series_without_an_episode_means_all_its_aired_episodes() -> None:
    series = make_series(seasons=(2, 1))
    unaired = replace(series.items[2], aired_at=NOW + 1)
    world = World(title=replace(series, items=(*series.items[:2], unaired)))
    world.keep(1, completed=True)
    outcomes = world.mark()
    assert [o.place.item_id for o in outcomes if o.place] == [i.id for i in series.items[:2]]
    assert [o.moved for o in outcomes] == [True, False]
    assert world.ordered == [(series.items[0].id,)]


def test_not_watched_of_what_has_no_place_is_answered_without_one() -> None:
    world = World(title=make_series(seasons=(2,)))
    assert [(o.place, o.moved) for o in world.mark(watched=False)] == [(None, False)] * 2
    assert world.ordered == []


def test_an_unknown_title_or_episode_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        World().mark(video_id="unknown")
    with pytest.raises(NotFoundError):
        World().mark(episode_id="a film has none")
    with pytest.raises(NotFoundError):
        World(title=make_series()).mark(episode_id="unknown")


def test_a_forbidden_title_is_refused() -> None:
    world = World(title=make_film(maturity_level=5), viewer=make_viewer(policy=KID))
    with pytest.raises(ForbiddenError):
        world.mark()


def test_a_revoked_session_marks_nothing() -> None:
    world = World()
    world.live.revoke(world.viewer)
    with pytest.raises(UnauthenticatedError):
        world.mark()
    assert not world.live.dirty


def test_while_the_history_is_down_nothing_is_marked() -> None:
    world = World()
    world.durable.down = True
    with pytest.raises(UnavailableError):
        world.mark()
    assert not world.live.dirty


def test_marking_is_done_though_the_queue_is_down() -> None:
    world = World()
    world.queue.down = True
    (outcome,) = world.mark()
    assert outcome.moved
