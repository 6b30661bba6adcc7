"""Everything that may be wrong with a catalog is found at once, each in its row."""

from typing import Any

import pytest

from reprise.domain.catalog import Window
from reprise.domain.catalog_draft import (
    DraftTitle,
    KnownCatalog,
    Problem,
    episode_id,
    problems_of,
    title_id,
)
from reprise.domain.title_page import Artwork, Edition, Markers
from tests.catalog_drafts import draft_catalog, draft_episode, draft_film, draft_series

NOTHING = KnownCatalog(ratings={}, genres=(), types={})


def problems(*titles: DraftTitle, known: KnownCatalog = NOTHING) -> list[Problem]:
    return list(problems_of(draft_catalog(*titles), known=known))


def test_a_sound_catalog_has_no_problems() -> None:
    assert problems(draft_film(), draft_series()) == []


def test_ids_come_from_keys_alone() -> None:
    film, series = draft_film("salt"), draft_series("tide")
    assert film.id == title_id("salt") == film.item_id(film.items[0])
    assert series.item_id(series.items[1]) == episode_id("tide", 1, 2)
    assert len({film.id, series.id, *map(series.item_id, series.items)}) == 5


def test_an_episode_with_a_key_of_its_own_keeps_its_id_when_it_is_renumbered() -> None:
    early, late = draft_episode(1, 1, key="pilot"), draft_episode(2, 4, key="pilot")
    series = draft_series()
    assert series.item_id(early) == series.item_id(late)


def test_a_document_and_what_is_known_already_count_together() -> None:
    film = draft_film(genres=("drama", "noir"), ratings={"MPA": "PG", "FSK": "12", "BBFC": "U"})
    known = KnownCatalog(ratings={"FSK": {"12"}, "BBFC": {"U"}}, genres={"noir"}, types={})
    assert problems(film, known=known) == []


@pytest.mark.parametrize(
    ("wrong", "field", "reason"),
    [
        pytest.param(
            {"genres": ("drama", "noir")},
            "genres",
            "'noir' is not known; known are drama, short",
            id="an unknown genre",
        ),
        pytest.param(
            {"genres": ("drama", "drama")}, "genres", "'drama' is there twice", id="twice"
        ),
        pytest.param(
            {"ratings": {"FSK": "12"}},
            "ratings",
            "'FSK' is not known; known are BBFC, MPA",
            id="an unknown rating system",
        ),
        pytest.param(
            {"ratings": {"MPA": "X"}},
            "ratings.MPA",
            "'X' is not known; known are NR, PG, R",
            id="an unknown rating",
        ),
        pytest.param(
            {"artwork": (Artwork("hero", "a", "/1"), Artwork("hero", "a", "/2"))},
            "artwork",
            "'hero a' is there twice",
            id="a variant twice",
        ),
        pytest.param(
            {"windows": (Window("US", 10, 5),)},
            "windows",
            "US ends before it begins",
            id="backwards",
        ),
        pytest.param(
            {"windows": (Window("US", 10, 30), Window("US", 20, None))},
            "windows",
            "US has windows that overlap",
            id="overlapping",
        ),
        pytest.param(
            {"windows": (Window("US", 10, None), Window("US", 20, 30))},
            "windows",
            "US has windows that overlap",
            id="overlapping an open end",
        ),
    ],
)
def test_what_is_wrong_with_a_title_is_said(wrong: dict[str, Any], field: str, reason: str) -> None:
    assert problems(draft_film(**wrong)) == [Problem("titles[0]", field, reason)]


def test_windows_of_one_region_may_follow_each_other() -> None:
    windows = (Window("US", 20, None), Window("US", 10, 20), Window("GB", 15, 25))
    assert problems(draft_film(windows=windows)) == []


def test_a_key_stands_in_one_row() -> None:
    again = draft_film("the-tide-clerks", where="titles[7]")
    assert problems(draft_series(), again) == [
        Problem("titles[7]", "key", "'the-tide-clerks' stands in titles[1] already")
    ]


def test_a_title_stays_a_film_or_a_series() -> None:
    film = draft_film()
    known = KnownCatalog(ratings={}, genres=(), types={film.id: "series"})
    [problem] = problems(film, known=known)
    assert (problem.field, problem.reason[:17]) == ("type", "was series before")


def test_numbers_and_keys_of_episodes_are_there_once() -> None:
    items = (
        draft_episode(1, 1),
        draft_episode(1, 1, key="other", where="row 8"),
        draft_episode(1, 2, key="1:1", where="row 9"),
    )
    assert problems(draft_series(items=items)) == [
        Problem("row 8", "episode", "season 1 episode 1 stands in season 1 episode 1 already"),
        Problem("row 9", "key", "'1:1' stands in season 1 episode 1 already"),
    ]


def test_markers_lie_within_their_edition() -> None:
    editions = (
        Edition("main", 100.0, Markers(10.0, 101.0, 102.0)),
        Edition("longer", 200.0, Markers(10.0, 20.0, 201.0)),
        Edition("longer", 200.0, Markers(10.0, 200.0, 200.0)),
    )
    item = draft_episode(1, 1, where="row 3", editions=editions)
    assert problems(draft_series(items=(item,))) == [
        Problem("row 3", "editions", "'longer' is there twice"),
        Problem("row 3", "intro", "ends after the end"),
        Problem("row 3", "credits", "begin after the end"),
        Problem("row 3", "editions.longer.credits", "begin after the end"),
    ]


def test_without_anything_known_that_is_said() -> None:
    draft = draft_catalog(draft_film(ratings={}), genres={}, systems=())
    [problem] = problems_of(draft, known=NOTHING)
    assert problem.reason == "'drama' is not known; known are none yet"
