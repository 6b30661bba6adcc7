"""Golden examples of the acts of the account: hide, watched and not watched by hand."""

from dataclasses import replace

from reprise.domain.acts import hide, mark_watched, unmark_watched
from reprise.domain.merge import apply_report
from reprise.domain.playstate import ItemFacts, Merged, Place
from tests.builders import NOW_US, PHONE, SECOND, TV, make_report
from tests.flush_builders import make_place

FACTS = ItemFacts(duration=5400.0, completes_at=5130.0, shown_from=270.0)
LATER = NOW_US + 60 * SECOND


def watched(place: Place | None, *, now: int = LATER) -> Merged:
    return mark_watched(
        place=place, video_id="film-1", item_id="film-1", facts=FACTS, device=PHONE, now=now
    )


def unwatched(place: Place | None, *, now: int = LATER + 60 * SECOND) -> Merged:
    return unmark_watched(place=place, device=PHONE, now=now)


def place_of(merged: Merged) -> Place:
    assert merged.place is not None
    return merged.place


def test_hiding_keeps_position_owner_and_history() -> None:
    place = make_place()
    merged = hide(place=place, device=PHONE, now=LATER)
    hidden = place_of(merged)
    assert (merged.outcome.moved, merged.outcome.rule, merged.stored) == (True, "hidden", True)
    assert hidden.hidden
    assert (hidden.position, hidden.owner, hidden.device) == (1234.5, "pb-1", TV)
    assert (hidden.rev, hidden.changed_at, hidden.moved_at) == (4, LATER, LATER)
    assert hidden.viewed_at == place.viewed_at
    assert [(c.rule, c.device, c.playback_id) for c in hidden.changes[-1:]] == [
        ("hidden", PHONE, "")
    ]


def test_hiding_what_is_hidden_changes_nothing() -> None:
    place = make_place(hidden=True)
    merged = hide(place=place, device=PHONE, now=LATER)
    assert (merged.stored, merged.outcome.moved, merged.place) == (False, False, place)


def test_an_act_counts_on_where_the_clock_stepped_back() -> None:
    place = place_of(hide(place=make_place(), device=PHONE, now=NOW_US - 5 * SECOND))
    assert (place.changed_at, place.moved_at) == (NOW_US + 1, NOW_US + 1)


def test_an_act_never_turns_the_instant_of_the_place_back() -> None:
    place = make_place(changed_at=NOW_US - SECOND, moved_at=LATER + SECOND)
    assert place_of(hide(place=place, device=PHONE, now=NOW_US)).moved_at == LATER + SECOND


def test_watched_by_hand_completes_the_viewing_and_owns_it_for_the_account() -> None:
    place = make_place()
    merged = watched(place)
    done = place_of(merged)
    assert (done.completed, done.position, done.state, done.owner) == (True, 5400.0, "stopped", "")
    assert done.viewing_started_at == place.viewing_started_at == merged.completed
    assert done.before == place.snapshot()
    assert (done.rev, merged.outcome.rule) == (4, "watched")


def test_watched_by_hand_without_a_place_makes_one() -> None:
    merged = watched(None, now=LATER + 999)
    place = place_of(merged)
    assert (place.rev, place.changed_at, place.viewing_started_at) == (1, LATER + 999, LATER)
    assert (place.position, place.completed, place.before, place.device) == (
        *(5400.0, True, None, PHONE),
    )
    assert merged.completed == LATER


def test_what_is_watched_already_stays_as_it_is() -> None:
    place = make_place(completed=True)
    merged = watched(place)
    assert (merged.stored, merged.completed, merged.place) == (False, None, place)


def test_watched_by_hand_wins_over_the_player_that_owns_the_place() -> None:
    assert place_of(watched(make_place(state="playing"))).position == 5400.0


def test_not_watched_restores_the_place_that_stood_before() -> None:
    place = make_place(hidden=True, device=TV)
    back = place_of(unwatched(watched(place).place))
    assert (back.position, back.owner, back.state, back.hidden, back.device, back.event_time) == (
        *(place.position, "pb-1", "playing", True, TV, place.event_time),
    )
    assert (back.completed, back.rev) == (False, 5)
    assert [c.rule for c in back.changes] == ["owner", "watched", "unwatched"]


def test_not_watched_restores_the_place_that_stood_before_a_player_completed_it() -> None:
    before = make_place(owner="pb-tv", playbacks=())
    done = apply_report(
        place=before,
        report=make_report(position=5300.0, video_id=before.video_id),
        facts=FACTS,
        device=TV,
        now=LATER,
    )
    back = place_of(unwatched(done.place))
    assert (back.position, back.completed) == (before.position, False)


def test_not_watched_without_a_place_before_goes_to_the_start() -> None:
    back = place_of(unwatched(watched(None).place))
    assert (back.position, back.owner, back.state, back.completed) == (0.0, "", "stopped", False)


def test_not_watched_changes_nothing_where_nothing_was_completed() -> None:
    assert unwatched(None).place is None
    place = make_place()
    merged = unwatched(place)
    assert (merged.stored, merged.place, merged.outcome.rule) == (False, place, "unwatched")


def test_not_watched_twice_changes_nothing_more() -> None:
    back = unwatched(watched(make_place()).place)
    assert not unwatched(back.place).stored


def test_the_completion_of_a_viewing_is_told_once_however_often_it_is_taken_back() -> None:
    for place in (make_place(), None):
        first = watched(place)
        back = unwatched(first.place)
        assert first.completed is not None
        again = watched(back.place)
        assert (again.stored, again.completed) == (True, None)
        played = apply_report(
            place=back.place,
            report=make_report(position=5300.0),
            facts=FACTS,
            device=TV,
            now=LATER + 900 * SECOND,
        )
        assert (place_of(played).completed, played.completed) == (True, None)


def test_a_viewing_that_goes_on_after_not_watched_can_be_marked_again() -> None:
    back = unwatched(watched(make_place()).place).place
    moved = place_of(
        apply_report(
            place=back,
            report=make_report(playback_id="pb-1", seq=8, position=2000.0),
            facts=FACTS,
            device=TV,
            now=LATER + 900 * SECOND,
        )
    )
    again = place_of(watched(moved, now=LATER + 1000 * SECOND))
    assert place_of(unwatched(again, now=LATER + 1001 * SECOND)).position == 2000.0


def test_after_not_watched_the_owner_plays_on_and_others_need_a_fresh_act() -> None:
    back = unwatched(watched(make_place()).place).place
    on = apply_report(
        place=back,
        report=make_report(playback_id="pb-1", seq=8, act=2, position=1300.0),
        facts=FACTS,
        device=TV,
        now=LATER + 900 * SECOND,
    )
    assert on.outcome.rule == "owner"


def test_a_viewing_carries_what_the_history_shows() -> None:
    place = replace(make_place(), completed=True)
    viewing = place.viewing()
    assert (viewing.started_at, viewing.last_watched_at) == (
        place.viewing_started_at,
        place.viewed_at,
    )
    assert (viewing.position, viewing.completed, viewing.changes) == (
        *(1234.5, True, place.changes),
    )
