"""The nouns of the playstate: what they remember and how they coalesce."""

from reprise.domain.playstate import Change, Live, with_change
from tests.builders import TV
from tests.flush_builders import make_place


def change(number: int, *, rule: str = "owner", playback_id: str = "pb-1") -> Change:
    return Change(
        at=number,
        position=float(number),
        device=TV,
        moved=True,
        rule=rule,
        playback_id=playback_id,
    )


def test_a_change_that_repeats_the_last_replaces_it() -> None:
    assert with_change((change(1), change(2, rule="x")), change(3, rule="x")) == (
        change(1),
        change(3, rule="x"),
    )


def test_a_change_by_another_rule_or_playback_is_added() -> None:
    changes = with_change((), change(1))
    changes = with_change(changes, change(2, rule="took_over"))
    changes = with_change(changes, change(3, rule="took_over", playback_id="pb-2"))
    assert [c.at for c in changes] == [1, 2, 3]


def test_only_the_latest_twenty_changes_are_kept() -> None:
    changes: tuple[Change, ...] = ()
    for number in range(25):
        changes = with_change(changes, change(number, playback_id=str(number)))
    assert [c.at for c in changes] == list(range(5, 25))


def test_a_playback_that_a_place_does_not_remember_is_none() -> None:
    assert make_place().playback("pb-1") is not None
    assert make_place().playback("pb-unknown") is None


def test_a_completion_is_told_where_the_place_is_or_has_been_completed() -> None:
    fresh = make_place()
    assert not fresh.completion_is_told
    assert make_place(completed=True).completion_is_told
    assert make_place(before=fresh.snapshot()).completion_is_told


def test_nothing_live_is_nothing() -> None:
    assert (Live(version=0).places, Live(version=0).closed_viewings) == ((), ())
