"""Drafts of catalogs for tests: defaults plus overrides."""

from typing import Any

from reprise.domain.catalog import Window
from reprise.domain.catalog_draft import (
    CatalogDraft,
    DraftItem,
    DraftTitle,
    RatingSystem,
)
from reprise.domain.title_page import Artwork, Edition, Markers

MPA = RatingSystem("MPA", "US", "Motion Picture Association", {"PG": 2, "R": 4, "NR": None})
BBFC = RatingSystem("BBFC", "GB", "British Board", {"12": 3, "18": 5})
GENRES = {"drama": "Drama", "short": "Short films"}


def draft_film(key: str = "the-salt-map", **overrides: Any) -> DraftTitle:
    cuts = (Edition("main", 5400.0, Markers(10.0, 40.0, 5200.0)),)
    values: dict[str, Any] = {
        "where": "titles[0]",
        "key": key,
        "type": "film",
        "title": "The Salt Map",
        "year": 2023,
        "language": "en",
        "genres": ("drama",),
        "ratings": {"MPA": "PG", "BBFC": "12"},
        "artwork": (Artwork("poster", "quiet", f"/artwork/{key}.jpg"),),
        "windows": (Window("US", 1_700_000_000, None), Window("GB", 1_700_000_000, 1_800_000_000)),
        "items": (DraftItem(where="titles[0]", key="", editions=cuts),),
    }
    return DraftTitle(**(values | overrides))


def draft_episode(season: int, episode: int, **overrides: Any) -> DraftItem:
    values: dict[str, Any] = {
        "where": f"season {season} episode {episode}",
        "key": f"{season}:{episode}",
        "editions": (Edition("main", 2400.0),),
        "season": season,
        "episode": episode,
        "title": f"Part {season}.{episode}",
        "aired_at": 1_700_000_000,
    }
    return DraftItem(**(values | overrides))


def draft_series(key: str = "the-tide-clerks", **overrides: Any) -> DraftTitle:
    items = tuple(draft_episode(season, number) for season, number in [(1, 1), (1, 2), (2, 1)])
    values = {"type": "series", "title": "The Tide Clerks", "where": "titles[1]", "items": items}
    return draft_film(key, **(values | overrides))


def draft_catalog(*titles: DraftTitle, **overrides: Any) -> CatalogDraft:
    values: dict[str, Any] = {"titles": titles, "systems": (MPA, BBFC), "genres": GENRES}
    return CatalogDraft(**(values | overrides))
