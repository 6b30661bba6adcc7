"""The promise of `LivePlaces`, kept by the fake and by Redis."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reprise.application.ports import RecordAnswer
from reprise.domain.errors import RateLimitedError, UnauthenticatedError
from reprise.domain.identity import Viewer
from reprise.domain.outbox import MOST
from reprise.domain.playstate import ItemFacts, Outcome, Place, Report
from tests.builders import ADULT, KID, NOW_US, PHONE, SECOND, TV, make_report, make_viewer
from tests.harness.live_worlds import BOTH, REPORTS_PER_MINUTE, World, make_world

FACTS = ItemFacts(duration=2400.0, completes_at=2280.0, shown_from=120.0)
FILM = "film-1"


@pytest.fixture(params=BOTH)
def world(request: pytest.FixtureRequest) -> World:
    return make_world(request)


@pytest.fixture
def viewer(world: World) -> Viewer:
    viewer = make_viewer()
    world.sign_in(viewer)
    return viewer


def record(world: World, viewer: Viewer, *reports: Report, **known: Any) -> RecordAnswer:
    if not known:
        known = {"durable": {report.item_id: None for report in reports}}
    return world.live.record(viewer=viewer, reports=[(r, FACTS) for r in reports], **known)


def outcome_of(answer: RecordAnswer) -> Outcome:
    (outcome,) = answer.outcomes
    return outcome


def place_of(answer: RecordAnswer) -> Place:
    place = answer.outcomes[-1].place
    assert place is not None
    return place


def mark(world: World, viewer: Viewer, *durable: Place, watched: bool = True) -> Outcome:
    known = {place.item_id: place for place in durable}
    (outcome,) = world.live.mark(
        viewer=viewer, video_id=FILM, items=[(FILM, FACTS)], watched=watched, durable=known
    )
    return outcome


def hide(world: World, viewer: Viewer, *durable: Place) -> list[Outcome]:
    known = {place.item_id: place for place in durable}
    return list(world.live.hide(viewer=viewer, video_id=FILM, durable=known))


def live_places(world: World, viewer: Viewer) -> list[Place]:
    return list(world.live.live(profile_id=viewer.profile_id).places)


def version(world: World, viewer: Viewer) -> int:
    return world.live.live(profile_id=viewer.profile_id).version


def named(viewer: Viewer) -> dict[str, Any]:
    return {
        "account_id": viewer.account_id,
        "profile_id": viewer.profile_id,
        "session_id": viewer.session_id,
    }


EVERY_METHOD: list[Callable[[World, Viewer], object]] = [
    lambda world, viewer: world.live.record(viewer=viewer, reports=[(make_report(), FACTS)]),
    hide,
    mark,
    lambda world, viewer: world.live.gate(viewer=viewer),
]


@pytest.mark.parametrize("method", EVERY_METHOD, ids=["record", "hide", "mark", "gate"])
@pytest.mark.parametrize("stranger", ["account_id", "profile_id", "session_id"])
def test_only_the_session_of_this_account_and_profile_passes(
    world: World, viewer: Viewer, method: Callable[[World, Viewer], object], stranger: str
) -> None:
    other = make_viewer(**named(viewer) | {stranger: "someone-else"})
    with pytest.raises(UnauthenticatedError):
        method(world, other)
    assert live_places(world, viewer) == []


@pytest.mark.parametrize("method", EVERY_METHOD, ids=["record", "hide", "mark", "gate"])
def test_a_revoked_session_is_refused_at_once(
    world: World, viewer: Viewer, method: Callable[[World, Viewer], object]
) -> None:
    method(world, viewer)
    before = live_places(world, viewer)
    world.revoke(viewer)
    with pytest.raises(UnauthenticatedError):
        method(world, viewer)
    assert live_places(world, viewer) == before


@pytest.mark.parametrize("method", EVERY_METHOD, ids=["record", "hide", "mark", "gate"])
def test_a_session_that_sends_too_much_is_told_when_to_come_back(
    world: World, viewer: Viewer, method: Callable[[World, Viewer], object]
) -> None:
    for _ in range(REPORTS_PER_MINUTE):
        world.live.gate(viewer=viewer)
    with pytest.raises(RateLimitedError) as refused:
        method(world, viewer)
    assert 1 <= refused.value.retry_after <= 60
    assert live_places(world, viewer) == []


@pytest.mark.parametrize("method", EVERY_METHOD, ids=["record", "hide", "mark", "gate"])
def test_each_counted_request_is_told_what_is_left_of_its_minute(
    world: World, viewer: Viewer, method: Callable[[World, Viewer], object]
) -> None:
    method(world, viewer)
    (told,) = world.allowances
    assert told[:4] == ("session", REPORTS_PER_MINUTE, 60, REPORTS_PER_MINUTE - 1)
    assert 1 <= told.reset <= 60
    method(world, viewer)
    assert world.allowances[-1].remaining == REPORTS_PER_MINUTE - 2


def test_who_is_refused_for_too_much_is_told_that_nothing_is_left(
    world: World, viewer: Viewer
) -> None:
    for _ in range(REPORTS_PER_MINUTE):
        world.live.gate(viewer=viewer)
    for _ in range(2):
        with pytest.raises(RateLimitedError) as refused:
            world.live.gate(viewer=viewer)
        assert world.allowances[-1].remaining == 0
        assert world.allowances[-1].reset == refused.value.retry_after


def test_who_is_not_proved_is_told_nothing(world: World, viewer: Viewer) -> None:
    world.revoke(viewer)
    with pytest.raises(UnauthenticatedError):
        world.live.gate(viewer=viewer)
    assert world.allowances == []


def test_a_batch_counts_as_one_request(world: World, viewer: Viewer) -> None:
    record(world, viewer, *(make_report(seq=n) for n in range(1, 6)))
    world.live.gate(viewer=viewer)
    assert world.allowances[-1].remaining == REPORTS_PER_MINUTE - 1


def test_looking_up_the_durable_place_and_coming_back_counts_once(
    world: World, viewer: Viewer
) -> None:
    for _ in range(REPORTS_PER_MINUTE - 1):
        world.live.gate(viewer=viewer)
    cold = world.live.record(viewer=viewer, reports=[(make_report(), FACTS)])
    assert cold.cold
    assert outcome_of(record(world, viewer, make_report())).moved


def test_the_gate_says_what_the_session_may_now(world: World, viewer: Viewer) -> None:
    world.sign_in(viewer, policy=KID)
    assert world.live.gate(viewer=viewer) == KID


def test_another_policy_than_the_one_assumed_is_answered_and_nothing_is_stored(
    world: World, viewer: Viewer
) -> None:
    world.sign_in(viewer, policy=KID)
    answer = record(world, viewer, make_report())
    assert answer == RecordAnswer(policy=KID)
    assert live_places(world, viewer) == []
    agreed = record(world, replace(viewer, policy=KID), make_report())
    assert outcome_of(agreed).moved


def test_the_policy_is_compared_before_a_place_is_asked_for(world: World, viewer: Viewer) -> None:
    world.sign_in(viewer, policy=KID)
    answer = world.live.record(viewer=viewer, reports=[(make_report(), FACTS)])
    assert answer == RecordAnswer(policy=KID)


def test_no_report_at_all_still_proves_the_session(world: World, viewer: Viewer) -> None:
    assert world.live.record(viewer=viewer, reports=[]) == RecordAnswer(outcomes=[])
    world.revoke(viewer)
    with pytest.raises(UnauthenticatedError):
        world.live.record(viewer=viewer, reports=[])


def test_a_place_that_is_not_live_is_asked_for_and_nothing_is_stored(
    world: World, viewer: Viewer
) -> None:
    record(world, viewer, make_report(video_id="warm"))
    before = live_places(world, viewer)
    reports = [make_report(video_id=video_id) for video_id in ("warm", "cold-1", "cold-2")]
    answer = record(world, viewer, *reports, durable={"cold-2": None})
    assert answer == RecordAnswer(cold=["cold-1"])
    assert live_places(world, viewer) == before


def test_an_item_that_has_no_durable_place_takes_its_first_report(
    world: World, viewer: Viewer
) -> None:
    answer = record(world, viewer, make_report(position=900.125))
    assert answer.outcomes == [
        Outcome(place=place_of(answer), moved=True, reason=None, rule="first")
    ]
    place = place_of(answer)
    assert (place.video_id, place.item_id, place.owner) == (FILM, FILM, "pb-tv")
    assert (place.position, place.duration, place.state) == (900.125, 2400.0, "playing")
    assert (place.rev, place.changed_at, place.moved_at, place.viewed_at) == (1, *[NOW_US] * 3)
    assert (place.viewing_started_at, place.event_time) == (NOW_US, NOW_US)
    assert (place.device, place.completed, place.hidden) == (TV, False, False)


def durable_place(world: World, **report: Any) -> Place:
    """What another visit left in the durable store."""
    before = make_viewer()
    world.sign_in(before)
    record(world, before, make_report(**report))
    (place,) = live_places(world, before)
    return place


def test_a_durable_place_is_what_a_report_is_judged_against(world: World, viewer: Viewer) -> None:
    durable = durable_place(world, playback_id="pb-1", seq=9, position=700.0)
    late = make_report(playback_id="pb-1", seq=8, position=10.0)
    answer = outcome_of(record(world, viewer, late, durable={FILM: durable}))
    assert (answer.moved, answer.reason) == (False, "duplicate")
    world.pass_time(1)
    fresh = make_report(playback_id="pb-1", seq=10, position=800.0)
    place = place_of(record(world, viewer, fresh, durable={FILM: durable}))
    assert (place.position, place.rev) == (800.0, durable.rev + 1)
    assert place.changed_at > durable.changed_at


def test_a_live_place_stands_whatever_durable_one_is_brought(world: World, viewer: Viewer) -> None:
    durable = durable_place(world, playback_id="pb-1", seq=9, position=700.0)
    record(world, viewer, make_report(playback_id="pb-2", seq=3, position=300.0))
    answer = record(world, viewer, make_report(playback_id="pb-2", seq=4), durable={FILM: durable})
    assert place_of(answer).rev == 2


def test_reports_of_a_batch_are_merged_in_order_and_answered_each(
    world: World, viewer: Viewer
) -> None:
    answer = record(
        world,
        viewer,
        make_report(seq=1, position=200.0),
        make_report(seq=3, position=400.0),
        make_report(seq=2, position=300.0),
        make_report(video_id="film-2", playback_id="pb-2", position=50.0),
        make_report(playback_id="pb-3", played_since_act=3.0, position=60.0),
    )
    assert [outcome.rule for outcome in answer.outcomes] == [
        *("first", "owner", "duplicate", "first", "too_brief")
    ]
    assert [outcome.place.position if outcome.place else None for outcome in answer.outcomes] == [
        *(200.0, 400.0, 400.0, 50.0, 400.0)
    ]
    assert [o.reason for o in answer.outcomes] == [None, None, "duplicate", None, "too_brief"]


def test_what_was_stored_is_not_durable_until_it_is_acknowledged(
    world: World, viewer: Viewer
) -> None:
    record(world, viewer, make_report(position=400.0), make_report(video_id="film-2"))
    assert [place.item_id for place in live_places(world, viewer)] == ["film-1", "film-2"]
    world.acknowledge(viewer)
    assert live_places(world, viewer) == []
    again = record(world, viewer, make_report(seq=2), durable={})
    assert outcome_of(again).rule == "owner"
    assert [place.item_id for place in live_places(world, viewer)] == ["film-1"]


def test_a_durable_place_that_was_forgotten_is_asked_for_again(
    world: World, viewer: Viewer
) -> None:
    record(world, viewer, make_report())
    world.acknowledge(viewer)
    world.evict(viewer)
    assert record(world, viewer, make_report(seq=2), durable={}) == RecordAnswer(cold=[FILM])


def test_what_is_not_durable_is_never_forgotten(world: World, viewer: Viewer) -> None:
    record(world, viewer, make_report())
    world.acknowledge(viewer)
    record(world, viewer, make_report(seq=2, position=1500.0))
    world.evict(viewer)
    assert [place.position for place in live_places(world, viewer)] == [1500.0]


def test_a_duplicate_makes_nothing_dirty(world: World, viewer: Viewer) -> None:
    durable = durable_place(world, playback_id="pb-1", seq=9)
    stale = make_report(playback_id="pb-1", seq=9)
    assert not outcome_of(record(world, viewer, stale, durable={FILM: durable})).moved
    assert live_places(world, viewer) == []
    assert version(world, viewer) == 0
    warm = record(world, viewer, make_report(playback_id="pb-1", seq=10), durable={})
    assert outcome_of(warm).rule == "owner"


def test_the_version_tells_whether_anything_of_the_profile_changed(
    world: World, viewer: Viewer
) -> None:
    versions = [version(world, viewer)]
    for report in (
        make_report(seq=1),
        make_report(seq=2),
        make_report(video_id="film-2"),
        make_report(playback_id="pb-refused", played_since_act=0.0),
    ):
        world.pass_time(1)
        record(world, viewer, report)
        versions.append(version(world, viewer))
    assert len(set(versions)) == 5
    record(world, viewer, make_report(seq=1))
    assert version(world, viewer) == versions[-1]


def test_live_places_carry_everything_that_durable_ones_need(world: World, viewer: Viewer) -> None:
    record(world, viewer, make_report())
    record(world, viewer, make_report(playback_id="pb-2", played_since_act=2.0, position=5.0))
    (place,) = live_places(world, viewer)
    assert [memory.playback_id for memory in place.playbacks] == ["pb-tv", "pb-2"]
    assert [(c.rule, c.moved, c.position) for c in place.changes] == [
        ("first", True, 1000.0),
        ("too_brief", False, 5.0),
    ]


def test_however_many_intervals_wait_they_stay_few_and_lose_no_second(
    world: World, viewer: Viewer
) -> None:
    for seq in range(1, 11):
        spans = tuple((5.0 * n + seq / 10, 5.0 * n + seq / 10 + 0.1) for n in range(60))
        record(world, viewer, make_report(seq=seq, intervals=spans))
    unsaved = world.unsaved(viewer, FILM)
    assert len(unsaved.intervals) <= MOST
    assert sum(end - start for start, end, _ in unsaved.intervals) == pytest.approx(60.0)
    world.acknowledge(viewer)
    record(world, viewer, make_report(seq=11, intervals=((1.0, 2.0), (3.0, 4.0))))
    assert world.unsaved(viewer, FILM).intervals == ((1.0, 2.0, "pb-tv"), (3.0, 4.0, "pb-tv"))


def test_watched_intervals_and_completions_wait_for_the_flusher(
    world: World, viewer: Viewer
) -> None:
    record(world, viewer, make_report(seq=1, intervals=((0.0, 10.0), (20.0, 30.0))))
    record(world, viewer, make_report(seq=2, position=2399.0, intervals=((2390.0, 2500.0),)))
    refused = make_report(playback_id="pb-2", played_since_act=1.0, intervals=((1.0, 2.0),))
    record(world, viewer, refused)
    record(world, viewer, refused)
    unsaved = world.unsaved(viewer, FILM)
    assert unsaved.intervals == (
        (0.0, 10.0, "pb-tv"),
        (20.0, 30.0, "pb-tv"),
        (2390.0, 2400.0, "pb-tv"),
        (1.0, 2.0, "pb-2"),
    )
    assert unsaved.completions == (NOW_US,)


def test_each_device_keeps_its_own_position_whether_or_not_it_moved_the_place(
    world: World, viewer: Viewer
) -> None:
    record(world, viewer, make_report(position=1000.0))
    phone = replace(viewer, session_id="phone-session")
    world.sign_in(phone, device=PHONE)
    world.pass_time(5)
    record(world, phone, make_report(playback_id="pb-phone", played_since_act=3.0, position=40.0))
    devices = {d.device.id: d for d in world.unsaved(viewer, FILM).devices}
    assert {name: d.position for name, d in devices.items()} == {"tv-1": 1000.0, "phone-1": 40.0}
    assert devices["phone-1"].updated_at == NOW_US + 5 * SECOND
    assert devices["phone-1"].device == PHONE


def test_a_superseded_offline_report_names_the_device_that_sent_it(
    world: World, viewer: Viewer
) -> None:
    record(world, viewer, make_report(position=1900.0))
    tablet = replace(viewer, session_id="tablet-session")
    world.sign_in(tablet, device=PHONE)
    offline = make_report(playback_id="pb-2", event_time=NOW_US - SECOND, offline=True)
    outcome = outcome_of(record(world, tablet, offline))
    assert (outcome.reason, outcome.device) == ("superseded", PHONE)
    assert outcome.place
    assert (outcome.place.position, outcome.place.device) == (1900.0, TV)


def test_a_viewing_that_a_new_start_ended_stays_known_until_it_is_durable(
    world: World, viewer: Viewer
) -> None:
    record(world, viewer, make_report(seq=1, position=2390.0))
    world.pass_time(60)
    again = make_report(seq=2, act=2, act_kind="restart", position=200.0)
    place = place_of(record(world, viewer, again))
    (closed,) = world.live.live(profile_id=viewer.profile_id).closed_viewings
    assert (closed.started_at, closed.completed, closed.position) == (NOW_US, True, 2390.0)
    assert place.viewing_started_at == NOW_US + 60 * SECOND
    world.acknowledge(viewer)
    assert world.live.live(profile_id=viewer.profile_id).closed_viewings == []


def test_while_the_history_is_away_a_cold_item_is_accepted_for_the_time_being(
    world: World, viewer: Viewer
) -> None:
    answer = record(world, viewer, make_report(position=1500.0), provisional=True)
    assert outcome_of(answer).rule == "first"
    later = record(world, viewer, make_report(seq=2, position=1530.0), provisional=True)
    assert outcome_of(later).rule == "owner"


def test_an_act_of_the_account_settles_what_was_accepted_for_the_time_being(
    world: World, viewer: Viewer
) -> None:
    durable = durable_place(world, playback_id="pb-1", seq=9, act=1, position=1400.0)
    world.pass_time(10)
    paused = make_report(playback_id="pb-1", seq=9, position=90.0, intervals=((80.0, 90.0),))
    record(world, viewer, paused, provisional=True)
    world.pass_time(10)
    (outcome,) = hide(world, viewer, durable)
    assert outcome.place
    assert (outcome.place.position, outcome.place.hidden) == (1400.0, True)
    assert outcome.place.rev == durable.rev + 2
    assert outcome.place.changed_at > durable.changed_at
    assert world.unsaved(viewer, FILM).intervals == ((80.0, 90.0, "pb-1"),)


def test_a_completion_of_a_viewing_that_never_was_is_not_told(world: World, viewer: Viewer) -> None:
    durable = durable_place(world, playback_id="pb-1", position=1400.0)
    world.pass_time(10)
    record(world, viewer, make_report(playback_id="pb-2", position=2390.0), provisional=True)
    world.pass_time(10)
    hide(world, viewer, durable)
    assert world.unsaved(viewer, FILM).completions == (durable.viewing_started_at,)


def test_hiding_takes_what_is_live_and_what_is_durable_only(world: World, viewer: Viewer) -> None:
    durable = durable_place(world, video_id=FILM, item_id="episode-1", position=700.0)
    record(world, viewer, make_report(item_id="episode-2"))
    record(world, viewer, make_report(video_id="another"))
    outcomes = hide(world, viewer, durable)
    hidden = {o.place.item_id: (o.moved, o.place.hidden, o.rule) for o in outcomes if o.place}
    assert hidden == dict.fromkeys(("episode-1", "episode-2"), (True, True, "hidden"))
    assert [o.place.position for o in outcomes if o.place] == [700.0, 1000.0]
    unsaved = {place.item_id: place.hidden for place in live_places(world, viewer)}
    assert unsaved == {"another": False, "episode-1": True, "episode-2": True}


def test_hiding_twice_changes_nothing_more(world: World, viewer: Viewer) -> None:
    record(world, viewer, make_report())
    (first,) = hide(world, viewer)
    before = version(world, viewer)
    (second,) = hide(world, viewer)
    assert (first.moved, second.moved) == (True, False)
    assert second.place == first.place
    assert version(world, viewer) == before


def test_hiding_a_title_without_any_place_does_nothing(world: World, viewer: Viewer) -> None:
    assert hide(world, viewer) == []
    assert version(world, viewer) == 0


def test_marking_watched_and_not_watched_is_there_and_back(world: World, viewer: Viewer) -> None:
    before = place_of(record(world, viewer, make_report(position=700.0)))
    watched = mark(world, viewer)
    assert watched.place
    assert (watched.moved, watched.rule, watched.reason) == (True, "watched", None)
    assert (watched.place.position, watched.place.completed) == (2400.0, True)
    assert not mark(world, viewer).moved
    unwatched = mark(world, viewer, watched=False)
    assert unwatched.place
    assert (unwatched.place.position, unwatched.place.completed) == (700.0, False)
    assert (unwatched.place.owner, unwatched.place.rev) == (before.owner, before.rev + 2)
    assert world.unsaved(viewer, FILM).completions == (NOW_US,)


def test_a_completion_is_told_once_however_often_it_is_taken_back(
    world: World, viewer: Viewer
) -> None:
    record(world, viewer, make_report(seq=1, position=2390.0))
    for seq in (2, 3):
        mark(world, viewer, watched=False)
        mark(world, viewer)
        mark(world, viewer, watched=False)
        world.pass_time(60)
        record(world, viewer, make_report(seq=seq, act=seq, position=2390.0))
    assert world.unsaved(viewer, FILM).completions == (NOW_US,)


def test_an_item_without_a_place_can_be_watched_by_hand_but_not_unwatched(
    world: World, viewer: Viewer
) -> None:
    unwatched = mark(world, viewer, watched=False)
    assert (unwatched.place, unwatched.moved) == (None, False)
    assert version(world, viewer) == 0
    watched = mark(world, viewer)
    assert watched.place
    assert (watched.place.rev, watched.place.owner, watched.place.device) == (1, "", TV)
    assert world.unsaved(viewer, FILM).completions == (watched.place.viewing_started_at,)


def test_marking_starts_from_the_durable_place_where_none_is_live(
    world: World, viewer: Viewer
) -> None:
    durable = durable_place(world, position=700.0)
    watched = mark(world, viewer, durable)
    assert watched.place
    assert watched.place.rev == durable.rev + 1
    unwatched = mark(world, viewer, watched=False)
    assert unwatched.place
    assert unwatched.place.position == 700.0


def test_several_items_are_marked_in_one_step_and_answered_in_order(
    world: World, viewer: Viewer
) -> None:
    record(world, viewer, make_report(video_id="series", item_id="e2", position=2390.0))
    outcomes = world.live.mark(
        viewer=viewer,
        video_id="series",
        items=[(name, FACTS) for name in ("e1", "e2", "e3")],
        watched=True,
        durable={},
    )
    assert [(o.place.item_id, o.moved) for o in outcomes if o.place] == [
        ("e1", True),
        ("e2", False),
        ("e3", True),
    ]


def test_profiles_never_see_each_other(world: World, viewer: Viewer) -> None:
    other = make_viewer(account_id=viewer.account_id)
    world.sign_in(other, policy=ADULT)
    record(world, viewer, make_report())
    assert live_places(world, other) == []
    assert record(world, other, make_report(), durable={}) == RecordAnswer(cold=[FILM])
