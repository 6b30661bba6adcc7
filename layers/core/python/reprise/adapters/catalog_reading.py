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
            for detail in reversed(details):  # from the end, so that places in lists stay
                _mend(readable, detail, place)
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


_STANDING_IN: Mapping[int | str, object] = {
    "type": "film",
    "title": "?",
    "year": 2000,
    "language": "en",
    "duration": 1e6,
    "aired": "2000-01-01",
    "seasons": [
        {"season": 0, "episodes": [{"episode": 1, "title": "?", "aired": "2000-01-01"}]},
    ],
}


def _mend(raw: Raw, detail: ErrorDetails, place: Place) -> None:
    """Take what is wrong out, and put something in its place where something must be there.

    Where nothing can stand in, the row or the entry of a list that it belongs to goes as a whole.
    """
    *way, last = detail["loc"]
    holders: list[Any] = [raw]
    for step in way:
        if isinstance(holders[-1], dict) and step not in holders[-1]:
            return
        holders.append(holders[-1][step])
    if last == "key" and not way:
        raw["key"] = re.sub(r"[^a-z0-9]+", "-", f"bad-{place(())}".lower()).strip("-")
    elif last in _STANDING_IN and detail["type"] != "extra_forbidden":
        holders[-1][last] = _STANDING_IN[last]
    elif detail["type"] != "missing" and not isinstance(holders[-1], str):
        del holders[-1][last]
    elif way and isinstance(way[-1], int):
        del holders[-2][way[-1]]
