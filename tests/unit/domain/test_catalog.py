"""Where items complete, from where they are shown, and what comes next."""

from dataclasses import replace

import pytest

from reprise.domain.catalog import Item, Title, Window
from tests.builders import make_film, make_series

NOW = 1_795_000_000


def item(duration: float, *, credits_start: float | None = None) -> Item:
    return Item(id="i", title="t", duration=duration, credits_start=credits_start)


@pytest.mark.parametrize(
    ("duration", "credits_start", "completes_at"),
    [
        pytest.param(5400.0, None, 5130.0, id="95 % of a film"),
        pytest.param(2400.0, None, 2280.0, id="95 % is 120 s before the end"),
        pytest.param(1200.0, None, 1080.0, id="120 s before the end of an episode"),
        pytest.param(240.0, None, 120.0, id="120 s before the end at half"),
        pytest.param(239.0, None, 227.05, id="95 % where 120 s would be the first half"),
        pytest.param(10.0, None, 9.5, id="95 % of seconds"),
        pytest.param(5400.0, 5000.0, 5000.0, id="the credits marker before 95 %"),
        pytest.param(5400.0, 5390.0, 5390.0, id="the credits marker after 95 %"),
        pytest.param(5400.0, 6000.0, 5400.0, id="a marker past the end is the end"),
    ],
)
def test_an_item_completes_at(
    duration: float, credits_start: float | None, completes_at: float
) -> None:
    assert item(duration, credits_start=credits_start).completes_at == pytest.approx(completes_at)


@pytest.mark.parametrize(
    ("duration", "shown_from"),
    [
        pytest.param(5400.0, 270.0, id="5 % of a film"),
        pytest.param(1200.0, 60.0, id="both"),
        pytest.param(600.0, 60.0, id="60 s of something short"),
        pytest.param(50.0, 47.5, id="never past where it completes"),
    ],
)
def test_an_item_is_shown_from(duration: float, shown_from: float) -> None:
    assert item(duration).shown_from == pytest.approx(shown_from)


def test_the_facts_are_what_the_rule_needs() -> None:
    facts = item(5400.0).facts
    assert (facts.duration, facts.completes_at, facts.shown_from) == (5400.0, 5130.0, 270.0)


def test_a_films_item_is_the_film_itself() -> None:
    film = make_film()
    found = film.item(None)
    assert found
    assert found.id == film.id
    assert film.item("episode") is None
    assert film.item(film.id) is None
    assert not film.is_series


def test_a_series_needs_one_of_its_episodes() -> None:
    series = make_series()
    episode = series.items[1]
    assert series.item(episode.id) == episode
    assert series.item(None) is None
    assert series.item("unknown") is None
    assert series.is_series


def airing(series: Title, *offsets: int) -> Title:
    """Let the items air that many seconds from now."""
    pairs = zip(series.items, offsets, strict=True)
    return replace(series, items=tuple(replace(i, aired_at=NOW + offset) for i, offset in pairs))


def test_aired_items_are_those_whose_first_showing_is_not_in_the_future() -> None:
    series = airing(make_series(seasons=(3,)), -1, 0, 1)
    assert series.aired_items(now=NOW) == series.items[:2]


def test_the_next_episode_is_in_the_same_season_then_in_the_next() -> None:
    series = make_series(seasons=(2, 1))
    first, second, third = series.items
    assert series.next_after(first.id, now=NOW) == second
    assert series.next_after(second.id, now=NOW) == third
    assert series.next_after(third.id, now=NOW) is None


def test_the_next_season_may_skip_numbers() -> None:
    series = make_series(seasons=(1, 1))
    first, last = series.items
    series = replace(series, items=(first, replace(last, season=4, episode=7)))
    following = series.next_after(first.id, now=NOW)
    assert following
    assert following.season == 4


def test_an_episode_that_has_not_aired_is_not_next() -> None:
    series = airing(make_series(seasons=(3,)), 0, 60, 0)
    assert series.next_after(series.items[0].id, now=NOW) == series.items[2]
    assert series.next_after(series.items[0].id, now=NOW + 60) == series.items[1]


def test_after_an_episode_that_has_not_aired_comes_what_aired_after_it() -> None:
    series = airing(make_series(seasons=(2,)), 60, 0)
    assert series.next_after(series.items[0].id, now=NOW) == series.items[1]


def test_specials_lead_only_to_the_next_special() -> None:
    series = make_series(seasons=(2, 1))
    specials = tuple(replace(i, season=0) for i in series.items[:2])
    series = replace(series, items=(*specials, series.items[2]))
    assert series.next_after(specials[0].id, now=NOW) == specials[1]
    assert series.next_after(specials[1].id, now=NOW) is None


def test_what_is_to_be_skipped_is_not_next() -> None:
    series = make_series(seasons=(4,))
    first, second, third, fourth = (i.id for i in series.items)
    following = series.next_after(first, now=NOW, skipping={second, third})
    assert following
    assert following.id == fourth
    assert series.next_after(first, now=NOW, skipping={second, third, fourth}) is None


def test_nothing_comes_after_a_film_or_an_episode_nobody_knows() -> None:
    film = make_film()
    assert film.next_after(film.id, now=NOW) is None
    assert make_series().next_after("unknown", now=NOW) is None


@pytest.mark.parametrize(
    ("windows", "leaves_at"),
    [
        pytest.param([("GB", 0, NOW + 300)], NOW + 300, id="the end of the open window"),
        pytest.param([("GB", 0, None)], None, id="an open end"),
        pytest.param([("GB", 0, NOW)], None, id="over this second"),
        pytest.param([("GB", NOW + 1, NOW + 300)], None, id="not yet begun"),
        pytest.param([("US", 0, NOW + 300)], None, id="another region"),
        pytest.param([], None, id="no window"),
        pytest.param([("GB", 0, NOW + 9), ("US", 0, None)], NOW + 9, id="another region's end"),
        pytest.param([("GB", NOW + 9, NOW + 30), ("GB", 0, NOW + 9)], NOW + 30, id="carried on"),
        pytest.param([("GB", 0, NOW + 9), ("GB", NOW + 5, None)], None, id="carried on for good"),
        pytest.param([("GB", 0, NOW + 9), ("GB", NOW + 10, None)], NOW + 9, id="back later"),
        pytest.param([("GB", 0, NOW + 30), ("GB", 5, NOW + 9)], NOW + 30, id="one inside another"),
    ],
)
def test_a_title_leaves_a_region_at(
    windows: list[tuple[str, int, int | None]], leaves_at: int | None
) -> None:
    title = make_film(windows=tuple(Window(*columns) for columns in windows))

    assert title.leaves_at(region="GB", now=NOW) == leaves_at
