"""Reads a title in its documented form from plain values, with everything that is wrong with it.

Whatever is wrong is said of the row it stands in: the title's own, a season's, an episode's or an
edition's. What can't be read is then filled in, so that the rest of the title is judged as well;
such a title is never written.
"""

import copy
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from reprise.adapters.catalog_form import FilmForm, Location, Place, Raw, SeriesForm, draft_of
from reprise.domain.catalog_draft import DraftTitle, Problem

_ROWS = ("seasons", "episodes", "editions")
_MENDS = 4
"""Taking something out may leave a list empty that must not be; deeper than that nothing goes."""


def read_title(
    raw: object, *, place: Place, now: datetime
) -> tuple[DraftTitle | None, Sequence[Problem]]:
    """Return the title, and everything that is wrong with its form.

    The title is whole where nothing is; else it is as much of it as can be judged further, or None.
    """
    if not isinstance(raw, dict):
        return None, [Problem(place(()), "", "must be a title with its fields")]
    model = SeriesForm if raw.get("type") == "series" else FilmForm
    readable, problems = raw, []
    for attempt in range(_MENDS):
        try:
            form = model.model_validate(readable, context={"now": now})
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False)
            if attempt == 0:
                problems = [_problem(detail, place) for detail in details]
                readable = copy.deepcopy(raw)
            for detail in details:
                _mend(readable, detail, place)
            _close_gaps(readable)
        else:
            return draft_of(form, place), problems
    return None, problems


def path_of(location: Location) -> str:
    """Return a location as people write it: `seasons[0].episodes[2].title`."""
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else str(step)
    return path


def reason_of(detail: ErrorDetails) -> str:
    """Return why a value is wrong, in the words of all our messages."""
    reason = {"missing": "is required", "extra_forbidden": "is not known here"}.get(detail["type"])
    message = detail["msg"].removeprefix("Value error, ")
    return reason or re.sub(r"^(Input|String|List|Tuple|Value) should", "must", message)


def _problem(detail: ErrorDetails, place: Place) -> Problem:
    row, field = _split(detail["loc"])
    return Problem(place(row), path_of(field), reason_of(detail))


def _split(location: Location) -> tuple[Location, Location]:
    """Part a location into the innermost row and the field within it."""
    end = 0
    while len(location) > end + 1 and location[end] in _ROWS and isinstance(location[end + 1], int):
        end += 2
    return location[:end], location[end:]


_LAST = 30_000
_STANDING_IN: Mapping[int | str, Any] = {
    "type": "film",
    "title": "?",
    "year": 2000,
    "language": "en",
    "duration": 1e6,
    "aired": "2000-01-01",
}


def _row(kind: str, number: int) -> Raw:
    """Return a row that fits everywhere; its number is like no other's."""
    if kind == "editions":
        return {"name": f"bad-{number}", "duration": 1e6}
    if kind == "episodes":
        return {"episode": _LAST - number, "title": "?", "aired": "2000-01-01"}
    return {"season": _LAST - number, "episodes": [_row("episodes", 0)]}


def _mend(raw: Raw, detail: ErrorDetails, place: Place) -> None:
    """Take what is wrong out, and put something in its place where something must be there.

    A row keeps its place in its list, because that is what the row is called by.
    """
    location = detail["loc"]
    if "intro" in location:  # a pair that is half right goes as a whole
        location = location[: location.index("intro") + 1]
    *way, last = location
    holders: list[Any] = [raw]
    for step in way:
        inside = isinstance(holders[-1], dict | list)
        holders.append(holders[-1][step] if inside else None)
    stand_in = None if detail["type"] == "extra_forbidden" else _stand_in(location, place)
    if stand_in is not None:
        holders[-1][last] = stand_in
    elif isinstance(holders[-1], list):
        holders[-1][int(last)] = None
    elif detail["type"] == "missing" and last != "intro":
        holders[-2][way[-1]] = None
    elif isinstance(holders[-1], dict):
        holders[-1].pop(last, None)


def _stand_in(location: Location, place: Place) -> Any:
    *way, last = location
    if location == ("key",):
        return re.sub(r"[^a-z0-9]+", "-", f"bad-{place(())}".lower()).strip("-")
    if way and way[-1] in _ROWS:
        return _row(str(way[-1]), int(last))
    if last in _ROWS:
        return [_row(str(last), 0)]
    if len(way) > 1 and way[-2] in _ROWS and last in (row := _row(str(way[-2]), int(way[-1]))):
        return row[str(last)]
    return _STANDING_IN.get(last)


def _close_gaps(value: Any) -> None:
    """Leave out the entries of lists that were taken out."""
    if isinstance(value, dict):
        for each in value.values():
            _close_gaps(each)
    elif isinstance(value, list):
        value[:] = [each for each in value if each is not None]
        for each in value:
            _close_gaps(each)
