"""The promise of `RowCache`, kept by the fake and by Redis, and what live places do to a row."""

import pytest

from reprise.application.ports import RowAnswer
from reprise.domain.errors import RateLimitedError, UnauthenticatedError
from reprise.domain.identity import Viewer
from reprise.domain.playstate import ItemFacts, Place, Report
from tests.builders import KID, make_report, make_viewer
from tests.fakes.row_cache import row_place
from tests.flush_builders import make_place
from tests.harness.live_worlds import (
    BOTH,
    REPORTS_PER_MINUTE,
    ROW_TTL_SECONDS,
    World,
    make_world,
)

FACTS = ItemFacts(duration=2400.0, completes_at=2280.0, shown_from=120.0)


@pytest.fixture(params=BOTH)
def world(request: pytest.FixtureRequest) -> World:
    return make_world(request)


@pytest.fixture
def viewer(world: World) -> Viewer:
    viewer = make_viewer()
    world.sign_in(viewer)
    return viewer


def fill(world: World, viewer: Viewer, *places: Place, version: int = 0) -> bool:
    return world.rows.fill(profile_id=viewer.profile_id, places=places, version=version)


def record(world: World, viewer: Viewer, *reports: Report) -> None:
    durable = {report.item_id: None for report in reports}
    world.live.record(viewer=viewer, reports=[(r, FACTS) for r in reports], durable=durable)


def positions(answer: RowAnswer) -> dict[str, float]:
    assert answer.places is not None
    return {place.item_id: place.position for place in answer.places}


def filled(world: World, viewer: Viewer, *reports: Report) -> None:
    """Let these be recorded and the row be ready with them."""
    record(world, viewer, *reports)
    live = world.live.live(profile_id=viewer.profile_id)
    assert world.rows.fill(profile_id=viewer.profile_id, places=live.places, version=live.version)


def test_a_row_that_was_never_made_is_a_miss(world: World, viewer: Viewer) -> None:
    answer = world.rows.read(viewer=viewer)
    assert (answer.places, answer.expired, answer.policy) == (None, False, viewer.policy)


def test_a_read_is_told_what_is_left_and_a_repeated_look_is_not_counted(
    world: World, viewer: Viewer
) -> None:
    world.rows.read(viewer=viewer)
    world.rows.read(viewer=viewer, counted=False)
    assert [told.remaining for told in world.allowances] == [REPORTS_PER_MINUTE - 1]


def test_a_row_is_read_as_it_was_filled_without_what_places_remember(
    world: World, viewer: Viewer
) -> None:
    places = [make_place(video_id="film-1"), make_place(video_id="film-2", completed=True)]
    assert fill(world, viewer, *places)
    answer = world.rows.read(viewer=viewer)
    assert answer.places is not None
    assert sorted(answer.places, key=lambda p: p.item_id) == [row_place(place) for place in places]
    assert not answer.expired


def test_an_empty_row_is_a_row(world: World, viewer: Viewer) -> None:
    assert fill(world, viewer)
    answer = world.rows.read(viewer=viewer)
    assert answer.places is not None
    assert list(answer.places) == []
    assert not answer.expired


def test_filling_replaces_the_row_before(world: World, viewer: Viewer) -> None:
    fill(world, viewer, make_place(video_id="film-1"))
    fill(world, viewer, make_place(video_id="film-2"))
    assert set(positions(world.rows.read(viewer=viewer))) == {"film-2"}


def test_a_row_past_its_freshness_says_so_and_is_still_there(world: World, viewer: Viewer) -> None:
    fill(world, viewer, make_place(video_id="film-1"))
    world.pass_time(ROW_TTL_SECONDS - 1)
    assert not world.rows.read(viewer=viewer).expired
    world.pass_time(1)
    answer = world.rows.read(viewer=viewer)
    assert answer.expired
    assert set(positions(answer)) == {"film-1"}


@pytest.mark.parametrize("stranger", ["account_id", "profile_id", "session_id"])
def test_only_the_session_of_this_account_and_profile_reads(
    world: World, viewer: Viewer, stranger: str
) -> None:
    names = {
        "account_id": viewer.account_id,
        "profile_id": viewer.profile_id,
        "session_id": viewer.session_id,
    }
    with pytest.raises(UnauthenticatedError):
        world.rows.read(viewer=make_viewer(**names | {stranger: "someone-else"}))
    world.revoke(viewer)
    with pytest.raises(UnauthenticatedError):
        world.rows.read(viewer=viewer, counted=False)


def test_reads_count_against_the_session_and_a_repeated_look_does_not(
    world: World, viewer: Viewer
) -> None:
    for _ in range(REPORTS_PER_MINUTE):
        world.rows.read(viewer=viewer)
        world.rows.read(viewer=viewer, counted=False)
    with pytest.raises(RateLimitedError):
        world.rows.read(viewer=viewer)
    assert world.rows.read(viewer=viewer, counted=False).places is None


def test_the_answer_says_what_the_session_may_now(world: World, viewer: Viewer) -> None:
    world.sign_in(viewer, policy=KID)
    assert world.rows.read(viewer=viewer).policy == KID


def test_one_caller_fills_until_it_is_done(world: World, viewer: Viewer) -> None:
    token = world.rows.begin_fill(profile_id=viewer.profile_id)
    assert token
    assert not world.rows.begin_fill(profile_id=viewer.profile_id)
    assert world.rows.begin_fill(profile_id=make_viewer().profile_id)
    world.rows.end_fill(profile_id=viewer.profile_id, token=token)
    assert world.rows.begin_fill(profile_id=viewer.profile_id)


def test_a_caller_that_is_too_slow_does_not_end_the_fill_of_the_next(
    world: World, viewer: Viewer
) -> None:
    slow = world.rows.begin_fill(profile_id=viewer.profile_id)
    assert slow
    world.outlast_fill(viewer)
    assert world.rows.begin_fill(profile_id=viewer.profile_id)
    world.rows.end_fill(profile_id=viewer.profile_id, token=slow)
    assert not world.rows.begin_fill(profile_id=viewer.profile_id)


def test_a_fill_that_a_write_overtook_is_not_stored(world: World, viewer: Viewer) -> None:
    record(world, viewer, make_report(seq=1))
    seen = world.live.live(profile_id=viewer.profile_id)
    world.pass_time(1)
    record(world, viewer, make_report(seq=2))
    assert not fill(world, viewer, *seen.places, version=seen.version)
    assert world.rows.read(viewer=viewer).places is None


def test_a_fill_that_an_acknowledgement_overtook_is_as_good(world: World, viewer: Viewer) -> None:
    record(world, viewer, make_report(seq=1))
    seen = world.live.live(profile_id=viewer.profile_id)
    world.acknowledge(viewer)
    assert fill(world, viewer, *seen.places, version=seen.version)


def test_a_report_that_moves_a_place_brings_the_ready_row_up_to_date(
    world: World, viewer: Viewer
) -> None:
    filled(world, viewer, make_report(video_id="film-1"))
    record(world, viewer, make_report(video_id="film-1", seq=2, position=1030.0))
    record(world, viewer, make_report(video_id="film-2", position=500.0))
    answer = world.rows.read(viewer=viewer)
    assert positions(answer) == {"film-1": 1030.0, "film-2": 500.0}
    assert not answer.expired


def test_a_refused_report_leaves_the_ready_row_alone(world: World, viewer: Viewer) -> None:
    filled(world, viewer, make_report(video_id="film-1"))
    brief = make_report(video_id="film-1", playback_id="pb-2", played_since_act=1.0, position=5.0)
    record(world, viewer, brief, make_report(video_id="film-1", seq=1))
    answer = world.rows.read(viewer=viewer)
    assert positions(answer) == {"film-1": 1000.0}
    assert not answer.expired


def test_a_report_makes_no_row_where_there_is_none(world: World, viewer: Viewer) -> None:
    record(world, viewer, make_report())
    assert world.rows.read(viewer=viewer).places is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(1000.0, 2300.0, id="completes"),
        pytest.param(2300.0, 2310.0, id="stays completed"),
        pytest.param(1000.0, 60.0, id="goes back near the start"),
    ],
)
def test_a_report_that_alone_cannot_say_what_comes_next_makes_the_row_due(
    world: World, viewer: Viewer, before: float, after: float
) -> None:
    filled(world, viewer, make_report(seq=1, position=before))
    record(world, viewer, make_report(seq=2, position=after))
    answer = world.rows.read(viewer=viewer)
    assert answer.expired
    assert positions(answer) == {"film-1": after}


def test_a_new_viewing_of_what_was_completed_makes_the_row_due(
    world: World, viewer: Viewer
) -> None:
    filled(world, viewer, make_report(seq=1, position=2300.0))
    record(world, viewer, make_report(seq=2, act=2, act_kind="restart", position=700.0))
    assert world.rows.read(viewer=viewer).expired


def test_hiding_drops_the_row(world: World, viewer: Viewer) -> None:
    filled(world, viewer, make_report(video_id="film-1"))
    world.live.hide(viewer=viewer, video_id="film-1", durable={})
    assert world.rows.read(viewer=viewer).places is None


def test_marking_drops_the_row_only_where_it_changes_something(
    world: World, viewer: Viewer
) -> None:
    filled(world, viewer, make_report(video_id="film-1"))
    items = [("film-1", FACTS)]
    world.live.mark(viewer=viewer, video_id="film-1", items=items, watched=False, durable={})
    assert world.rows.read(viewer=viewer).places is not None
    world.live.mark(viewer=viewer, video_id="film-1", items=items, watched=True, durable={})
    assert world.rows.read(viewer=viewer).places is None


def test_rows_of_profiles_are_apart(world: World, viewer: Viewer) -> None:
    other = make_viewer()
    world.sign_in(other)
    filled(world, viewer, make_report())
    assert world.rows.read(viewer=other).places is None
