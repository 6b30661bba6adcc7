"""Title pages as the catalog has them, in PostgreSQL."""

from typing import Any

from reprise.adapters.catalog_postgres import is_catalog_id
from reprise.adapters.postgres import Connection, Postgres
from reprise.domain.title_page import Artwork, Edition, Markers, PageEpisode, TitlePage

_EDITIONS = """json_agg(json_build_array(edition, duration_seconds, intro_start, intro_end,
        credits_start) ORDER BY edition <> 'main', edition)"""
PAGE = f"""
SELECT
    title.id::text, type, name, original_name, description, release_year, original_language,
    (SELECT json_agg(genre.name ORDER BY position)
        FROM title_genre JOIN genre ON genre.id = genre_id WHERE title_id = title.id),
    (SELECT json_agg(json_build_array(kind, variant, url)
            ORDER BY array_position('{{poster,hero,still}}', kind), position)
        FROM artwork WHERE title_id = title.id),
    (SELECT {_EDITIONS} FROM video WHERE title_id = title.id AND episode_id IS NULL),
    (SELECT json_agg(json_build_array(id, season, episode, name, description,
            extract(epoch FROM aired_at)::bigint,
            (SELECT {_EDITIONS} FROM video WHERE episode_id = episode.id))
            ORDER BY season, episode)
        FROM episode WHERE title_id = title.id)
FROM title WHERE title.id = %s::uuid
"""  # noqa: S608  # made of our own text alone


class PostgresTitlePages:
    """The port `TitlePages`. Raises `UnavailableError` where the database fails."""

    def __init__(self, *, postgres: Postgres) -> None:
        self._postgres = postgres

    def page(self, *, video_id: str) -> TitlePage | None:
        if not is_catalog_id(video_id):
            return None
        row = self._postgres.run(lambda connection: _row(connection, video_id))
        return _page(row) if row is not None else None


def _row(connection: Connection, video_id: str) -> tuple[Any, ...] | None:
    return connection.execute(PAGE, [video_id]).fetchone()


def _page(row: tuple[Any, ...]) -> TitlePage:
    page_id, kind, name, original, description, year, language, genres, artwork, *rest = row
    editions, episodes = rest
    return TitlePage(
        id=page_id,
        type=kind,
        title=name,
        original_title=original,
        description=description,
        genres=tuple(genres or ()),
        release_year=year,
        language=language,
        artwork=tuple(Artwork(*columns) for columns in artwork or ()),
        editions=_editions(editions if kind == "film" else None),
        episodes=tuple(_episode(*columns) for columns in episodes or () if kind == "series"),
    )


def _episode(*columns: Any) -> PageEpisode:
    episode_id, season, number, title, description, aired_at, editions = columns
    return PageEpisode(
        id=episode_id,
        season=season,
        episode=number,
        title=title,
        description=description,
        aired_at=aired_at,
        editions=_editions(editions),
    )


def _editions(rows: list[Any] | None) -> tuple[Edition, ...]:
    return tuple(
        Edition(name, float(duration), Markers(*map(_seconds, markers)))
        for name, duration, *markers in rows or ()
    )


def _seconds(value: float | None) -> float | None:
    return None if value is None else float(value)
