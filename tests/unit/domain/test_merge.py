"""Golden examples of who may move a place, clause by clause of the rule."""

from dataclasses import replace
from typing import Any

import pytest

from reprise.domain.acts import hide, mark_watched
from reprise.domain.catalog import Item
from reprise.domain.identity import Device
from reprise.domain.merge import apply_report, settle
from reprise.domain.playstate import ItemFacts, Merged, Place, Report
from tests.builders import NOW_US, PHONE, SECOND, TV, make_report

FACTS = Item(id="film-1", title="Film", duration=5400.0).facts
DAY = 86_400 * SECOND
HOUR = 3600 * SECOND


def apply(
    place: Place | None,
    *,
    at: float = 0,
    device: Device = TV,
    facts: ItemFacts = FACTS,
    **report: Any,
) -> Merged:
    """Apply a report `at` seconds after the first."""
    now = NOW_US + round(at * SECOND)
    sent = make_report(**({"event_time": now} | report))
    return apply_report(place=place, report=sent, facts=facts, device=device, now=now)


def standing(**report: Any) -> Place:
    """The television's place at 2,000 s: its playback owns it, its act 1 is spent."""
    place = apply(None, **({"position": 2000.0} | report)).place
    assert place is not None
    return place


def phone(place: Place | None, *, at: float = 300, **report: Any) -> Merged:
    """The phone reports five minutes later, a fresh act and half a minute really played."""
    defaults: dict[str, Any] = {"playback_id": "pb-phone", "position": 3000.0}
    return apply(place, at=at, device=PHONE, **(defaults | report))


def place_of(merged: Merged) -> Place:
    assert merged.place is not None
    return merged.place


# Rule 1: the same or an older seq of its playback


@pytest.mark.parametrize("seq", [1, 4, 5])
def test_a_report_not_newer_than_its_playbacks_last_is_a_duplicate(seq: int) -> None:
    place = standing(seq=5)
    merged = apply(place, at=30, seq=seq, position=10.0, act=9, intervals=((1.0, 2.0),))
    assert (merged.outcome.moved, merged.outcome.reason) == (False, "duplicate")
    assert merged.place is place
    assert not merged.stored
    assert (merged.intervals, merged.device_position) == ((), None)


def test_a_refused_report_counts_for_its_playbacks_seq_too() -> None:
    refused = phone(standing(), seq=7, played_since_act=1.0)
    again = phone(place_of(refused), seq=7, played_since_act=60.0)
    assert again.outcome.reason == "duplicate"


def test_the_seq_of_another_playback_says_nothing() -> None:
    assert phone(standing(seq=500), seq=1).outcome.rule == "took_over"


def test_a_playback_is_remembered_through_seven_others() -> None:
    place = standing(seq=5)
    for number in range(7):
        place = place_of(phone(place, playback_id=f"pb-{number}"))
    assert apply(place, at=900, seq=5).outcome.reason == "duplicate"
    assert len(place.playbacks) == 8


def test_the_owner_is_never_the_playback_that_is_forgotten() -> None:
    place = standing(seq=5)
    for number in range(20):
        place = place_of(phone(place, playback_id=f"pb-{number}", played_since_act=1.0))
    assert len(place.playbacks) == 8
    assert place.playback("pb-tv")
    assert [p.playback_id for p in place.playbacks[1:]] == [f"pb-{n}" for n in range(13, 20)]


# Rule 2: the owner


def test_the_owner_moves_its_place_forward() -> None:
    place = place_of(apply(standing(), at=30, seq=2, position=2030.0))
    assert (place.position, place.rev, place.owner) == (2030.0, 2, "pb-tv")
    assert place.changed_at == place.moved_at == place.viewed_at == NOW_US + 30 * SECOND


def test_the_owner_seeks_backward() -> None:
    merged = apply(standing(), at=30, seq=2, act=2, act_kind="seek", position=400.0)
    assert (merged.outcome.moved, merged.outcome.rule) == (True, "owner")
    assert place_of(merged).position == 400.0


def test_the_owner_moves_without_having_played_anything_since_its_act() -> None:
    merged = apply(standing(), at=1, seq=2, act=2, played_since_act=0.0, position=100.0)
    assert place_of(merged).position == 100.0


def test_the_owner_pauses_and_stops() -> None:
    paused = place_of(apply(standing(), at=30, seq=2, state="paused", position=2030.0))
    assert paused.state == "paused"
    assert place_of(apply(paused, at=31, seq=3, state="stopped")).state == "stopped"


def test_a_place_takes_the_device_and_the_instants_of_what_moved_it() -> None:
    moved = place_of(phone(standing(), state="paused"))
    assert (moved.device, moved.state, moved.owner) == (PHONE, "paused", "pb-phone")
    assert moved.event_time == NOW_US + 300 * SECOND


# Rule 3: another playback


def test_an_item_without_a_place_takes_its_first_report_whatever_was_played() -> None:
    merged = apply(None, played_since_act=0.0, position=5.0, state="paused")
    assert (merged.outcome.rule, merged.outcome.moved, merged.stored) == ("first", True, True)
    assert place_of(merged).rev == 1


def test_a_fresh_act_and_ten_seconds_played_take_the_place() -> None:
    merged = phone(standing(), played_since_act=10.0)
    assert (merged.outcome.rule, merged.outcome.reason) == ("took_over", None)
    assert place_of(merged).owner == "pb-phone"


@pytest.mark.parametrize("played", [0.0, 9.999])
def test_less_than_ten_seconds_played_is_too_brief(played: float) -> None:
    merged = phone(standing(), played_since_act=played)
    assert (merged.outcome.moved, merged.outcome.reason) == (False, "too_brief")
    assert (place_of(merged).position, place_of(merged).rev) == (2000.0, 1)


def test_a_tap_of_one_and_a_half_seconds_wipes_nothing() -> None:
    merged = phone(standing(), position=0.0, played_since_act=1.5, state="stopped")
    assert place_of(merged).position == 2000.0


def test_twenty_seconds_really_played_and_then_stopped_count() -> None:
    merged = phone(standing(), played_since_act=20.0, state="stopped", position=3020.0)
    assert merged.outcome.rule == "took_over"
    assert (place_of(merged).position, place_of(merged).state) == (3020.0, "stopped")


def test_a_device_whose_act_is_spent_never_takes_the_place_back() -> None:
    taken = place_of(phone(standing()))
    for seq, state in ((2, "paused"), (3, "playing"), (4, "stopped")):
        merged = apply(taken, at=400, seq=seq, state=state, played_since_act=5000.0)
        assert merged.outcome.reason == "act_spent"
        taken = place_of(merged)
    assert (taken.position, taken.owner, taken.rev) == (3000.0, "pb-phone", 2)


def test_a_device_that_is_picked_up_again_takes_the_place_ten_seconds_later() -> None:
    taken = place_of(phone(standing()))
    early = apply(taken, at=400, seq=2, act=2, act_kind="resume", played_since_act=4.0)
    assert early.outcome.reason == "too_brief"
    later = apply(place_of(early), at=406, seq=3, act=2, played_since_act=10.0, position=2010.0)
    assert later.outcome.rule == "took_over"
    assert place_of(later).position == 2010.0


def test_acts_of_the_owner_are_spent_as_it_reports_them() -> None:
    tv = place_of(apply(standing(), at=10, seq=2, act=3, act_kind="seek", position=2500.0))
    taken = place_of(phone(tv))
    assert apply(taken, at=400, seq=3, act=3).outcome.reason == "act_spent"
    assert apply(taken, at=400, seq=3, act=4).outcome.rule == "took_over"


def test_a_refused_act_is_not_spent() -> None:
    refused = place_of(phone(standing(), played_since_act=5.0))
    memory = refused.playback("pb-phone")
    assert memory
    assert memory.spent_act == 0


def test_a_refused_report_changes_no_place_but_is_newer_to_write_down() -> None:
    place = standing()
    refused = place_of(phone(place, played_since_act=1.0))
    assert (refused.changed_at, refused.moved_at) == (place.changed_at, place.moved_at)
    assert refused.noted_at == refused.written_at == NOW_US + 300 * SECOND
    again = place_of(phone(refused, seq=2, played_since_act=1.0))
    assert again.written_at == refused.written_at + 1
    moved = place_of(apply(again, seq=2))
    assert (moved.changed_at, moved.noted_at) == (again.written_at + 1, 0)


def test_a_refused_report_is_kept_as_that_devices_own_position() -> None:
    merged = phone(standing(), played_since_act=2.0, position=77.0, intervals=((70.0, 77.0),))
    own = merged.device_position
    assert own
    assert (own.device, own.position, own.updated_at) == (PHONE, 77.0, NOW_US + 300 * SECOND)
    assert merged.intervals == ((70.0, 77.0, "pb-phone"),)
    assert merged.stored


def test_what_moved_or_refused_a_place_is_written_down() -> None:
    place = place_of(phone(standing(), played_since_act=2.0, position=77.0))
    assert [(c.rule, c.moved, c.position, c.device, c.playback_id) for c in place.changes] == [
        ("first", True, 2000.0, TV, "pb-tv"),
        ("too_brief", False, 77.0, PHONE, "pb-phone"),
    ]
    assert place.changes[1].at == NOW_US // 1000 + 300_000


def test_a_repeated_change_is_brought_up_to_date_instead_of_repeated() -> None:
    place = standing()
    for seq in range(2, 50):
        place = place_of(apply(place, at=30 * seq, seq=seq, position=2000.0 + seq))
    assert [(c.rule, c.position) for c in place.changes] == [("first", 2000.0), ("owner", 2049.0)]


def test_the_last_twenty_changes_are_remembered() -> None:
    place = standing()
    for number in range(30):
        place = place_of(phone(place, playback_id=f"pb-{number}"))
    assert [c.playback_id for c in place.changes] == [f"pb-{n}" for n in range(10, 30)]


# Rule 4: near the start


@pytest.mark.parametrize("kind", ["start", "resume", "seek"])
def test_another_playback_near_the_start_erases_nothing(kind: str) -> None:
    merged = phone(standing(), position=269.999, act_kind=kind, played_since_act=59.999)
    assert (merged.outcome.moved, merged.outcome.reason) == (False, "near_start")
    assert place_of(merged).position == 2000.0


def test_a_restart_near_the_start_is_meant() -> None:
    merged = phone(standing(), position=12.0, act_kind="restart", played_since_act=12.0)
    assert place_of(merged).position == 12.0


def test_sixty_seconds_really_played_near_the_start_are_meant() -> None:
    merged = phone(standing(), position=60.0, act_kind="start", played_since_act=60.0)
    assert place_of(merged).position == 60.0


def test_at_the_threshold_a_place_is_not_near_the_start_any_more() -> None:
    merged = phone(standing(), position=270.0, played_since_act=10.0)
    assert place_of(merged).position == 270.0


def test_a_restart_that_was_too_brief_is_not_meant_yet() -> None:
    merged = phone(standing(), position=3.0, act_kind="restart", played_since_act=3.0)
    assert merged.outcome.reason == "too_brief"


def test_the_end_of_a_very_short_item_is_not_near_its_start() -> None:
    facts = Item(id="short", title="Short", duration=40.0).facts
    place = place_of(apply(None, facts=facts, position=5.0))
    merged = phone(place, facts=facts, position=39.0, played_since_act=35.0)
    assert (merged.outcome.rule, place_of(merged).completed) == ("took_over", True)


# Rule 5: completion


@pytest.mark.parametrize(
    ("item", "completes_at"),
    [
        (Item(id="i", title="t", duration=5400.0), 5130.0),
        (Item(id="i", title="t", duration=1000.0), 880.0),
        (Item(id="i", title="t", duration=5400.0, credits_start=5200.0), 5200.0),
        (Item(id="i", title="t", duration=200.0), 190.0),
    ],
    ids=["95 %", "120 s before the end", "credits marker", "95 % of a short item"],
)
def test_a_viewing_completes_at_its_threshold(item: Item, completes_at: float) -> None:
    before = apply(None, facts=item.facts, position=completes_at - 0.001)
    assert (place_of(before).completed, before.completed) == (False, None)
    merged = apply(before.place, facts=item.facts, at=1, seq=2, position=completes_at)
    assert place_of(merged).completed
    assert merged.completed == place_of(merged).viewing_started_at


def test_completion_goes_by_the_catalogs_duration() -> None:
    short = Item(id="film-1", title="Film", duration=2000.0).facts
    assert place_of(apply(standing(), at=1, seq=2, facts=short, position=1999.0)).completed
    assert place_of(apply(standing(), at=1, seq=2, facts=short)).duration == 2000.0


def test_completing_happens_once_per_viewing() -> None:
    done = apply(standing(), at=30, seq=2, position=5200.0)
    assert done.completed == NOW_US
    more = apply(done.place, at=60, seq=3, position=5390.0)
    assert (place_of(more).completed, more.completed) == (True, None)


def test_a_first_report_past_the_threshold_completes_at_once() -> None:
    merged = apply(None, position=5300.0)
    assert merged.completed == NOW_US
    assert place_of(merged).before is None


def test_the_owner_who_seeks_back_after_the_end_is_still_in_the_same_viewing() -> None:
    done = place_of(apply(standing(), at=30, seq=2, position=5200.0))
    back = apply(done, at=60, seq=3, act=2, act_kind="seek", position=5000.0)
    assert back.closed is None
    assert (place_of(back).completed, place_of(back).position) == (True, 5000.0)


def test_what_stood_before_completion_is_kept_for_not_watched() -> None:
    done = place_of(apply(standing(), at=30, seq=2, position=5200.0))
    assert done.before == standing().snapshot()
    later = place_of(apply(done, at=60, seq=3, position=5300.0))
    assert later.before == done.before


# Rule 6: after completion


def completed() -> Place:
    return place_of(apply(standing(), at=30, seq=2, position=5300.0))


@pytest.mark.parametrize("kind", ["start", "restart"])
def test_a_new_start_of_the_owner_opens_a_new_viewing(kind: str) -> None:
    done = completed()
    merged = apply(done, at=3600, seq=3, act=2, act_kind=kind, position=30.0)
    place = place_of(merged)
    assert (place.completed, place.position, place.before) == (False, 30.0, None)
    assert place.viewing_started_at == NOW_US + HOUR
    assert merged.closed == done.viewing()
    assert [c.rule for c in place.changes] == ["owner"]


@pytest.mark.parametrize("kind", ["start", "resume", "seek", "restart"])
def test_another_playback_that_takes_over_opens_a_new_viewing(kind: str) -> None:
    merged = phone(completed(), act_kind=kind, position=1000.0)
    assert merged.closed
    assert (merged.closed.completed, merged.closed.position) == (True, 5300.0)
    assert not place_of(merged).completed


def test_the_end_seen_again_by_another_opens_none() -> None:
    merged = phone(completed(), position=5350.0)
    assert merged.closed is None
    assert (place_of(merged).completed, merged.completed) == (True, None)


def test_a_second_viewing_completes_and_is_told_again() -> None:
    again = phone(completed(), position=1000.0)
    done = phone(again.place, at=6000, seq=2, position=5300.0)
    assert done.completed == place_of(again).viewing_started_at
    assert done.completed is not None
    assert done.completed > NOW_US


def test_two_viewings_never_start_in_the_same_millisecond() -> None:
    done = place_of(apply(None, position=5300.0))
    again = apply(done, playback_id="pb-2", position=1000.0)
    assert place_of(again).viewing_started_at == NOW_US + 1000


def test_a_viewing_starts_in_whole_milliseconds() -> None:
    assert place_of(apply(None, at=0.001_999)).viewing_started_at == NOW_US + 1000


def test_a_tap_on_something_completed_opens_nothing() -> None:
    merged = phone(completed(), position=100.0, played_since_act=30.0)
    assert (merged.outcome.reason, merged.closed) == ("near_start", None)
    assert place_of(merged).completed


# Rule 7: hidden places and acts of the account, as reports meet them


def hidden() -> Place:
    return place_of(hide(place=standing(), device=TV, now=NOW_US + 60 * SECOND))


def test_a_player_that_goes_on_playing_does_not_bring_a_hidden_title_back() -> None:
    place = place_of(apply(hidden(), at=90, seq=2, position=2090.0))
    assert (place.hidden, place.position) == (True, 2090.0)


def test_a_later_act_of_the_owner_unhides() -> None:
    place = place_of(apply(hidden(), at=90, seq=2, act=2, act_kind="resume"))
    assert not place.hidden


def test_a_later_act_that_takes_the_place_unhides() -> None:
    assert not place_of(phone(hidden())).hidden


def test_a_refused_report_does_not_unhide() -> None:
    assert place_of(phone(hidden(), played_since_act=2.0)).hidden


def test_an_act_from_before_the_hiding_that_arrives_later_does_not_unhide() -> None:
    late = apply(hidden(), at=90, seq=2, act=2, event_time=NOW_US + 30 * SECOND, offline=True)
    assert place_of(late).hidden
    after = apply(hidden(), at=90, seq=2, act=2, event_time=NOW_US + 70 * SECOND, offline=True)
    assert not place_of(after).hidden


def test_after_watched_by_hand_the_player_that_still_runs_moves_nothing() -> None:
    watched = place_of(
        mark_watched(
            place=standing(),
            video_id="film-1",
            item_id="film-1",
            facts=FACTS,
            device=PHONE,
            now=NOW_US + 60 * SECOND,
        )
    )
    merged = apply(watched, at=90, seq=2, position=2090.0)
    assert merged.outcome.reason == "act_spent"
    assert place_of(merged).completed


# Rule 8: offline replay


def offline(place: Place | None, *, event: float, **report: Any) -> Merged:
    """The tablet comes back after a day; it watched `event` seconds after the first report."""
    at = NOW_US + round(event * SECOND)
    return phone(place, at=86_400, event_time=at, offline=True, **report)


def test_an_offline_report_takes_the_place_where_nothing_moved_it_since() -> None:
    place = place_of(offline(standing(), event=1800))
    assert (place.position, place.owner) == (3000.0, "pb-phone")
    assert place.moved_at == place.viewed_at == NOW_US + 1800 * SECOND
    assert place.changed_at == NOW_US + DAY


def test_an_offline_report_is_superseded_where_something_moved_the_place_after_it() -> None:
    television = place_of(apply(standing(), at=3600, seq=2, position=4320.0))
    merged = offline(television, event=1800, position=3240.0)
    assert (merged.outcome.moved, merged.outcome.reason) == (False, "superseded")
    assert place_of(merged).position == 4320.0
    assert merged.outcome.device == PHONE
    assert merged.device_position
    assert merged.device_position.position == 3240.0


def test_a_report_at_the_very_instant_of_the_last_change_is_not_superseded() -> None:
    assert offline(standing(), event=0).outcome.rule == "took_over"


def test_a_refusal_of_an_online_report_offers_no_other_position() -> None:
    assert phone(standing(), played_since_act=1.0).outcome.device is None


def test_offline_reports_of_one_playback_follow_each_other() -> None:
    place = standing()
    for seq in (1, 2, 3):
        place = place_of(offline(place, event=1800 + seq, seq=seq, position=3000.0 + seq))
    assert (place.position, place.moved_at) == (3003.0, NOW_US + 1803 * SECOND)
    assert place.rev == 4


def test_the_owners_offline_report_never_turns_the_instant_of_the_place_back() -> None:
    place = place_of(apply(standing(), at=60, seq=2))
    late = place_of(apply(place, at=90, seq=3, event_time=NOW_US - HOUR, offline=True))
    assert late.moved_at == place.moved_at


def test_an_event_time_in_the_future_is_now() -> None:
    place = place_of(offline(standing(), event=10 * 86_400))
    assert place.event_time == place.moved_at == NOW_US + DAY


def test_an_event_time_of_long_ago_is_thirty_days_ago() -> None:
    merged = offline(None, event=-365 * 86_400)
    assert place_of(merged).event_time == NOW_US + DAY - 30 * DAY
    assert place_of(merged).viewing_started_at == NOW_US + DAY - 30 * DAY


def test_an_online_clients_clock_orders_nothing() -> None:
    for year in (-365, 365):
        place = place_of(phone(standing(), event_time=NOW_US + year * DAY))
        assert place.moved_at == NOW_US + 300 * SECOND


# Rule 9: clamps


@pytest.mark.parametrize(("reported", "kept"), [(-1.0, 0.0), (5400.5, 5400.0), (1e9, 5400.0)])
def test_a_position_is_clamped_to_the_item(reported: float, kept: float) -> None:
    merged = apply(None, position=reported)
    assert place_of(merged).position == kept
    assert merged.device_position
    assert merged.device_position.position == kept


def test_watched_intervals_are_clipped_to_the_item_and_empty_ones_dropped() -> None:
    merged = apply(None, intervals=((10.0, 20.0), (5390.0, 6000.0), (5400.0, 5500.0), (30.0, 30.0)))
    assert merged.intervals == ((10.0, 20.0, "pb-tv"), (5390.0, 5400.0, "pb-tv"))


def test_changed_at_grows_though_the_servers_clock_steps_back() -> None:
    place = standing()
    for seq in range(2, 6):
        moved = place_of(apply(place, at=-5 * seq, seq=seq))
        assert moved.changed_at == place.changed_at + 1
        assert moved.rev == place.rev + 1
        place = moved


# Settling what was accepted while the history was away


def settled(durable: Place | None, live: Place, last: Report) -> Merged:
    return settle(
        live=live,
        last=last,
        last_device=PHONE,
        durable=durable,
        facts=FACTS,
        now=NOW_US + 2 * HOUR,
    )


def born_away(**report: Any) -> tuple[Place, Report]:
    last = make_report(**({"playback_id": "pb-phone", "position": 900.0} | report))
    now = NOW_US + HOUR
    live = apply_report(place=None, report=last, facts=FACTS, device=PHONE, now=now).place
    assert live is not None
    return live, last


def test_a_place_that_had_no_durable_one_is_settled_as_it_is() -> None:
    live, last = born_away()
    merged = settled(None, live, last)
    assert (merged.place, merged.stored) == (live, False)


def test_a_fresh_act_stands_against_the_durable_place() -> None:
    live, last = born_away(intervals=((800.0, 900.0),))
    merged = settled(standing(), live, last)
    place = place_of(merged)
    assert (place.position, place.owner, merged.outcome.moved) == (900.0, "pb-phone", True)
    assert place.viewing_started_at == NOW_US
    assert merged.outcome.place == place
    assert merged.intervals == ()


def test_a_tap_gives_way_to_the_durable_place() -> None:
    live, last = born_away(played_since_act=1.0, position=2.0)
    durable = standing()
    merged = settled(durable, live, last)
    place = place_of(merged)
    assert (place.position, merged.outcome.reason) == (2000.0, "too_brief")
    assert (place.rev, place.changed_at) == (2, NOW_US + 2 * HOUR)


def test_a_duplicate_of_what_is_durable_gives_way_and_still_goes_past_both() -> None:
    durable = replace(standing(seq=9), rev=40)
    live, last = born_away(playback_id="pb-tv", seq=9, position=5.0)
    place = place_of(settled(durable, live, last))
    assert (place.position, place.rev) == (2000.0, 41)
    assert place.changed_at > max(durable.changed_at, live.changed_at)


def test_settling_goes_past_a_live_place_that_clients_have_seen() -> None:
    live, last = born_away()
    live = replace(live, rev=70, changed_at=NOW_US + 9 * HOUR)
    place = place_of(settled(standing(), live, last))
    assert (place.rev, place.changed_at) == (71, NOW_US + 9 * HOUR + 1)


def test_settling_unites_what_both_places_remember_of_playbacks() -> None:
    durable = place_of(phone(standing(seq=5), seq=3, playback_id="pb-both"))
    live, _ = born_away(playback_id="pb-live", seq=2)
    live = place_of(phone(live, playback_id="pb-both", seq=9, at=3700))
    last = make_report(playback_id="pb-phone", seq=4, position=900.0)
    live = (
        apply_report(
            place=live, report=last, facts=FACTS, device=PHONE, now=NOW_US + 3800 * SECOND
        ).place
        or live
    )
    place = place_of(settled(durable, live, last))
    assert {p.playback_id: p.last_seq for p in place.playbacks} == {
        "pb-tv": 5,
        "pb-both": 9,
        "pb-live": 2,
        "pb-phone": 4,
    }
