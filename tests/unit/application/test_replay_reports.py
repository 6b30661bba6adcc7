"""An offline player's batch: in order, each answered in its place, durable at once."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from reprise.application.replay_reports import replay_reports
from reprise.domain.catalog import Title
from reprise.domain.errors import UnauthenticatedError, UnavailableError
from reprise.domain.identity import Viewer
from reprise.domain.playstate import Outcome, Report
from tests.builders import (
    KID,
    NOW_US,
    PHONE,
    SECOND,
    make_film,
    make_report,
    make_series,
    make_viewer,
)
from tests.fakes.catalog import FakeTitles
from tests.fakes.flush_queue import FakeFlushQueue
from tests.fakes.live_places import FakeLivePlaces
from tests.fakes.places import FakePlaces

HOUR = 3600 * SECOND


@dataclass
class World:
    """Every port, a film for everyone and one for adults."""

    viewer: Viewer = field(default_factory=make_viewer)
    live: FakeLivePlaces = field(default_factory=FakeLivePlaces)
    durable: FakePlaces = field(default_factory=FakePlaces)
    queue: FakeFlushQueue = field(default_factory=FakeFlushQueue)
    film: Title = field(default_factory=lambda: make_film(maturity_level=1))
    grim: Title = field(default_factory=lambda: make_film(maturity_level=5))

    def __post_init__(self) -> None:
        self.catalog = FakeTitles(self.film, self.grim)
        self.live.sign_in(self.viewer)

    def replay(self, *reports: Report) -> list[Outcome]:
        return list(
            replay_reports(
                viewer=self.viewer,
                reports=reports,
                catalog=self.catalog,
                live=self.live,
                durable=self.durable,
                queue=self.queue,
                now=NOW_US // SECOND,
            )
        )

    def of_film(self, **overrides: Any) -> Report:
        return make_report(**({"video_id": self.film.id} | overrides))

    @property
    def ordered(self) -> list[tuple[str, ...]]:
        return [order.item_ids for order in self.queue.orders]


def test_reports_are_applied_in_order_by_the_same_rules() -> None:
    world = World()
    outcomes = world.replay(
        world.of_film(seq=1, position=300.0),
        world.of_film(seq=2, position=330.0),
        world.of_film(seq=2, position=999.0),
        world.of_film(playback_id="pb-2", played_since_act=1.0),
    )
    assert [o.rule for o in outcomes] == ["first", "owner", "duplicate", "too_brief"]
    assert [o.place.position for o in outcomes if o.place] == [300.0, 330.0, 330.0, 330.0]


def test_reports_of_a_batch_count_from_their_own_event_time() -> None:
    world = World()
    (outcome,) = world.replay(world.of_film(event_time=NOW_US - HOUR))
    assert outcome.place
    assert outcome.place.moved_at == NOW_US - HOUR


def test_a_place_that_moved_later_stands_and_the_other_position_is_offered() -> None:
    world = World()
    world.replay(world.of_film(playback_id="pb-tv", position=4320.0))
    world.live.sign_in(world.viewer, device=PHONE)
    (outcome,) = world.replay(
        world.of_film(playback_id="pb-2", position=3240.0, event_time=NOW_US - HOUR)
    )
    assert (outcome.moved, outcome.reason, outcome.device) == (False, "superseded", PHONE)
    assert outcome.place
    assert outcome.place.position == 4320.0


def test_what_is_gone_or_not_allowed_is_answered_in_its_place_and_the_others_applied() -> None:
    world = World(viewer=make_viewer(policy=KID))
    outcomes = world.replay(
        make_report(video_id="gone"),
        world.of_film(seq=1),
        make_report(video_id=world.grim.id),
        world.of_film(item_id="no such episode"),
        world.of_film(seq=2),
    )
    assert [o.reason for o in outcomes] == [
        *("unknown_item", None, "not_allowed", "unknown_item", None)
    ]
    assert [o.place is None for o in outcomes] == [True, False, True, True, False]
    assert len(world.live.dirty) == 1


def test_everything_a_batch_touched_is_ordered_to_be_durable_once() -> None:
    world = World()
    world.replay(
        world.of_film(seq=1),
        make_report(video_id=world.grim.id),
        world.of_film(seq=2),
        make_report(video_id="gone"),
    )
    assert world.ordered == [(world.film.id, world.grim.id)]


def test_a_repeated_batch_is_ordered_again_because_the_first_answer_may_be_lost() -> None:
    world = World()
    world.replay(world.of_film())
    (outcome,) = world.replay(world.of_film())
    assert outcome.reason == "duplicate"
    assert world.ordered == [(world.film.id,)] * 2


def test_a_batch_that_is_refused_whole_still_proves_the_session() -> None:
    world = World()
    assert [o.reason for o in world.replay(make_report(video_id="gone"))] == ["unknown_item"]
    assert world.ordered == []
    world.live.revoke(world.viewer)
    with pytest.raises(UnauthenticatedError):
        world.replay(make_report(video_id="gone"))


def test_an_empty_batch_answers_nothing() -> None:
    assert World().replay() == []


def test_a_policy_that_changed_since_the_token_is_judged_anew_for_every_report() -> None:
    world = World()
    world.live.sign_in(world.viewer, policy=KID)
    outcomes = world.replay(make_report(video_id=world.grim.id), world.of_film())
    assert [o.reason for o in outcomes] == ["not_allowed", None]
    relaxed = World(viewer=make_viewer(policy=KID))
    relaxed.live.sign_in(relaxed.viewer, policy=replace(KID, kids=False, maturity_level=5))
    outcomes = relaxed.replay(make_report(video_id=relaxed.grim.id), relaxed.of_film())
    assert [o.reason for o in outcomes] == [None, None]


def test_cold_episodes_are_loaded_and_a_history_that_is_down_is_settled_later() -> None:
    world, series = World(), make_series()
    world.catalog.known[series.id] = series
    reports = [
        make_report(video_id=series.id, item_id=item.id, playback_id=f"pb-{item.id}")
        for item in series.items
    ]
    world.durable.down = True
    assert all(outcome.moved for outcome in world.replay(*reports))
    assert len(world.live.dirty) == len(series.items)


def test_live_positions_that_do_not_answer_store_nothing() -> None:
    world = World()
    world.live.down = True
    with pytest.raises(UnavailableError):
        world.replay(world.of_film())
    assert world.ordered == []
