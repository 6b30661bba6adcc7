"""One report, from a proved viewer to what stands and what is ordered to be durable."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from reprise.application.record_progress import record_progress
from reprise.domain.catalog import Title
from reprise.domain.errors import (
    NotFoundError,
    RateLimitedError,
    UnauthenticatedError,
    UnavailableError,
)
from reprise.domain.identity import Viewer
from reprise.domain.playstate import Outcome
from reprise.domain.policy import ForbiddenError
from tests.builders import (
    ADULT,
    KID,
    NOW_US,
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
from tests.flush_builders import make_place


@dataclass
class World:
    """Every port, and one film."""

    film: Title = field(default_factory=make_film)
    viewer: Viewer = field(default_factory=make_viewer)
    live: FakeLivePlaces = field(default_factory=FakeLivePlaces)
    durable: FakePlaces = field(default_factory=FakePlaces)
    queue: FakeFlushQueue = field(default_factory=FakeFlushQueue)

    def __post_init__(self) -> None:
        self.catalog = FakeTitles(self.film)
        self.live.sign_in(self.viewer)

    def report(self, **overrides: Any) -> Outcome:
        return record_progress(
            viewer=self.viewer,
            report=make_report(**({"video_id": self.film.id} | overrides)),
            catalog=self.catalog,
            live=self.live,
            durable=self.durable,
            queue=self.queue,
            now=NOW_US // SECOND,
        )

    @property
    def ordered(self) -> list[tuple[str, ...]]:
        return [order.item_ids for order in self.queue.orders]

    @property
    def is_untouched(self) -> bool:
        return not self.live.dirty and not self.queue.orders and not self.durable.reads


def test_a_report_moves_the_place_and_says_so() -> None:
    world = World()
    outcome = world.report(position=1234.5)
    assert (outcome.moved, outcome.reason, outcome.rule) == (True, None, "first")
    assert outcome.place
    assert (outcome.place.position, outcome.place.duration) == (1234.5, 5400.0)


def test_the_catalogs_thresholds_are_what_completes_an_item() -> None:
    world = World(film=make_film(credits_start=3000.0))
    outcome = world.report(position=3000.0)
    assert outcome.place
    assert outcome.place.completed


def test_an_episode_is_judged_by_its_own_length() -> None:
    world = World(film=make_series())
    episode = world.film.items[1]
    outcome = world.report(item_id=episode.id, position=2300.0)
    assert outcome.place
    assert (outcome.place.item_id, outcome.place.completed) == (episode.id, True)


@pytest.mark.parametrize("state", ["paused", "stopped"])
def test_a_pause_and_a_stop_are_ordered_to_be_durable_at_once(state: str) -> None:
    world = World()
    world.report(state=state)
    assert world.ordered == [(world.film.id,)]


def test_playing_waits_for_the_next_flush() -> None:
    world = World()
    world.report(state="playing")
    assert world.ordered == []


def test_a_refused_stop_is_durable_at_once_too_as_that_devices_own_position() -> None:
    world = World()
    world.report()
    world.report(playback_id="pb-2", played_since_act=1.0, state="stopped")
    assert world.ordered == [(world.film.id,)]


def test_a_repeated_stop_is_ordered_again_because_the_first_order_may_be_lost() -> None:
    world = World()
    world.queue.down = True
    assert world.report(state="stopped").moved
    world.queue.down = False
    assert world.report(state="stopped").reason == "duplicate"
    assert world.ordered == [(world.film.id,)]


def test_a_queue_that_is_down_does_not_fail_the_report() -> None:
    world = World()
    world.queue.down = True
    assert world.report(state="stopped").moved
    assert world.live.dirty == {(world.viewer.profile_id, world.film.id)}


def test_an_unknown_title_is_not_found_and_stores_nothing() -> None:
    world = World()
    with pytest.raises(NotFoundError):
        world.report(video_id="unknown")
    assert world.is_untouched


def test_an_unknown_episode_is_not_found_and_stores_nothing() -> None:
    world = World(film=make_series())
    with pytest.raises(NotFoundError):
        world.report(item_id="unknown")
    with pytest.raises(NotFoundError):
        world.report(item_id=world.film.id)
    assert world.is_untouched


def test_a_forbidden_title_is_refused_with_the_reason_and_stores_nothing() -> None:
    world = World(film=make_film(maturity_level=4), viewer=make_viewer(policy=KID))
    with pytest.raises(ForbiddenError) as refused:
        world.report()
    assert refused.value.reason == "kids"
    assert world.is_untouched


def test_an_unknown_title_with_a_revoked_session_is_unauthenticated() -> None:
    world = World()
    world.live.revoke(world.viewer)
    with pytest.raises(UnauthenticatedError):
        world.report(video_id="unknown")


def test_a_forbidden_title_with_a_revoked_session_is_unauthenticated() -> None:
    world = World(film=make_film(maturity_level=4), viewer=make_viewer(policy=KID))
    world.live.revoke(world.viewer)
    with pytest.raises(UnauthenticatedError):
        world.report()


def test_a_policy_that_was_tightened_since_the_token_is_the_one_that_counts() -> None:
    world = World(film=make_film(maturity_level=4))
    world.live.sign_in(world.viewer, policy=KID)
    with pytest.raises(ForbiddenError) as refused:
        world.report()
    assert refused.value.reason == "kids"
    assert not world.live.dirty


def test_what_the_token_forbids_and_the_session_allows_is_allowed() -> None:
    world = World(film=make_film(maturity_level=4), viewer=make_viewer(policy=KID))
    world.live.sign_in(world.viewer, policy=ADULT)
    assert world.report().moved


def test_another_policy_that_allows_the_title_as_well_changes_nothing() -> None:
    world = World(film=make_film(maturity_level=1))
    world.live.sign_in(world.viewer, policy=KID)
    assert world.report().moved


def test_a_place_that_is_not_live_is_loaded_from_the_history() -> None:
    world = World()
    place = make_place(video_id=world.film.id, owner="pb-old", rev=8, position=3000.0)
    world.durable.stored[world.viewer.profile_id, world.film.id, world.film.id] = place
    outcome = world.report(played_since_act=3.0)
    assert (outcome.reason, outcome.place and outcome.place.position) == ("too_brief", 3000.0)


def test_while_the_history_is_down_reports_are_still_accepted() -> None:
    world = World()
    world.durable.down = True
    assert world.report(seq=1).moved
    reads = world.durable.reads
    assert world.report(seq=2).moved
    assert world.durable.reads == reads


def test_live_positions_that_do_not_answer_acknowledge_nothing() -> None:
    world = World()
    world.live.down = True
    with pytest.raises(UnavailableError):
        world.report(state="stopped")
    assert world.ordered == []


def test_a_session_that_sends_too_much_is_refused() -> None:
    world = World(live=FakeLivePlaces(reports_per_minute=1))
    world.report(seq=1)
    with pytest.raises(RateLimitedError):
        world.report(seq=2)
