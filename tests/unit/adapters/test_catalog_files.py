"""Both forms of a catalog say the same, and every row that is wrong is named."""

import copy
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprise.adapters.catalog_csv import COLUMNS, read_csv
from reprise.adapters.catalog_form import instant
from reprise.adapters.catalog_json import Reading, read_json
from reprise.domain.catalog_draft import DraftTitle, KnownCatalog, Problem, problems_of
from reprise.domain.title_page import Edition, Markers

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FORMAT = Path(__file__).parents[3] / "docs" / "catalog-format.md"
NOTHING = KnownCatalog(ratings={}, genres=(), types={})


def example(language: str) -> str:
    found = re.search(rf"```{language}\n(.+?)```", FORMAT.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def film(**overrides: Any) -> dict[str, Any]:
    values = {
        "key": "salt",
        "type": "film",
        "title": "Salt",
        "year": 2023,
        "language": "en",
        "duration": 5400,
    }
    return {name: value for name, value in (values | overrides).items() if value is not ...}


def series(*episodes: dict[str, Any], **overrides: Any) -> dict[str, Any]:
    seasons = [{"season": 1, "episodes": list(episodes)}]
    return film(**({"type": "series", "seasons": seasons, "duration": ...} | overrides))


def episode(**overrides: Any) -> dict[str, Any]:
    values = {"episode": 1, "title": "One", "aired": "2024-01-01", "duration": 1200}
    return {name: value for name, value in (values | overrides).items() if value is not ...}


def read(*titles: Any, **parts: Any) -> Reading:
    return read_json(json.dumps({"titles": titles} | parts), now=NOW)


def one(title: dict[str, Any]) -> DraftTitle:
    reading = read(title)
    assert reading.problems == []
    [draft] = reading.draft.titles
    return draft


def said(reading: Reading) -> list[tuple[str, str]]:
    return [(problem.where, problem.field) for problem in reading.problems]


def test_the_documented_examples_are_sound_and_say_the_same() -> None:
    from_json = read_json(example("json"), now=NOW)
    from_csv = read_csv(example("csv"), now=NOW)
    assert (from_json.problems, from_csv.problems) == ([], [])
    assert list(problems_of(from_json.draft, known=NOTHING)) == []
    assert from_json.draft.titles == from_csv.draft.titles


def test_the_documented_example_shows_every_field() -> None:
    draft = read_json(example("json"), now=NOW).draft
    ferry, harbour = draft.titles
    assert all(column in example("csv") for column in COLUMNS)
    assert ferry.items[0].editions == (
        Edition("main", 6120, Markers(38, 96, 5890.5)),
        Edition("directors-cut", 6900, Markers(None, None, 6650)),
    )
    assert [window.region for window in ferry.windows] == ["US", "GB", "DE"]
    assert harbour.items[1].editions == ()
    assert harbour.items[1].aired_at == int(datetime(2026, 11, 28, 12, tzinfo=UTC).timestamp())
    assert draft.systems[0].levels["TBC"] is None


def test_a_date_is_of_the_calendar_has_a_zone_or_counts_from_now() -> None:
    assert instant("2024-05-01", NOW) == datetime(2024, 5, 1, tzinfo=UTC)
    assert instant("2024-05-01T20:00:00Z", NOW) == datetime(2024, 5, 1, 20, tzinfo=UTC)
    assert instant("2024-05-01T20:00:00+02:00", NOW) == datetime(2024, 5, 1, 18, tzinfo=UTC)
    assert instant("+3d", NOW) == datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert instant("-21d", NOW) == datetime(2026, 10, 31, 12, tzinfo=UTC)
    for nonsense in (
        "soon",
        "3d",
        "+3",
        "2024-13-01",
        "2024-W01-1",
        "20240501",
        "",
        "2024-05-01T2",
    ):
        with pytest.raises(ValueError, match="must"):
            instant(nonsense, NOW)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        pytest.param({"key": "Salt Map"}, "key", id="a key with a space"),
        pytest.param({"key": ...}, "key", id="no key"),
        pytest.param({"type": "movie"}, "type", id="an unknown type"),
        pytest.param({"title": ""}, "title", id="no name"),
        pytest.param({"title": "S\0"}, "title", id="a control character"),
        pytest.param({"title": "\ud800"}, "title", id="a lone surrogate"),
        pytest.param({"title": 7}, "title", id="a number for a name"),
        pytest.param({"year": "2023"}, "year", id="a text for a number"),
        pytest.param({"year": 1600}, "year", id="a year before film"),
        pytest.param({"language": "English"}, "language", id="a language by name"),
        pytest.param({"duration": 0}, "duration", id="no time at all"),
        pytest.param({"duration": True}, "duration", id="a truth for seconds"),
        pytest.param({"duration": ...}, "duration", id="no duration"),
        pytest.param({"intro": [9, 3]}, "intro", id="an intro backwards"),
        pytest.param({"intro": [9]}, "intro[1]", id="half an intro"),
        pytest.param({"credits": -1}, "credits", id="credits before the start"),
        pytest.param({"plans": ["gold"]}, "plans[0]", id="an unknown plan"),
        pytest.param({"plans": []}, "plans", id="no plan"),
        pytest.param({"genres": "drama"}, "genres", id="a text for a list"),
        pytest.param({"ratings": ["PG"]}, "ratings", id="a list for a mapping"),
        pytest.param({"colour": "blue"}, "colour", id="an unknown field"),
        pytest.param({"seasons": []}, "seasons", id="a film with seasons"),
        pytest.param({"windows": [{"regions": ["US"]}]}, "windows[0].from", id="no beginning"),
        pytest.param(
            {"windows": [{"regions": ["us"], "from": "2024-01-01"}]},
            "windows[0].regions[0]",
            id="a region in lower case",
        ),
        pytest.param(
            {"windows": [{"regions": [], "from": "2024-01-01"}]}, "windows[0].regions", id="nowhere"
        ),
        pytest.param(
            {"windows": [{"regions": ["US"], "from": "soon"}]}, "windows[0].from", id="no date"
        ),
        pytest.param(
            {"windows": [{"regions": ["US"], "from": 2024}]}, "windows[0].from", id="a number"
        ),
        pytest.param(
            {"artwork": [{"kind": "gif", "variant": "a", "url": "/a"}]},
            "artwork[0].kind",
            id="an unknown kind of artwork",
        ),
        pytest.param(
            {"artwork": [{"kind": "hero", "variant": "a", "url": "javascript:x"}]},
            "artwork[0].url",
            id="no address",
        ),
    ],
)
def test_a_wrong_field_of_a_title_is_named(wrong: dict[str, Any], field: str) -> None:
    reading = read(film(), film(**({"key": "other"} | wrong)))
    assert said(reading) == [("titles[1]", field)]
    assert all(problem.reason for problem in reading.problems)


@pytest.mark.parametrize(
    ("title", "where", "field"),
    [
        (series(episode(episode=0)), "titles[0].seasons[0].episodes[0]", "episode"),
        (series(episode(), episode(aired=...)), "titles[0].seasons[0].episodes[1]", "aired"),
        (series(), "titles[0].seasons[0]", "episodes"),
        (series(seasons=...), "titles[0]", "seasons"),
        (series(seasons=[{"episodes": [episode()]}]), "titles[0].seasons[0]", "season"),
        (series(episode(), duration=5), "titles[0]", "duration"),
        (film(editions=[{"name": "Cut!", "duration": 5}]), "titles[0].editions[0]", "name"),
        (
            series(episode(editions=[{"name": "cut"}])),
            "titles[0].seasons[0].episodes[0].editions[0]",
            "duration",
        ),
        ("a title", "titles[0]", ""),
        (None, "titles[0]", ""),
    ],
)
def test_a_wrong_field_is_named_in_the_innermost_row(title: Any, where: str, field: str) -> None:
    assert said(read(title)) == [(where, field)]


def test_everything_wrong_is_said_at_once_also_what_only_the_whole_can_tell() -> None:
    reading = read(
        film(year="x", genres=["noir"], ratings={"XX": "1"}, duration=10, credits=20),
        series(
            episode(episode="one"),
            episode(),
            episode(title="Again", key="again"),
            key="tide",
            language=5,
        ),
        film(key="salt"),
        genres={"drama": "Drama"},
    )
    later = problems_of(reading.draft, known=NOTHING)
    assert said(reading) == [
        ("titles[0]", "year"),
        ("titles[1]", "language"),
        ("titles[1].seasons[0].episodes[0]", "episode"),
    ]
    assert [(problem.where, problem.field) for problem in later] == [
        ("titles[2]", "key"),
        ("titles[0]", "genres"),
        ("titles[0]", "ratings"),
        ("titles[0]", "credits"),
        ("titles[1].seasons[0].episodes[2]", "episode"),
    ]


def test_a_field_that_is_left_out_has_its_documented_default() -> None:
    draft = one(film())
    assert draft.plans == ("basic", "standard", "premium")
    assert (draft.genres, draft.windows, draft.artwork, draft.aliases) == ((), (), (), ())


def test_episodes_come_in_order_whatever_the_files() -> None:
    second = {"season": 2, "episodes": [episode()]}
    first = {"season": 1, "episodes": [episode(episode=2), episode()]}
    items = one(series(seasons=[second, first])).items
    assert [(item.season, item.episode) for item in items] == [(1, 1), (1, 2), (2, 1)]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", ""),
        ("{", ""),
        ("[1]", "titles"),
        ("{}", "titles"),
        ('{"titles": {}}', "titles"),
        ('{"titles": [], "titles": []}', ""),
        ('{"titles": [{"year": NaN}]}', ""),
        ("[" * 100_000, ""),
        ('{"titles": [], "shown": 1}', "shown"),
        ('{"titles": [], "ratingSystems": {}}', "ratingSystems"),
    ],
)
def test_a_file_that_is_no_catalog_is_refused(text: str, field: str) -> None:
    [problem] = read_json(text, now=NOW).problems
    assert (problem.where, problem.field) == ("file", field)


def test_a_wrong_rating_system_or_genre_is_said_once_and_not_of_each_title() -> None:
    systems = [
        {"code": "FSK", "country": "de", "name": "FSK", "levels": {"12": 9}},
        "MPA",
        {"code": "ACB", "country": "AU", "name": "ACB", "levels": "G"},
    ]
    reading = read(
        film(genres=["Film noir"], ratings={"FSK": "12"}),
        ratingSystems=systems,
        genres={"Film noir": "Film noir"},
    )
    assert [where for where, _ in said(reading)] == [
        *("ratingSystems[0]", "ratingSystems[0]", "ratingSystems[1]", "ratingSystems[2]"),
        "genres",
    ]
    assert list(problems_of(reading.draft, known=NOTHING)) == []
    assert said(read(genres=[1])) == [("genres", "")]


HEAD = (
    "type,key,title,year,language,season,episode,episodeKey,aired,edition,duration,intro,windows\n"
)


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        pytest.param("movie,salt,,,,,,,,,,,\n", [("row 2", "type")], id="an unknown type"),
        pytest.param(
            "film,salt,Salt,MMXX,en,,,,,,ninety,9,US\n",
            [("row 2", name) for name in ("year", "duration", "intro", "windows")],
            id="cells that can't be read, each once",
        ),
        pytest.param(
            "film,Salt!,Salt,1,en,,,,,,10,,\nfilm,map,,2020,en,,,,,,10,,\n",
            [("row 2", "key"), ("row 2", "year"), ("row 3", "title")],
            id="cells that break the form",
        ),
        pytest.param(
            "film,salt,Salt,2020,en,1,,,,,10,,\n", [("row 2", "season")], id="a cell too many"
        ),
        pytest.param(
            "film,salt,Salt,2020,en,,,,,,10,,,,\n", [("row 2", "")], id="more cells than columns"
        ),
        pytest.param(
            "episode,tide,One,,,1,1,,2024-01-01,,10,,\n", [("row 2", "key")], id="no series above"
        ),
        pytest.param(
            "film,salt,Salt,2020,en,,,,,,10,,\nepisode,salt,One,,,1,1,,2024-01-01,,10,,\n",
            [("row 3", "key")],
            id="an episode of a film",
        ),
        pytest.param(
            "edition,salt,,,,,,,,cut,10,,\n", [("row 2", "key")], id="an edition of nothing"
        ),
        pytest.param(
            "film,salt,Salt,2020,en,,,,,,10,,\nfilm,salt,Salt,2020,en,,,,,,10,,\n",
            [("row 3", "key")],
            id="a key twice",
        ),
        pytest.param(
            "series,tide,Tide,2020,en,,,,,,,,\n"
            "episode,tide,One,,,first,1,,2024-01-01,,10,,\n"
            "episode,tide,Two,,,1,2,Bad Key,2024-01-01,,10,,\n"
            "edition,tide,,,,1,2,,,Cut!,10,,\n"
            "edition,tide,,,,1,9,,,cut,10,,\n",
            [("row 3", "season"), ("row 4", "episodeKey"), ("row 5", "edition"), ("row 6", "key")],
            id="each of many rows",
        ),
        pytest.param(
            "series,tide,Tide,2020,en,,,,,,,,\n", [("row 2", "seasons")], id="a series of nothing"
        ),
    ],
)
def test_wrong_rows_of_csv_are_named(rows: str, problems: list[tuple[str, str]]) -> None:
    assert said(read_csv(HEAD + rows, now=NOW)) == problems


@pytest.mark.parametrize(
    ("cell", "column"),
    [
        ("MPA", "ratings"),
        ("MPA=PG|MPA=R", "ratings"),
        ("poster=/a.jpg", "artwork"),
        ("US 2024-01-01", "windows"),
    ],
)
def test_cells_of_several_values_say_how_they_are_written(cell: str, column: str) -> None:
    text = f"type,key,title,year,language,duration,{column}\nfilm,salt,Salt,2020,en,10,{cell}\n"
    [problem] = read_csv(text, now=NOW).problems
    assert (problem.where, problem.field) == ("row 2", column)
    assert re.match(r"must be like|rates twice", problem.reason)


def test_columns_that_nobody_knows_or_that_are_missing_are_said() -> None:
    assert said(read_csv("key,colour\nsalt,blue\n", now=NOW)) == [
        ("row 1", "colour"),
        ("row 1", "type"),
    ]
    assert said(read_csv("", now=NOW)) == [("row 1", "type"), ("row 1", "key")]


def test_what_is_no_csv_at_all_is_said_with_its_row() -> None:
    reading = read_csv('type,key\nfilm,"salt"map\n', now=NOW)
    assert said(reading) == [("row 2", "")]
    assert reading.problems[0] == Problem("row 2", "", reading.problems[0].reason)


def test_a_row_that_spans_lines_and_quotes_is_read_as_one() -> None:
    head = "type,key,title,year,language,description,duration"
    row = 'film,salt,"Salt, ""the"" map",2020,en,"a\nb",10'
    reading = read_csv(f"{head}\n{row}\n", now=NOW)
    assert reading.problems == []
    assert reading.draft.titles[0].title == 'Salt, "the" map'


JUNK: tuple[Any, ...] = (None, -1, 1e99, True, "", "x", "+3d", [], {}, [None], {"a": 1}, "\ud800")


def holders(value: Any) -> list[Any]:
    """Return every object and list of a document that has anything in it."""
    inside = value.values() if isinstance(value, dict) else value
    if not isinstance(value, dict | list) or not value:
        return []
    return [value, *(holder for each in inside for holder in holders(each))]


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_whatever_is_damaged_is_said_and_the_rest_is_judged(data: st.DataObject) -> None:
    document = json.loads(example("json"))
    for _ in range(data.draw(st.integers(1, 4))):
        holder = data.draw(st.sampled_from(holders(document["titles"])))
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        holder[data.draw(st.sampled_from(keys))] = copy.deepcopy(data.draw(st.sampled_from(JUNK)))
    reading = read_json(json.dumps(document), now=NOW)
    list(problems_of(reading.draft, known=NOTHING))
    whole = sum(isinstance(title, dict) for title in document["titles"])
    assert len(reading.draft.titles) == whole


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_cell_breaks_the_reading_of_csv(data: st.DataObject) -> None:
    lines = example("csv").splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        row = data.draw(st.integers(0, len(lines) - 1))
        cells = lines[row].split(",")
        junk = st.sampled_from(["", "x", "|", "a=b", "-1", "1-2", '"', "\0", "US 2024-01-01.."])
        cells[data.draw(st.integers(0, len(cells) - 1))] = data.draw(junk)
        lines[row] = ",".join(cells)
    reading = read_csv("\n".join(lines), now=NOW)
    list(problems_of(reading.draft, known=NOTHING))
    assert all(problem.where.startswith("row ") for problem in reading.problems)
