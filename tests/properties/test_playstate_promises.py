"""The promises of the playstate, held on generated histories of the pure rule."""

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.merge import apply_report
from reprise.domain.playstate import Place, Report
from tests.builders import NOW_US, SECOND, TV, make_report
from tests.properties.histories import FACTS, reports


def after(
    history: list[Report], place: Place | None = None, *, start: int = NOW_US
) -> Place | None:
    """Apply reports a second apart."""

    def step(state: tuple[int, Place | None], report: Report) -> tuple[int, Place | None]:
        now, standing = state
        merged = apply_report(place=standing, report=report, facts=FACTS, device=TV, now=now)
        return now + SECOND, merged.place

    return reduce(step, history, (start, place))[1]


def of_one_playback(report: Report, seq: int) -> Report:
    return make_report(playback_id="pb-1", seq=seq, position=report.position, act=report.act)


@given(
    script=st.lists(reports(offline=False), min_size=1, max_size=8),
    order=st.randoms(use_true_random=False),
)
def test_reports_of_one_playback_in_any_order_with_duplicates_leave_its_highest_seq(
    script: list[Report], order: object
) -> None:
    numbered = [of_one_playback(report, seq) for seq, report in enumerate(script, start=1)]
    shuffled = numbered * 2
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    place = after(shuffled)
    assert place is not None
    assert place.position == min(numbered[-1].position, FACTS.duration)


@given(
    history=st.lists(reports(), min_size=1, max_size=10),
    position=st.floats(0, 2400),
    count=st.integers(1, 5),
)
def test_a_paused_device_never_moves_a_place_that_another_has_taken(
    history: list[Report], position: float, count: int
) -> None:
    television = make_report(playback_id="pb-old", seq=100, act=9, position=500.0)
    phone = make_report(playback_id="pb-new", seq=100, act=9, position=900.0)
    place = after([*history, television, phone])
    assert place is not None
    idle = [
        make_report(playback_id="pb-old", seq=101 + n, act=9, state="paused", position=position)
        for n in range(count)
    ]
    standing = after(idle, place, start=NOW_US + 3600 * SECOND)
    assert standing is not None
    assert standing.owner == place.owner == "pb-new"
    assert (standing.position, standing.rev) == (place.position, place.rev)


@given(history=st.lists(reports(), min_size=1, max_size=12))
def test_the_owner_changes_only_by_an_act_newer_than_the_one_it_spent(
    history: list[Report],
) -> None:
    place: Place | None = None
    for number, report in enumerate(history):
        merged = apply_report(
            place=place, report=report, facts=FACTS, device=TV, now=NOW_US + number * SECOND
        )
        if place and merged.place and merged.place.owner != place.owner:
            memory = place.playback(report.playback_id)
            assert report.act > (memory.spent_act if memory else 0)
            assert report.played_since_act >= 10
        place = merged.place


@given(history=st.lists(reports(), min_size=1, max_size=8), cut=st.integers(0, 7))
def test_repeating_any_suffix_of_a_history_changes_nothing(history: list[Report], cut: int) -> None:
    place = after(history)
    again = after(history[cut:], place, start=NOW_US + 3600 * SECOND)
    assert again == place


@given(history=st.lists(reports(), min_size=1, max_size=12))
def test_rev_grows_by_one_and_changed_at_strictly_with_each_accepted_change(
    history: list[Report],
) -> None:
    place: Place | None = None
    for report in history:
        # The clock stands still: the order has to come from the place itself.
        merged = apply_report(place=place, report=report, facts=FACTS, device=TV, now=NOW_US)
        if place and merged.place:
            grown = 1 if merged.outcome.moved else 0
            assert merged.place.rev == place.rev + grown
            assert (merged.place.changed_at > place.changed_at) == merged.outcome.moved
            assert merged.place.written_at > place.written_at or not merged.stored
        place = merged.place


@given(history=st.lists(reports(), min_size=1, max_size=12))
def test_a_viewing_completes_at_most_once_and_every_completion_is_its_own_viewing(
    history: list[Report],
) -> None:
    place: Place | None = None
    completed = []
    for number, report in enumerate(history):
        merged = apply_report(
            place=place, report=report, facts=FACTS, device=TV, now=NOW_US + number * SECOND
        )
        completed += [merged.completed] if merged.completed else []
        place = merged.place
    assert len(completed) == len(set(completed))


@given(history=st.lists(reports(), min_size=1, max_size=30))
def test_a_place_stays_within_its_item_and_remembers_a_bounded_past(
    history: list[Report],
) -> None:
    place = after(history)
    assert place is not None
    assert 0 <= place.position <= FACTS.duration
    assert len(place.playbacks) <= 8
    assert len(place.changes) <= 20
    assert place.event_time <= NOW_US + len(history) * SECOND
