"""The documented form of a title (`docs/catalog-format.md`), whatever file it came in."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
)
from pydantic.alias_generators import to_camel

from reprise.domain.catalog import Window
from reprise.domain.catalog_draft import DraftItem, DraftTitle
from reprise.domain.title_page import MAIN_EDITION, Artwork, Edition, Markers

type Raw = dict[str, Any]
type Location = tuple[int | str, ...]
type Place = Callable[[Location], str]
"""Says where a row stands, by its location within the title; the title's own is ()."""

_DAYS_FROM_NOW = re.compile(r"[+-]\d{1,5}d", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}($|T)", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def instant(text: str, now: datetime) -> datetime:
    """Return the start of a day (`2024-05-01`), an RFC 3339 instant, or days from `now` (`+3d`).

    Raises:
        ValueError: it is none of these.
    """
    if _DAYS_FROM_NOW.fullmatch(text):
        return now + timedelta(days=int(text[:-1]))
    try:
        moment = datetime.fromisoformat(text if _DATE.match(text) else "")
    except ValueError:
        raise ValueError("must be like 2024-05-01, 2024-05-01T20:00:00Z or +3d") from None
    if moment.tzinfo is None and len(text) > len("2024-05-01"):
        raise ValueError("must have a zone, as in 2024-05-01T20:00:00Z")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _seconds_of(value: object, info: ValidationInfo) -> int:
    if not isinstance(value, str):
        raise ValueError("must be a date")  # noqa: TRY004  # pydantic reports value errors
    now: datetime = cast("dict[str, Any]", info.context)["now"]
    return int(instant(value, now).timestamp())


def _clean(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must be Unicode text") from None
    if _CONTROL.search(text):
        raise ValueError("must not hold control characters")
    return text.strip()


def _forwards(pair: tuple[float, float]) -> tuple[float, float]:
    if pair[0] >= pair[1]:
        raise ValueError("must end after it starts")
    return pair


Text = Annotated[str, Field(strict=True, max_length=5000), AfterValidator(_clean)]
Name = Annotated[Text, Field(min_length=1, max_length=300)]
Key = Annotated[
    str, StringConstraints(strict=True, max_length=80, pattern=r"^[a-z0-9]+([-.:][a-z0-9]+)*$")
]
Code = Annotated[str, StringConstraints(strict=True, max_length=20, pattern=r"^[^\s|=][^|=]*$")]
Region = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{2}$")]
Language = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
Variant = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9-]{1,40}$")]
Url = Annotated[str, StringConstraints(strict=True, max_length=1000, pattern=r"^(/|https://)\S+$")]
Number = Annotated[int, Field(strict=True, ge=0, le=30_000)]
Second = Annotated[float, Field(strict=True, ge=0, le=1e6, allow_inf_nan=False)]
Duration = Annotated[float, Field(strict=True, gt=0, le=1e6, allow_inf_nan=False)]
Span = Annotated[tuple[Second, Second], Field(strict=False), AfterValidator(_forwards)]
Instant = Annotated[int, BeforeValidator(_seconds_of)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)


class _Cut(_Form):
    """What plays, and its markers."""

    duration: Duration
    intro: Span | None = None
    credits: Annotated[Second, Field(gt=0)] | None = None

    def edition(self, name: str) -> Edition:
        start, end = self.intro or (None, None)
        return Edition(name, self.duration, Markers(start, end, self.credits))


class EditionForm(_Cut):
    name: Variant

    def named(self) -> Edition:
        return self.edition(self.name)


class ArtworkForm(_Form):
    kind: Literal["poster", "hero", "still"]
    variant: Variant
    url: Url


class WindowForm(_Form):
    """One window, the same in several regions; `from` is a word of Python."""

    regions: Annotated[list[Region], Field(min_length=1)]
    starts: Annotated[Instant, Field(alias="from")]
    until: Instant | None = None


class EpisodeForm(_Form):
    """Without a duration it is announced: there is nothing to play yet."""

    episode: Annotated[Number, Field(ge=1)]
    key: Key | None = None
    title: Name
    description: Text = ""
    aired: Instant
    duration: Duration | None = None
    intro: Span | None = None
    credits: Annotated[Second, Field(gt=0)] | None = None
    editions: list[EditionForm] = []

    def cuts(self) -> tuple[Edition, ...]:
        if self.duration is None:
            return ()
        main = _Cut.model_construct(
            duration=self.duration, intro=self.intro, credits=self.credits
        ).edition(MAIN_EDITION)
        return (main, *(edition.named() for edition in self.editions))


class SeasonForm(_Form):
    season: Number
    episodes: Annotated[list[EpisodeForm], Field(min_length=1)]


class _TitleForm(_Form):
    key: Key
    title: Name
    original_title: Annotated[Text, Field(max_length=300)] = ""
    aliases: Annotated[list[Name], Field(max_length=20)] = []
    year: Annotated[int, Field(strict=True, ge=1870, le=2200)]
    language: Language
    description: Text = ""
    genres: Annotated[list[str], Field(max_length=10)] = []
    ratings: dict[str, str] = {}
    plans: Annotated[list[Literal["basic", "standard", "premium"]], Field(min_length=1)] = [
        "basic",
        "standard",
        "premium",
    ]
    artwork: Annotated[list[ArtworkForm], Field(max_length=50)] = []
    windows: list[WindowForm] = []


class FilmForm(_TitleForm, _Cut):
    type: Literal["film", "series"]
    editions: list[EditionForm] = []

    def items(self, place: Place) -> Iterator[DraftItem]:
        cuts = (self.edition(MAIN_EDITION), *(edition.named() for edition in self.editions))
        yield DraftItem(where=place(()), key="", editions=cuts)


class SeriesForm(_TitleForm):
    type: Literal["series"]
    seasons: Annotated[list[SeasonForm], Field(min_length=1)]

    def items(self, place: Place) -> Iterator[DraftItem]:
        numbered = (
            (season.season, episode, ("seasons", i, "episodes", j))
            for i, season in enumerate(self.seasons)
            for j, episode in enumerate(season.episodes)
        )
        for season, form, location in numbered:
            yield DraftItem(
                where=place(location),
                key=form.key or f"{season}:{form.episode}",
                editions=form.cuts(),
                season=season,
                episode=form.episode,
                title=form.title,
                description=form.description,
                aired_at=form.aired,
            )


def draft_of(form: FilmForm | SeriesForm, place: Place) -> DraftTitle:
    """Return the title of a form, its episodes in order."""
    items = sorted(form.items(place), key=lambda item: (item.season, item.episode))
    return DraftTitle(
        where=place(()),
        key=form.key,
        type=form.type,
        title=form.title,
        year=form.year,
        language=form.language,
        original_title=form.original_title,
        aliases=tuple(form.aliases),
        description=form.description,
        genres=tuple(form.genres),
        ratings=form.ratings,
        plans=tuple(form.plans),
        artwork=tuple(Artwork(art.kind, art.variant, art.url) for art in form.artwork),
        windows=tuple(
            Window(region, window.starts, window.until)
            for window in form.windows
            for region in window.regions
        ),
        items=tuple(items),
    )
