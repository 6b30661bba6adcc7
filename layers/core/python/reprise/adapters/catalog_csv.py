"""Reads the CSV form of a catalog (`docs/catalog-format.md`), with all that is wrong with it.

A row is a film, a series, an episode or a further edition; rows with the same key belong together.
They are put together to what the JSON form has, so that both are judged by the same rules.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reprise.adapters.catalog_form import Location, Raw
from reprise.adapters.catalog_json import Reading
from reprise.adapters.catalog_reading import read_title
from reprise.domain.catalog_draft import CatalogDraft, Problem

TITLE_COLUMNS = (
    *("title", "originalTitle", "aliases", "year", "language", "description", "genres"),
    *("ratings", "plans", "artwork", "windows"),
)
CUT_COLUMNS = ("duration", "intro", "credits")
COLUMNS_OF: Mapping[str, tuple[str, ...]] = {
    "film": (*TITLE_COLUMNS, *CUT_COLUMNS),
    "series": TITLE_COLUMNS,
    "episode": ("season", "episode", "title", "description", "aired", "episodeKey", *CUT_COLUMNS),
    "edition": ("season", "episode", "edition", *CUT_COLUMNS),
}
COLUMNS = ("type", "key", *dict.fromkeys(name for names in COLUMNS_OF.values() for name in names))
RENAMED = {"episodeKey": "key", "edition": "name"}

_WINDOW = re.compile(r"(?P<regions>\S+) (?P<from>[^\s.]+)\.\.(?P<until>[^\s.]*)")
_ARTWORK = re.compile(r"(?P<kind>[^:=]+):(?P<variant>[^:=]+)=(?P<url>.+)")


@dataclass(slots=True)
class _Collected:
    """One title put together so far, and the number of the row behind each part of it."""

    raw: Raw
    rows: dict[Location, int]
    seasons: dict[Any, int] = field(default_factory=dict)
    episodes: dict[tuple[Any, Any], Location] = field(default_factory=dict)

    def place(self, row: Location) -> str:
        """A part that no row holds, because it is missing, belongs to the row around it."""
        while row not in self.rows:
            row = row[:-1]
        return f"row {self.rows[row]}"


def read_csv(text: str, *, now: datetime) -> Reading:
    """Read a document; `+3d` counts from `now`. Row 1 names the columns."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, restval="")
    collected: dict[str, _Collected] = {}
    problems: list[Problem] = []
    try:
        problems += _wrong_columns(reader.fieldnames or ())
        if problems:
            return Reading(CatalogDraft(titles=()), problems)
        for cells in reader:
            problems += _collect(cells, reader.line_num, collected)
    except csv.Error as error:
        problems.append(Problem(f"row {reader.line_num + 1}", "", f"must be CSV: {error}"))
    titles = []
    for each in collected.values():
        title, wrong = read_title(each.raw, place=each.place, now=now)
        problems += _not_told_yet(problems, wrong, each)
        if title is not None:
            titles.append(title)
    return Reading(CatalogDraft(titles), sorted(problems, key=lambda problem: _row(problem.where)))


def _not_told_yet(
    told: Sequence[Problem], wrong: Sequence[Problem], title: _Collected
) -> Sequence[Problem]:
    """Return what is wrong by the names of columns; a cell that can't be read is told once."""
    cells = {(problem.where, problem.field) for problem in told}
    columns = {name: column for column, name in RENAMED.items()}
    found = []
    for problem in wrong:
        column = re.split(r"[.\[]", problem.field)[0]
        if problem.where != title.place(()):
            column = columns.get(column, column)
        if (problem.where, column) not in cells:
            found.append(Problem(problem.where, column, problem.reason))
    return found


def _row(where: str) -> int:
    return int(where.removeprefix("row "))


def _wrong_columns(names: Any) -> Iterator[Problem]:
    for name in names:
        if name not in COLUMNS:
            yield Problem("row 1", str(name), f"is not known; known are {', '.join(COLUMNS)}")
    for name in ("type", "key"):
        if name not in names:
            yield Problem("row 1", name, "is required")


def _collect(
    cells: Mapping[Any, Any], number: int, collected: dict[str, _Collected]
) -> Iterator[Problem]:
    where = f"row {number}"
    kind, key = str(cells["type"]).strip(), str(cells["key"]).strip()
    if None in cells:
        yield Problem(where, "", "has more cells than there are columns")
    if kind not in COLUMNS_OF:
        yield Problem(where, "type", f"must be one of {', '.join(COLUMNS_OF)}")
        return
    values = {}
    for name, text in cells.items():
        if name in {None, "type", "key"} or not text.strip():
            continue
        if name not in COLUMNS_OF[kind]:
            yield Problem(where, name, f"must be empty in a row of this type ({kind})")
            continue
        try:
            values[RENAMED.get(name, name)] = _CELLS.get(name, str)(text.strip())
        except ValueError as error:
            yield Problem(where, name, str(error))
            values.pop(name, None)
    yield from _PUT[kind](key, values, number, collected)


def _put_title(kind: str) -> "_Put":
    def put(
        key: str, values: Raw, number: int, collected: dict[str, _Collected]
    ) -> Iterator[Problem]:
        if key in collected:
            first = collected[key].rows[()]
            yield Problem(f"row {number}", "key", f"{key!r} stands in row {first} already")
            return
        raw = {"type": kind, "key": key, **values}
        collected[key] = _Collected(
            raw | ({"seasons": []} if kind == "series" else {}), {(): number}
        )

    return put


def _put_episode(
    key: str, values: Raw, number: int, collected: dict[str, _Collected]
) -> Iterator[Problem]:
    title = collected.get(key)
    if title is None or title.raw["type"] != "series":
        yield Problem(f"row {number}", "key", f"there is no series {key!r} above")
        return
    season = values.pop("season", None)
    seasons: list[Raw] = title.raw["seasons"]
    if season not in title.seasons:
        title.seasons[season] = len(seasons)
        title.rows["seasons", len(seasons)] = number
        seasons.append({"season": season, "episodes": []})
    at = title.seasons[season]
    location = ("seasons", at, "episodes", len(seasons[at]["episodes"]))
    seasons[at]["episodes"].append(values)
    title.rows[location] = number
    title.episodes.setdefault((season, values.get("episode")), location)


def _put_edition(
    key: str, values: Raw, number: int, collected: dict[str, _Collected]
) -> Iterator[Problem]:
    title = collected.get(key)
    numbers = values.pop("season", None), values.pop("episode", None)
    location: Location | None = () if title and title.raw["type"] == "film" else None
    if title is not None and location is None:
        location = title.episodes.get(numbers)
    if title is None or location is None:
        yield Problem(f"row {number}", "key", f"there is no film or episode {key!r} above to cut")
        return
    holder: Any = title.raw
    for step in location:
        holder = holder[step]
    editions = holder.setdefault("editions", [])
    title.rows[*location, "editions", len(editions)] = number
    editions.append(values)


type _Put = Callable[[str, Raw, int, dict[str, _Collected]], Iterator[Problem]]
_PUT: Mapping[str, _Put] = {
    "film": _put_title("film"),
    "series": _put_title("series"),
    "episode": _put_episode,
    "edition": _put_edition,
}


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError("must be a whole number")
    return int(text)


def _number(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", text):
        raise ValueError("must be a number of seconds, as 5400 or 5400.5")
    return float(text)


def _span(text: str) -> list[float]:
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError("must be a start and an end, as 38-96")
    return [_number(start), _number(end)]


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split("|")]


def _ratings(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in _listed(text)]
    if any(not (system and sign and code) for system, sign, code in pairs):
        raise ValueError("must be like MPA=PG-13|BBFC=12")
    if len({system for system, _, _ in pairs}) < len(pairs):
        raise ValueError("rates twice by one system")
    return {system: code for system, _, code in pairs}


def _windows(text: str) -> list[Raw]:
    found = [_WINDOW.fullmatch(part) for part in _listed(text)]
    if None in found:
        raise ValueError("must be like US+GB 2024-01-15..|DE 2024-02-01..2026-01-01")
    return [
        {"regions": match["regions"].split("+"), "from": match["from"]}
        | ({"until": match["until"]} if match["until"] else {})
        for match in found
        if match is not None
    ]


def _artwork(text: str) -> list[Raw]:
    found = [_ARTWORK.fullmatch(part) for part in _listed(text)]
    if None in found:
        raise ValueError("must be like poster:quiet=/artwork/a.jpg|hero:quiet=/artwork/b.jpg")
    return [match.groupdict() for match in found if match is not None]


_CELLS: Mapping[str, Callable[[str], Any]] = {
    "year": _whole,
    "season": _whole,
    "episode": _whole,
    "duration": _number,
    "credits": _number,
    "intro": _span,
    "aliases": _listed,
    "genres": _listed,
    "plans": _listed,
    "ratings": _ratings,
    "artwork": _artwork,
    "windows": _windows,
}
