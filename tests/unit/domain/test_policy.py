"""The one gate fails closed: a table of who may see what, and every unknown refused."""

from dataclasses import replace
from typing import Any

import pytest

from reprise.domain.catalog import Rating, Window
from reprise.domain.identity import PolicyFacts
from reprise.domain.policy import ForbiddenError, Gate
from tests.builders import ADULT, make_film

NOW = 1_795_000_000


def refusal(facts: PolicyFacts = ADULT, **title: Any) -> str | None:
    return Gate(facts=facts, now=NOW).refusal(make_film(**title))


def limited(level: int, *, kids: bool = False) -> PolicyFacts:
    return replace(ADULT, maturity_level=level, kids=kids)


@pytest.mark.parametrize("viewer_level", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("title_level", [1, 2, 3, 4, 5])
def test_a_profile_sees_up_to_its_own_maturity(viewer_level: int, title_level: int) -> None:
    expected = None if title_level <= viewer_level else "maturity"
    assert refusal(limited(viewer_level), maturity_level=title_level) == expected


@pytest.mark.parametrize(
    ("level", "expected"), [(1, "maturity"), (4, "maturity"), (5, None), (9, None)]
)
def test_a_rating_nobody_mapped_is_blocked_for_every_limited_profile(
    level: int, expected: str | None
) -> None:
    assert refusal(limited(level), maturity_level=None) == expected


@pytest.mark.parametrize(
    ("title_level", "expected"), [(1, None), (2, None), (3, "kids"), (5, "kids"), (None, "kids")]
)
def test_a_kids_profile_never_exceeds_level_two_whatever_its_level_says(
    title_level: int | None, expected: str | None
) -> None:
    assert refusal(limited(5, kids=True), maturity_level=title_level) == expected


def test_a_kids_profile_of_level_one_sees_level_one_only() -> None:
    assert refusal(limited(1, kids=True), maturity_level=2) == "maturity"
    assert refusal(limited(1, kids=True), maturity_level=1) is None


@pytest.mark.parametrize(
    ("ratings", "level"),
    [
        pytest.param({"US": [2]}, 2, id="the region's own"),
        pytest.param({"US": [2], "GB": [5]}, 2, id="not another's that is stricter"),
        pytest.param({"US": [4], "GB": [1]}, 4, id="not another's that is milder"),
        pytest.param({"US": [1, 3]}, 3, id="the strictest of the region's systems"),
        pytest.param({"US": [1, None]}, None, id="one of the region's nobody mapped"),
        pytest.param({"US": [None], "GB": [1]}, None, id="not another's instead of it"),
        pytest.param({"GB": [1]}, 4, id="the strictest of all where the region has none"),
        pytest.param({}, 4, id="the strictest of all where there are none by country"),
    ],
)
def test_the_rating_is_that_of_the_viewers_region(
    ratings: dict[str, list[int | None]], level: int | None
) -> None:
    rated = tuple(Rating(country, "R", n) for country, levels in ratings.items() for n in levels)
    film = make_film(maturity_level=4, ratings=rated)
    assert film.level_in("US") == level
    for limit in (1, 2, 3, 4):
        allowed = level is not None and level <= limit
        assert Gate(facts=limited(limit), now=NOW).allows(film) == allowed


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        pytest.param((), "region", id="no window anywhere"),
        pytest.param((Window("DE", 0, None),), "region", id="another region"),
        pytest.param((Window("us", 0, None),), "region", id="a region is spelled exactly"),
        pytest.param((Window("US", NOW + 1, None),), "region", id="not yet"),
        pytest.param((Window("US", NOW, None),), None, id="from now"),
        pytest.param((Window("US", 0, NOW),), "region", id="until now"),
        pytest.param((Window("US", 0, NOW + 1),), None, id="a second left"),
        pytest.param((Window("US", 0, 5), Window("US", NOW, None)), None, id="the second window"),
    ],
)
def test_a_title_is_open_only_inside_a_window_of_the_region(
    windows: tuple[Window, ...], expected: str | None
) -> None:
    assert refusal(windows=windows) == expected


@pytest.mark.parametrize(
    ("plans", "expected"),
    [(("premium",), None), (("basic", "standard"), "plan"), ((), "plan")],
)
def test_a_title_is_open_only_to_its_plans(plans: tuple[str, ...], expected: str | None) -> None:
    assert refusal(plans=plans) == expected


def test_the_reason_is_the_first_that_a_client_can_show() -> None:
    closed = {"windows": (), "plans": (), "maturity_level": 5}
    assert refusal(limited(1, kids=True), **closed) == "region"
    closed.pop("windows")
    assert refusal(limited(1, kids=True), **closed) == "plan"
    closed.pop("plans")
    assert refusal(limited(1, kids=True), **closed) == "kids"


DAY = 86_400


@pytest.mark.parametrize(
    ("windows", "days"),
    [
        pytest.param([("US", 0, 3)], 3, id="in three days"),
        pytest.param([("US", 0, 30)], 30, id="in thirty days"),
        pytest.param([("US", 0, 31)], None, id="later"),
        pytest.param([("US", 0, None)], None, id="never"),
        pytest.param([("US", 0, 3), ("US", 2, 40)], None, id="carried on beyond"),
        pytest.param([("US", 0, 3), ("US", 3, 9)], 9, id="carried on"),
        pytest.param([("US", 0, 3), ("GB", 0, None)], 3, id="another region's stays"),
        pytest.param([("GB", 0, 3)], None, id="another region's"),
        pytest.param([("US", 1, 3)], None, id="not there yet"),
    ],
)
def test_a_title_leaves_where_its_window_ends_within_thirty_days(
    windows: list[tuple[str, int, int | None]], days: int | None
) -> None:
    film = make_film(
        windows=tuple(
            Window(region, NOW + begin * DAY, None if end is None else NOW + end * DAY)
            for region, begin, end in windows
        )
    )
    expected = None if days is None else NOW + days * DAY
    assert Gate(facts=ADULT, now=NOW).leaves_at(film) == expected


def test_check_raises_the_reason_and_lets_pass_what_is_allowed() -> None:
    gate = Gate(facts=limited(1), now=NOW)
    gate.check(make_film(maturity_level=1))
    assert gate.allows(make_film(maturity_level=1))
    with pytest.raises(ForbiddenError) as refused:
        gate.check(make_film(maturity_level=3))
    assert refused.value.reason == "maturity"
    assert not gate.allows(make_film(maturity_level=3))
