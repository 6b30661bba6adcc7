"""A title reads back from Redis as it was written, and nothing else reads as one."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reprise.adapters.title_codec import title_from_json, title_to_json
from reprise.domain.catalog import Rating, Title, Window
from tests.builders import make_film, make_series

NOW = 1_795_000_000


@pytest.mark.parametrize(
    "title",
    [
        make_film(credits_start=5100.25),
        make_film(rating=None, maturity_level=None, windows=(), plans=("premium",)),
        make_film(title='"Ωmega" 📺\\', windows=(Window("GB", -5, 7), Window("US", 1, None))),
        make_film(items=()),
        make_film(ratings=(Rating("GB", "15", 4), Rating("DE", "?", None))),
        make_series(),
    ],
    ids=["film", "unrated", "odd", "empty", "rated", "series"],
)
def test_a_title_reads_back_as_written(title: Title) -> None:
    text = title_to_json(title, refreshed_at=NOW)
    assert title_from_json(text, title_id=title.id) == (title, NOW)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.pop("title"),
        lambda d: d.pop("refreshedAt"),
        lambda d: d.update(refreshedAt="soon"),
        lambda d: d.update(refreshedAt=1e400),
        lambda d: d.update(type="song"),
        lambda d: d.update(type=[]),
        lambda d: d.update(title=7),
        lambda d: d.update(maturityLevel=0),
        lambda d: d.update(maturityLevel=6),
        lambda d: d.update(maturityLevel="high"),
        lambda d: d.update(windows="US"),
        lambda d: d.update(windows=[["US", None, None]]),
        lambda d: d.update(windows=[["US", 1]]),
        lambda d: d.update(plans="premium"),
        lambda d: d.update(plans=[1]),
        lambda d: d.update(ratings="PG"),
        lambda d: d.update(ratings=[["US", "PG"]]),
        lambda d: d.update(ratings=[["US", "PG", 6]]),
        lambda d: d["items"].append([]),
        lambda d: d["items"][0].__setitem__(2, 0),
        lambda d: d["items"][0].__setitem__(2, -1),
        lambda d: d["items"][0].__setitem__(2, float("nan")),
        lambda d: d["items"][0].__setitem__(2, None),
        lambda d: d["items"][0].__setitem__(0, 5),
        lambda d: d["items"][0].__setitem__(5, "late"),
    ],
)
def test_a_spoilt_document_is_no_title(spoil: Callable[[dict[str, Any]], object]) -> None:
    film = make_film()
    document = json.loads(title_to_json(film, refreshed_at=NOW))
    spoil(document)
    with pytest.raises(ValueError, match="no title"):
        title_from_json(json.dumps(document), title_id=film.id)


def test_a_copy_of_before_ratings_were_kept_has_none() -> None:
    film = make_film()
    document = json.loads(title_to_json(film, refreshed_at=NOW))
    del document["ratings"]
    assert title_from_json(json.dumps(document), title_id=film.id) == (film, NOW)


@pytest.mark.parametrize("text", ["", "null", "7", '"x"', "[]", "{}", "[" * 100_000, "{"])
def test_any_other_text_is_no_title(text: str) -> None:
    with pytest.raises(ValueError, match="no title"):
        title_from_json(text, title_id="film-1")


def test_another_titles_document_is_refused() -> None:
    text = title_to_json(replace(make_film(), id="other"), refreshed_at=NOW)
    with pytest.raises(ValueError, match="another title"):
        title_from_json(text, title_id="film-1")
