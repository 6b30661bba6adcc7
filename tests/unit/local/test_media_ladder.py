"""Which rungs a source gets, and what is said of them, from its size alone."""

from fractions import Fraction

import pytest

from reprise.domain.qualities import LADDER
from reprise_local.media.ladder import Rung, rungs_for

FILM = Fraction(24_000, 1001)


def rungs(width: int, height: int, rate: Fraction = FILM, *, hevc: bool = False) -> list[Rung]:
    return list(rungs_for(width=width, height=height, rate=rate, hevc=hevc))


def sizes(width: int, height: int) -> dict[str, tuple[int, int]]:
    return {rung.name: (rung.width, rung.height) for rung in rungs(width, height)}


def test_a_4k_source_gets_every_rung_at_the_bit_rates_of_the_design() -> None:
    made = rungs(3840, 2160)
    assert [(rung.name, rung.bitrate) for rung in made] == [(q.name, q.bitrate) for q in LADDER]
    assert [(r.width, r.height) for r in made] == [(q.width, q.height) for q in LADDER]


@pytest.mark.parametrize(
    ("width", "height", "best"),
    [
        (1920, 1080, "1080p"),
        (1920, 804, "1080p"),
        (1918, 1080, "1080p"),
        (1440, 1080, "1080p"),
        (1900, 1000, "720p"),
        (854, 480, "480p"),
        (720, 576, "480p"),
        (1080, 1920, "1080p"),
    ],
)
def test_the_best_rung_is_the_largest_that_does_not_enlarge(
    width: int, height: int, best: str
) -> None:
    made = rungs(width, height)
    assert made[0].name == best
    assert all(rung.width <= width and rung.height <= height for rung in made)


@pytest.mark.parametrize(
    ("width", "height"), [(1920, 804), (1440, 1080), (1080, 1920), (2048, 858), (853, 477)]
)
def test_every_rung_is_even_and_keeps_its_shape(width: int, height: int) -> None:
    for rung in rungs(width, height):
        assert rung.width % 2 == rung.height % 2 == 0
        assert abs(rung.width - rung.height * width / height) <= 1 + width / height


def test_a_wide_film_fits_into_the_box_of_its_quality() -> None:
    assert sizes(1920, 804)["720p"] == (1280, 536)
    assert sizes(1080, 1920)["720p"] == (404, 720)


@pytest.mark.parametrize(("width", "height"), [(200, 100), (1, 1), (255, 143)])
def test_the_smallest_source_still_gets_one_rung_at_its_own_size(width: int, height: int) -> None:
    (only,) = rungs(width, height)
    assert only.name == LADDER[-1].name
    assert only.bitrate == LADDER[-1].bitrate
    assert abs(only.width - width) <= 1
    assert abs(only.height - height) <= 1


@pytest.mark.parametrize(
    ("rate", "levels"),
    [
        (Fraction(24), {"4k": "5.1", "1080p": "4.0", "720p": "3.1", "480p": "3.0", "144p": "1.3"}),
        (Fraction(60), {"4k": "5.2", "1080p": "4.2", "720p": "3.2", "480p": "3.1"}),
    ],
)
def test_the_level_is_the_lowest_that_holds_the_rung(
    rate: Fraction, levels: dict[str, str]
) -> None:
    made = {rung.name: rung.level for rung in rungs(3840, 2160, rate)}
    assert made | levels == made


def test_only_what_is_larger_than_1080p_is_hevc_and_only_when_asked() -> None:
    assert {rung.codec for rung in rungs(3840, 2160)} == {"h264"}
    assert {r.name for r in rungs(3840, 2160, hevc=True) if r.codec == "hevc"} == {"4k"}
