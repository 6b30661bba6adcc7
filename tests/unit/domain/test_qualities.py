"""Plans and what they may play: more money, more pixels, and nothing for a plan nobody knows."""

from itertools import pairwise

import pytest

from reprise.domain.qualities import BEST_OF_PLAN, LADDER, allowed_qualities


def test_the_ladder_falls_in_size_and_bit_rate() -> None:
    for better, worse in pairwise(LADDER):
        assert (better.width, better.height) > (worse.width, worse.height)
        assert better.bitrate > worse.bitrate


def test_the_bit_rates_are_those_of_the_design() -> None:
    rates = [quality.bitrate // 1000 for quality in LADDER]
    assert rates == [15_000, 5_800, 3_000, 1_050, 560, 365, 235, 145]


@pytest.mark.parametrize(
    ("plan", "best"), [("basic", "720p"), ("standard", "1080p"), ("premium", "4k")]
)
def test_a_plan_plays_up_to_its_best_and_everything_below(plan: str, best: str) -> None:
    names = [quality.name for quality in LADDER]
    assert allowed_qualities(plan) == tuple(names[names.index(best) :])


def test_every_plan_can_be_played_on_the_worst_network() -> None:
    assert all(allowed_qualities(plan)[-1] == LADDER[-1].name for plan in BEST_OF_PLAN)


@pytest.mark.parametrize("plan", ["", "Premium", "gold"])
def test_an_unknown_plan_plays_nothing(plan: str) -> None:
    assert allowed_qualities(plan) == ()
