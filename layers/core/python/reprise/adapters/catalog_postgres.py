"""The catalog's truth, in PostgreSQL: titles with all that the policy and the places need."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from reprise.adapters.postgres import Connection, Postgres
from reprise.domain.catalog import Item, Rating, Title, Window

TITLES = """
SELECT
    title.id::text, title.type, title.name, title.plans,
    (SELECT url FROM artwork WHERE title_id = title.id AND kind = 'poster'
        ORDER BY position LIMIT 1),
    (SELECT json_agg(json_build_array(country, rating.code, rating.maturity_level)
            ORDER BY rating.maturity_level DESC NULLS FIRST, rating.system_code)
        FROM title_rating JOIN rating USING (system_code, code)
            JOIN rating_system ON rating_system.code = system_code
        WHERE title_id = title.id),
    (SELECT json_agg(json_build_array(region, extract(epoch FROM starts_at)::bigint,
                extract(epoch FROM ends_at)::bigint) ORDER BY region, starts_at)
        FROM availability WHERE title_id = title.id),
    (SELECT json_agg(json_build_array(coalesce(episode.id, title.id),
                coalesce(episode.name, title.name), duration_seconds,
                coalesce(season, 0), coalesce(episode, 0),
                credits_start, intro_start, intro_end,
                coalesce(extract(epoch FROM aired_at)::bigint, 0))
            ORDER BY season, episode)
        FROM video LEFT JOIN episode ON episode.id = video.episode_id
        WHERE video.title_id = title.id AND edition = 'main'
            AND (title.type = 'series') = (video.episode_id IS NOT NULL))
FROM title
"""
BY_ID = TITLES + " WHERE title.id = ANY(%s::uuid[])"
ALL_IDS = "SELECT id::text FROM title ORDER BY id"


class PostgresTitles:
    """The port `TitleSource`. Every method raises `UnavailableError` where the database fails.

    Where no system of a viewer's own country rates it, a title counts as its strictest rating, and
    as unrated while any of them is not mapped to a level yet: a limited profile must not depend on
    which system was read first.
    """

    def __init__(self, *, postgres: Postgres) -> None:
        self._postgres = postgres

    def load(self, *, video_ids: Collection[str]) -> Mapping[str, Title]:
        wanted = [video_id for video_id in video_ids if is_catalog_id(video_id)]
        if not wanted:
            return {}
        rows = self._postgres.run(lambda connection: _rows(connection, wanted))
        return {row[0]: _title(row) for row in rows}

    def all_ids(self) -> Sequence[str]:
        rows = self._postgres.run(lambda connection: connection.execute(ALL_IDS).fetchall())
        return [row[0] for row in rows]


def is_catalog_id(text: str) -> bool:
    """Only a UUID in its canonical form names a title; any other spelling is unknown."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _rows(connection: Connection, wanted: list[str]) -> list[tuple[Any, ...]]:
    return connection.execute(BY_ID, [wanted]).fetchall()


def _title(row: tuple[Any, ...]) -> Title:
    title_id, kind, name, plans, artwork_url, rated, windows, items = row
    ratings = tuple(Rating(*columns) for columns in rated or ())
    strictest = ratings[0] if ratings else None
    return Title(
        id=title_id,
        type=kind,
        title=name,
        rating=strictest.code if strictest else None,
        maturity_level=strictest.level if strictest else None,
        artwork_url=artwork_url or "",
        windows=tuple(Window(region, starts, ends) for region, starts, ends in windows or ()),
        items=tuple(_item(columns) for columns in items or ()),
        plans=tuple(plans),
        ratings=ratings,
    )


def _item(columns: list[Any]) -> Item:
    item_id, name, duration, season, episode, credits_start, intro_start, intro_end, aired = columns
    return Item(
        id=item_id,
        title=name,
        duration=float(duration),
        season=season,
        episode=episode,
        credits_start=_seconds(credits_start),
        intro_start=_seconds(intro_start),
        intro_end=_seconds(intro_end),
        aired_at=aired,
    )


def _seconds(value: float | None) -> float | None:
    return None if value is None else float(value)
