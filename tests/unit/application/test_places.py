"""What the playstate use cases share: titles, cold places, changed policies, urgent flushes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from reprise.application.places import (
    ATTEMPTS,
    Judged,
    allowed_title,
    episode_id_of,
    flush_now,
    item_or_raise,
    merge,
    title_or_raise,
)
from reprise.application.ports import RecordAnswer
from reprise.domain.buckets import bucket_of
from reprise.domain.errors import NotFoundError, UnauthenticatedError, UnavailableError
from reprise.domain.flush import FlushOrder
from reprise.domain.identity import Viewer
from reprise.domain.playstate import Place
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

NOW = NOW_US // SECOND
FILM = make_film()


def test_a_title_that_nobody_knows_is_not_found() -> None:
    catalog = FakeTitles(FILM)
    assert title_or_raise(catalog=catalog, video_id=FILM.id) == FILM
    with pytest.raises(NotFoundError):
        title_or_raise(catalog=catalog, video_id="unknown")


def test_an_episode_that_does_not_fit_its_title_is_not_found() -> None:
    series = make_series()
    assert item_or_raise(title=series, episode_id=series.items[0].id) == series.items[0]
    for title, episode_id in ((series, None), (series, "unknown"), (FILM, "episode")):
        with pytest.raises(NotFoundError):
            item_or_raise(title=title, episode_id=episode_id)


def test_a_films_report_names_no_episode() -> None:
    assert episode_id_of(make_report(video_id="film")) is None
    assert episode_id_of(make_report(video_id="series", item_id="episode")) == "episode"


def test_an_allowed_title_comes_with_the_policy_of_the_session() -> None:
    live, viewer = FakeLivePlaces(), make_viewer()
    live.sign_in(viewer, policy=KID)
    mild, wild = make_film(maturity_level=1), make_film(maturity_level=3)
    catalog = FakeTitles(mild, wild)

    def ask(video_id: str) -> object:
        return allowed_title(viewer=viewer, video_id=video_id, catalog=catalog, live=live, now=NOW)

    assert ask(mild.id) == (replace(viewer, policy=KID), mild)
    with pytest.raises(ForbiddenError):
        ask(wild.id)
    with pytest.raises(NotFoundError):
        ask("unknown")
    live.revoke(viewer)
    for video_id in (mild.id, wild.id, "unknown"):
        with pytest.raises(UnauthenticatedError):
            ask(video_id)


def test_an_urgent_flush_names_the_profiles_bucket_and_items() -> None:
    queue, viewer = FakeFlushQueue(), make_viewer()
    assert flush_now(viewer=viewer, item_ids=["a", "b"], queue=queue)
    bucket = bucket_of(viewer.profile_id)
    assert queue.orders == [
        FlushOrder(
            first_bucket=bucket,
            last_bucket=bucket,
            profile_id=viewer.profile_id,
            item_ids=("a", "b"),
        )
    ]


def test_nothing_to_flush_sends_nothing() -> None:
    queue = FakeFlushQueue(down=True)
    assert flush_now(viewer=make_viewer(), item_ids=[], queue=queue)


def test_a_queue_that_does_not_answer_loses_nothing() -> None:
    queue = FakeFlushQueue(down=True)
    assert not flush_now(viewer=make_viewer(), item_ids=["a"], queue=queue)


@dataclass
class World:
    """A signed-in viewer, live places and a durable store."""

    viewer: Viewer = field(default_factory=make_viewer)
    live: FakeLivePlaces = field(default_factory=FakeLivePlaces)
    durable: FakePlaces = field(default_factory=FakePlaces)

    def __post_init__(self) -> None:
        self.live.sign_in(self.viewer)

    def keep(self, **overrides: Any) -> Place:
        place = make_place(**overrides)
        self.durable.stored[self.viewer.profile_id, place.video_id, place.item_id] = place
        return place

    def merge(self, *reports: Any) -> Sequence[Any]:
        def judge(viewer: Viewer) -> Judged:
            return [(report, FILM.items[0].facts) for report in reports]

        return merge(viewer=self.viewer, judge=judge, live=self.live, durable=self.durable)


def test_a_live_place_needs_no_durable_one() -> None:
    world = World()
    world.merge(make_report(seq=1))
    reads = world.durable.reads
    world.merge(make_report(seq=2))
    assert world.durable.reads == reads == 1


def test_a_cold_place_is_loaded_and_the_report_judged_against_it() -> None:
    world = World()
    world.keep(video_id="film-1", owner="pb-1", position=4000.0)
    (outcome,) = world.merge(make_report(playback_id="pb-2", played_since_act=1.0))
    assert (outcome.moved, outcome.reason) == (False, "too_brief")
    assert outcome.place.position == 4000.0


def test_cold_places_of_a_batch_are_loaded_title_by_title() -> None:
    world = World()
    world.keep(video_id="series", item_id="e1", position=100.0, rev=4)
    world.keep(video_id="series", item_id="e3", position=300.0)
    world.keep(video_id="film-1", position=200.0, rev=7)
    outcomes = world.merge(
        make_report(video_id="series", item_id="e1"),
        make_report(video_id="series", item_id="e2"),
        make_report(video_id="film-1"),
    )
    assert [outcome.place.rev for outcome in outcomes] == [5, 1, 8]
    assert world.durable.reads == 2


def test_while_the_history_is_away_reports_are_accepted_for_the_time_being() -> None:
    world = World()
    world.durable.down = True
    (outcome,) = world.merge(make_report())
    assert outcome.moved
    unsaved = world.live.unsaved(profile_id=world.viewer.profile_id, item_id="film-1")
    assert unsaved.provisional


def test_the_history_that_goes_away_half_way_keeps_what_it_told() -> None:
    world = World()
    world.keep(video_id="film-1", position=200.0, rev=7)

    class HalfWay(FakePlaces):
        def places(self, *, profile_id: str, video_id: str | None = None) -> Sequence[Place]:
            self.down = self.reads > 0
            return super().places(profile_id=profile_id, video_id=video_id)

    world.durable = HalfWay(stored=world.durable.stored)
    outcomes = world.merge(make_report(video_id="film-1"), make_report(video_id="film-2"))
    assert all(outcome.moved for outcome in outcomes)


def test_a_session_that_may_more_than_the_token_says_is_judged_by_the_session() -> None:
    world = World(viewer=make_viewer(policy=KID))
    world.live.sign_in(world.viewer, policy=ADULT)
    judged = []

    def judge(viewer: Viewer) -> Judged:
        judged.append(viewer.policy)
        if viewer.policy == KID:
            raise ForbiddenError("not for children", reason="kids")
        return [(make_report(), FILM.items[0].facts)]

    (outcome,) = merge(viewer=world.viewer, judge=judge, live=world.live, durable=world.durable)
    assert outcome.moved
    assert judged[0] == KID
    assert set(judged[1:]) == {ADULT}


def test_what_the_token_and_the_session_both_refuse_is_refused() -> None:
    world = World()

    def judge(viewer: Viewer) -> Judged:
        raise NotFoundError("there is no such title")

    with pytest.raises(NotFoundError):
        merge(viewer=world.viewer, judge=judge, live=world.live, durable=world.durable)


class NeverStill(FakeLivePlaces):
    """Live places whose item is cold every time, as if it were evicted at once."""

    def record(self, **_: Any) -> RecordAnswer:
        return RecordAnswer(cold=["film-1"])


def test_a_place_that_changes_too_fast_is_unavailable_and_not_an_endless_loop() -> None:
    world = World(live=NeverStill())
    with pytest.raises(UnavailableError):
        world.merge(make_report())
    assert world.durable.reads == ATTEMPTS


class OtherPolicy(FakeLivePlaces):
    """Live places whose session changes its policy between the two looks at it."""

    def record(self, **known: Any) -> RecordAnswer:
        durable: Mapping[str, Any] | None = known.get("durable")
        if durable is None:
            return RecordAnswer(cold=["film-1"])
        return super().record(**known)


def test_a_policy_that_changes_while_the_place_is_loaded_is_judged_again() -> None:
    world = World(live=OtherPolicy())
    world.live.sign_in(world.viewer, policy=KID)
    policies = []

    def judge(viewer: Viewer) -> Judged:
        policies.append(viewer.policy)
        return [(make_report(), FILM.items[0].facts)]

    (outcome,) = merge(viewer=world.viewer, judge=judge, live=world.live, durable=world.durable)
    assert outcome.moved
    assert policies == [ADULT, ADULT, KID]
