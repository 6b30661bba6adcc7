"""Reads the JSON form of a catalog (`docs/catalog-format.md`), with all that is wrong with it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from reprise.adapters.catalog_form import Code, Location, Name, Region, Variant
from reprise.adapters.catalog_reading import path_of, read_title, reason_of
from reprise.domain.catalog_draft import CatalogDraft, DraftTitle, Problem, RatingSystem

PARTS = ("ratingSystems", "genres", "titles")


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read; to be written only where there are no problems."""

    draft: CatalogDraft
    problems: Sequence[Problem]


class _System(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: Code
    country: Region
    name: Name
    levels: dict[Code, Annotated[int, Field(strict=True, ge=1, le=5)] | None]


_GENRES = TypeAdapter(dict[Variant, Name])


def read_json(text: str, *, now: datetime) -> Reading:
    """Read a document; `+3d` counts from `now`."""
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        return Reading(CatalogDraft(titles=()), [Problem("file", "", f"must be JSON: {error}")])
    if not isinstance(document, dict) or not isinstance(document.get("titles"), list):
        wrong = Problem("file", "titles", "must be a list, in one JSON object")
        return Reading(CatalogDraft(titles=()), [wrong])
    problems = [
        Problem("file", name, "is not known here") for name in document if name not in PARTS
    ]
    systems = _systems(document.get("ratingSystems", []), problems)
    genres = _genres(document.get("genres", {}), problems)
    titles = _titles(document["titles"], now, problems)
    return Reading(CatalogDraft(titles, systems, genres), problems)


def _titles(raws: list[Any], now: datetime, problems: list[Problem]) -> Sequence[DraftTitle]:
    found = []
    for number, raw in enumerate(raws):

        def place(row: Location, number: int = number) -> str:
            return path_of(("titles", number, *row))

        title, wrong = read_title(raw, place=place, now=now)
        problems.extend(wrong)
        if title is not None:
            found.append(title)
    return found


def _systems(raws: Any, problems: list[Problem]) -> Sequence[RatingSystem]:
    """What is wrong with a system is said once: its ratings count as known to the titles."""
    if not isinstance(raws, list):
        problems.append(Problem("file", "ratingSystems", "must be a list"))
        return []
    found = []
    for number, raw in enumerate(raws):
        try:
            form = _System.model_validate(raw)
        except ValidationError as error:
            problems.extend(_problems(error, f"ratingSystems[{number}]"))
            told = raw if isinstance(raw, dict) else {}
            codes = told.get("levels") if isinstance(told.get("levels"), dict) else {}
            system = RatingSystem(
                str(told.get("code")), "", "", dict.fromkeys(map(str, codes or {}))
            )
        else:
            system = RatingSystem(form.code, form.country, form.name, form.levels)
        found.append(system)
    return found


def _genres(raw: Any, problems: list[Problem]) -> Mapping[str, str]:
    try:
        return _GENRES.validate_python(raw, strict=True)
    except ValidationError as error:
        problems.extend(_problems(error, "genres"))
        return dict.fromkeys(raw, "?") if isinstance(raw, dict) else {}


def _problems(error: ValidationError, where: str) -> Sequence[Problem]:
    details = error.errors(include_url=False, include_input=False)
    return [Problem(where, path_of(each["loc"]), reason_of(each)) for each in details]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"{', '.join(map(repr, twice))} stand twice in one object")
    return unique


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no number")
