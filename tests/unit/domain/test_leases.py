"""How many screens a plan has, and how long one is held."""

import pytest

from reprise.domain.leases import is_held, lease_seconds, screens_of


@pytest.mark.parametrize(("plan", "screens"), [("basic", 1), ("standard", 2), ("premium", 4)])
def test_each_plan_has_its_screens(plan: str, screens: int) -> None:
    assert screens_of(plan) == screens


def test_an_unknown_plan_is_not_locked_out() -> None:
    assert screens_of("family") == 1


def test_a_lease_outlives_two_missed_reports_and_ends_with_the_third() -> None:
    assert lease_seconds() == 95
    assert lease_seconds(report_seconds=60) == 185


def test_the_last_word_of_a_playback_decides_whether_it_holds_its_screen() -> None:
    assert is_held(last_word=True, age_seconds=3600, lease=95)
    assert not is_held(last_word=False, age_seconds=1, lease=95)


def test_who_has_said_nothing_holds_a_screen_for_one_lease() -> None:
    assert is_held(last_word=None, age_seconds=94.9, lease=95)
    assert not is_held(last_word=None, age_seconds=95, lease=95)
