"""How many screens a plan has, and how long one is held."""

import pytest

from reprise.domain.leases import lease_seconds, screens_of


@pytest.mark.parametrize(("plan", "screens"), [("basic", 1), ("standard", 2), ("premium", 4)])
def test_each_plan_has_its_screens(plan: str, screens: int) -> None:
    assert screens_of(plan) == screens


def test_an_unknown_plan_is_not_locked_out() -> None:
    assert screens_of("family") == 1


def test_a_lease_outlives_two_missed_reports_and_ends_with_the_third() -> None:
    assert lease_seconds() == 95
    assert lease_seconds(report_seconds=60) == 185
