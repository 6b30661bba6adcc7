"""The row: read while ready, rebuilt by one when not, stale but never wrong without its stores."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from reprise.application.list_continue_watching import (
    FILL_ATTEMPTS,
    WAIT_SECONDS,
    WAITS,
    list_continue_watching,
)
from reprise.domain.catalog import Title
from reprise.domain.errors import RateLimitedError, UnauthenticatedError, UnavailableError
from reprise.domain.identity import Viewer
from reprise.domain.playstate import Place
from reprise.domain.row import Row
from tests.builders import ADULT, KID, SECOND, make_film, make_report, make_viewer
from tests.fakes.catalog import FakeTitles
from tests.fakes.live_places import FakeLivePlaces
from tests.fakes.places import FakePlaces
from tests.fakes.row_cache import FakeRowCache
from tests.flush_builders import make_place


def no_pause(_: float) -> None:
    raise AssertionError("nobody should have to wait")


@dataclass
class World:
    """Every port, and two films."""

    viewer: Viewer = field(default_factory=make_viewer)
    live: FakeLivePlaces = field(default_factory=FakeLivePlaces)
    durable: FakePlaces = field(default_factory=FakePlaces)
    film: Title = field(default_factory=make_film)
    other: Title = field(default_factory=make_film)

    def __post_init__(self) -> None:
        self.live.sign_in(self.viewer)
        self.catalog = FakeTitles(self.film, self.other)
        self.rows = FakeRowCache(self.live, clock=lambda: self.live.now_us / SECOND)

    def keep(self, film: Title, **overrides: Any) -> Place:
        place = make_place(**({"video_id": film.id} | overrides))
        self.durable.stored[self.viewer.profile_id, film.id, film.id] = place
        return place

    def watch(self, film: Title, **overrides: Any) -> None:
        report = make_report(**({"video_id": film.id} | overrides))
        facts = film.items[0].facts
        self.live.record(viewer=self.viewer, reports=[(report, facts)], durable={film.id: None})

    def row(self, pause: Callable[[float], None] = no_pause) -> Row:
        return list_continue_watching(
            viewer=self.viewer,
            catalog=self.catalog,
            rows=self.rows,
            live=self.live,
            durable=self.durable,
            now=self.live.now_us // SECOND,
            pause=pause,
        )

    def expire(self) -> None:
        self.live.now_us += 3600 * SECOND


def positions(row: Row) -> dict[str, float]:
    return {entry.title.id: entry.resume_position for entry in row.entries}


def test_a_missing_row_is_made_of_what_is_durable_and_what_is_live() -> None:
    world = World()
    world.keep(world.film, position=500.0)
    world.watch(world.other, position=900.0)
    row = world.row()
    assert positions(row) == {world.film.id: 500.0, world.other.id: 900.0}
    assert not row.stale


def test_a_live_place_stands_before_the_older_durable_one() -> None:
    world = World()
    world.watch(world.film, seq=1, position=900.0)
    world.keep(world.film, rev=1, position=900.0)
    world.watch(world.film, seq=2, position=930.0)
    assert positions(world.row()) == {world.film.id: 930.0}


def test_a_ready_row_asks_nobody_else() -> None:
    world = World()
    world.keep(world.film)
    first = world.row()
    reads = world.durable.reads
    assert world.row() == first
    assert (world.durable.reads, world.rows.fills) == (reads, 1)


def test_an_empty_row_is_ready_too() -> None:
    world = World()
    assert world.row() == Row(entries=(), stale=False)
    world.row()
    assert world.durable.reads == 1


def test_a_ready_row_is_served_while_the_history_is_away() -> None:
    world = World()
    world.keep(world.film)
    world.row()
    world.durable.down = True
    row = world.row()
    assert (set(positions(row)), row.stale) == ({world.film.id}, False)


def test_a_row_past_its_freshness_is_rebuilt() -> None:
    world = World()
    world.row()
    world.keep(world.film)
    world.expire()
    assert set(positions(world.row())) == {world.film.id}
    assert world.rows.fills == 2


def test_a_row_past_its_freshness_is_served_as_stale_while_the_history_is_away() -> None:
    world = World()
    world.keep(world.film, position=500.0)
    world.row()
    world.watch(world.other, position=900.0)
    world.expire()
    world.durable.down = True
    row = world.row()
    assert positions(row) == {world.film.id: 500.0, world.other.id: 900.0}
    assert row.stale


def test_while_the_history_is_away_what_is_live_is_served_as_stale() -> None:
    world = World()
    world.watch(world.film)
    world.durable.down = True
    row = world.row()
    assert (set(positions(row)), row.stale) == ({world.film.id}, True)
    assert world.rows.fills == 0


def test_where_nothing_is_known_there_is_no_row_and_no_empty_one_is_kept() -> None:
    world = World()
    world.durable.down = True
    with pytest.raises(UnavailableError):
        world.row()
    world.keep(world.film)
    world.durable.down = False
    assert set(positions(world.row())) == {world.film.id}


def test_the_one_who_rebuilds_lets_others_try_after_a_failure() -> None:
    world = World()
    world.durable.down = True
    with pytest.raises(UnavailableError):
        world.row()
    assert world.rows.filling == {}


class Overtaking(FakePlaces):
    """A history that takes so long that a report arrives meanwhile, a number of times."""

    times = 0
    report: Callable[[int], None]

    def places(self, *, profile_id: str, video_id: str | None = None) -> Sequence[Place]:
        places = super().places(profile_id=profile_id, video_id=video_id)
        if self.reads <= self.times:
            self.report(self.reads)
        return places


def overtaken(times: int) -> World:
    durable = Overtaking()
    world = World(durable=durable)
    durable.times = times
    durable.report = lambda number: world.watch(world.film, seq=number, position=900.0 + number)
    return world


def test_a_rebuilt_row_that_a_report_overtook_is_rebuilt_again() -> None:
    world = overtaken(1)
    assert positions(world.row()) == {world.film.id: 901.0}
    assert (world.durable.reads, world.rows.fills) == (2, 1)


def test_a_row_that_is_overtaken_every_time_is_answered_but_not_kept() -> None:
    world = overtaken(FILL_ATTEMPTS)
    assert positions(world.row()) == {world.film.id: 900.0 + FILL_ATTEMPTS - 1}
    assert (world.durable.reads, world.rows.fills) == (FILL_ATTEMPTS, 0)


def test_others_wait_for_the_one_who_rebuilds() -> None:
    world = World()
    world.rows.begin_fill(profile_id=world.viewer.profile_id)
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            place = world.keep(world.film)
            world.rows.fill(profile_id=world.viewer.profile_id, places=[place], version=0)

    assert set(positions(world.row(pause))) == {world.film.id}
    assert pauses == [WAIT_SECONDS] * 3
    assert world.durable.reads == 0


def test_who_waits_takes_over_where_the_one_who_rebuilds_gave_up() -> None:
    world = World()
    world.keep(world.film)
    token = world.rows.begin_fill(profile_id=world.viewer.profile_id)
    assert token

    def pause(_: float) -> None:
        world.rows.end_fill(profile_id=world.viewer.profile_id, token=token)

    assert set(positions(world.row(pause))) == {world.film.id}
    assert world.durable.reads == 1


def test_nobody_waits_for_ever() -> None:
    world = World()
    world.rows.begin_fill(profile_id=world.viewer.profile_id)
    pauses: list[float] = []
    with pytest.raises(UnavailableError):
        world.row(pauses.append)
    assert len(pauses) == WAITS
    assert world.durable.reads == 0


def test_while_another_rebuilds_the_row_past_its_freshness_is_served_and_says_so() -> None:
    world = World()
    world.keep(world.film)
    world.row()
    world.expire()
    world.rows.begin_fill(profile_id=world.viewer.profile_id)
    row = world.row()
    assert (set(positions(row)), row.stale) == ({world.film.id}, True)


def test_a_row_that_became_ready_meanwhile_is_taken() -> None:
    world = World()
    world.keep(world.film)

    class JustFilled(FakeRowCache):
        def begin_fill(self, *, profile_id: str) -> str | None:
            self.fill(profile_id=profile_id, places=[world.keep(world.other)], version=0)
            return super().begin_fill(profile_id=profile_id)

    world.rows = JustFilled(world.live)
    assert set(positions(world.row())) == {world.other.id}
    assert (world.durable.reads, world.rows.filling) == (0, {})


def test_the_policy_of_the_session_decides_about_every_title() -> None:
    world = World(film=make_film(maturity_level=1), other=make_film(maturity_level=5))
    world.keep(world.film)
    world.keep(world.other)
    assert len(world.row().entries) == 2
    world.live.sign_in(world.viewer, policy=KID)
    assert set(positions(world.row())) == {world.film.id}
    world.live.sign_in(world.viewer, policy=ADULT)
    assert len(world.row().entries) == 2
    assert world.durable.reads == 1


def test_a_title_that_leaves_the_catalog_leaves_the_ready_row() -> None:
    world = World()
    world.keep(world.film)
    assert len(world.row().entries) == 1
    world.catalog.known.clear()
    assert world.row().entries == ()


def test_a_revoked_session_sees_nothing() -> None:
    world = World()
    world.live.revoke(world.viewer)
    with pytest.raises(UnauthenticatedError):
        world.row()


def test_a_session_that_asks_too_much_is_refused() -> None:
    world = World(live=FakeLivePlaces(reports_per_minute=1))
    world.row()
    with pytest.raises(RateLimitedError):
        world.row()


def test_waiting_for_the_row_counts_as_one_request() -> None:
    world = World(live=FakeLivePlaces(reports_per_minute=1))
    world.rows.begin_fill(profile_id=world.viewer.profile_id)
    with pytest.raises(UnavailableError):
        world.row(lambda _: None)


def test_live_positions_that_do_not_answer_are_unavailable() -> None:
    world = World()
    world.live.down = True
    with pytest.raises(UnavailableError):
        world.row()


def test_a_catalog_that_does_not_answer_makes_no_row() -> None:
    world = World()
    world.keep(world.film)
    world.catalog.down = True
    with pytest.raises(UnavailableError):
        world.row()
    assert (world.rows.fills, world.rows.filling) == (0, {})
