"""A catalog as somebody hands it in, and everything that may be wrong with it.

Ids are derived from keys, so that a later import finds what an earlier one wrote. `where` says in
which row of the document something stands; it is no part of what two drafts are compared by.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from reprise.domain.catalog import Window
from reprise.domain.title_page import MAIN_EDITION, Artwork, Edition

NAMESPACE = UUID("5b1f6a52-8a0e-5d53-9f0d-6c2f1f0b7e11")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: in which row, with which field, and why."""

    where: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class RatingSystem:
    """A country's ratings; the level of a code is None until someone maps it."""

    code: str
    country: str
    name: str
    levels: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class DraftItem:
    """What plays: the film itself, or an episode with its place in the series.

    `key` is unique within the title and empty for a film. `aired_at` is Unix seconds.
    """

    where: str = field(compare=False)
    key: str
    editions: tuple[Edition, ...]
    season: int = 0
    episode: int = 0
    title: str = ""
    description: str = ""
    aired_at: int = 0


@dataclass(frozen=True, slots=True)
class DraftTitle:
    """A film with its one item, or a series with its episodes; whole, as it shall be."""

    where: str = field(compare=False)
    key: str
    type: str
    title: str
    year: int
    language: str
    original_title: str = ""
    aliases: tuple[str, ...] = ()
    description: str = ""
    genres: tuple[str, ...] = ()
    ratings: Mapping[str, str] = field(default_factory=dict)
    plans: tuple[str, ...] = ("basic", "standard", "premium")
    artwork: tuple[Artwork, ...] = ()
    windows: tuple[Window, ...] = ()
    items: tuple[DraftItem, ...] = ()

    @property
    def id(self) -> str:
        return title_id(self.key)

    @property
    def is_series(self) -> bool:
        return self.type == "series"

    def item_id(self, item: DraftItem) -> str:
        return keyed_id("episode", self.key, item.key) if self.is_series else self.id


@dataclass(frozen=True, slots=True)
class CatalogDraft:
    """Titles to write, and the rating systems and genres that come with them."""

    titles: Sequence[DraftTitle]
    systems: Sequence[RatingSystem] = ()
    genres: Mapping[str, str] = field(default_factory=dict)

    @property
    def title_ids(self) -> Sequence[str]:
        return [title.id for title in self.titles]


@dataclass(frozen=True, slots=True)
class KnownCatalog:
    """What a draft is judged by: codes of each rating system, genres, types of titles by id."""

    ratings: Mapping[str, Collection[str]]
    genres: Collection[str]
    types: Mapping[str, str]

    def with_draft(self, draft: CatalogDraft) -> "KnownCatalog":
        ratings = {code: set(codes) for code, codes in self.ratings.items()}
        for system in draft.systems:
            ratings.setdefault(system.code, set()).update(system.levels)
        return KnownCatalog(ratings, {*self.genres, *draft.genres}, self.types)


def title_id(key: str) -> str:
    return str(uuid5(NAMESPACE, f"title:{key}"))


def episode_id(key: str, season: int, episode: int) -> str:
    """Return the id of an episode that goes by its numbers."""
    return keyed_id("episode", key, f"{season}:{episode}")


def keyed_id(kind: str, *keys: str) -> str:
    return str(uuid5(NAMESPACE, ":".join((kind, *keys))))


def problems_of(draft: CatalogDraft, *, known: KnownCatalog) -> Sequence[Problem]:
    """Return everything that is wrong with a draft, in the order of its rows."""
    return [*_repeated_titles(draft.titles), *_each(draft.titles, known.with_draft(draft))]


def _repeated_titles(titles: Sequence[DraftTitle]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for title in titles:
        where = first.setdefault(title.key, title.where)
        if where != title.where:
            yield Problem(title.where, "key", f"{title.key!r} stands in {where} already")


def _each(titles: Sequence[DraftTitle], known: KnownCatalog) -> Iterator[Problem]:
    for title in titles:
        yield from _type(title, known)
        yield from _genres(title, known)
        yield from _ratings(title, known)
        yield from _artwork(title)
        yield from _windows(title)
        yield from _items(title)


def _type(title: DraftTitle, known: KnownCatalog) -> Iterator[Problem]:
    before = known.types.get(title.id)
    if before is not None and before != title.type:
        yield Problem(title.where, "type", f"was {before} before; places of viewers depend on it")


def _genres(title: DraftTitle, known: KnownCatalog) -> Iterator[Problem]:
    for genre in title.genres:
        if genre not in known.genres:
            yield Problem(title.where, "genres", _unknown(genre, known.genres))
    yield from _repeated(title.where, "genres", title.genres)


def _ratings(title: DraftTitle, known: KnownCatalog) -> Iterator[Problem]:
    for system, code in title.ratings.items():
        if system not in known.ratings:
            yield Problem(title.where, "ratings", _unknown(system, known.ratings))
        elif code not in known.ratings[system]:
            reason = _unknown(code, known.ratings[system])
            yield Problem(title.where, f"ratings.{system}", reason)


def _artwork(title: DraftTitle) -> Iterator[Problem]:
    names = [f"{artwork.kind} {artwork.variant}" for artwork in title.artwork]
    yield from _repeated(title.where, "artwork", names)


def _windows(title: DraftTitle) -> Iterator[Problem]:
    ends: dict[str, int | None] = {}
    for window in sorted(title.windows, key=lambda window: (window.region, window.starts_at)):
        if window.ends_at is not None and window.ends_at <= window.starts_at:
            yield Problem(title.where, "windows", f"{window.region} ends before it begins")
        end = ends.get(window.region, 0)
        if end is None or window.starts_at < end:
            yield Problem(title.where, "windows", f"{window.region} has windows that overlap")
        ends[window.region] = window.ends_at


def _items(title: DraftTitle) -> Iterator[Problem]:
    numbers: dict[tuple[int, int], str] = {}
    keys: dict[str, str] = {}
    for item in title.items:
        at = numbers.setdefault((item.season, item.episode), item.where)
        same_key = keys.setdefault(item.key, item.where)
        if at != item.where:
            reason = f"season {item.season} episode {item.episode} stands in {at} already"
            yield Problem(item.where, "episode", reason)
        elif same_key != item.where:
            yield Problem(item.where, "key", f"{item.key!r} stands in {same_key} already")
        yield from _editions(item)


def _editions(item: DraftItem) -> Iterator[Problem]:
    names = [edition.name for edition in item.editions]
    yield from _repeated(item.where, "editions", names)
    for edition in item.editions:
        prefix = "" if edition.name == MAIN_EDITION else f"editions.{edition.name}."
        markers, end = edition.markers, edition.duration
        if markers.intro_end is not None and markers.intro_end > end:
            yield Problem(item.where, f"{prefix}intro", "ends after the end")
        if markers.credits_start is not None and markers.credits_start > end:
            yield Problem(item.where, f"{prefix}credits", "begin after the end")


def _repeated(where: str, name: str, values: Sequence[str]) -> Iterator[Problem]:
    for value in sorted({value for value in values if values.count(value) > 1}):
        yield Problem(where, name, f"{value!r} is there twice")


def _unknown(value: str, known: Collection[str]) -> str:
    return f"{value!r} is not known; known are {', '.join(sorted(known)) or 'none yet'}"
