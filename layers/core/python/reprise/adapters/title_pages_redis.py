"""Copies of title pages in Redis, with the catalog's truth behind them.

A copy is fresh for ten minutes. It is kept for a day beyond that, for while PostgreSQL is away.
"""

import json
from collections.abc import Callable, Collection
from typing import Any

import redis

from reprise.adapters import stored_text as stored
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.title_codec import MALFORMED, TYPES
from reprise.application.catalog_ports import TitlePages
from reprise.domain.errors import UnavailableError
from reprise.domain.title_page import Artwork, Edition, Markers, PageEpisode, TitlePage

FRESH_SECONDS = 600
KEPT_SECONDS = 86_400
SOURCE_PAUSE_SECONDS = 30.0
"""How long a source that failed is left alone while there is a copy to serve."""


def page_key(video_id: str) -> str:
    return f"page:{video_id}"


def forget_pages(calls: RedisCalls, video_ids: Collection[str]) -> None:
    """Let the next reader of these pages ask the catalog.

    Raises:
        UnavailableError: Redis does not answer.
    """

    def delete() -> None:
        pipeline = calls.client.pipeline(transaction=False)
        for video_id in video_ids:
            pipeline.delete(page_key(video_id))
        pipeline.execute()

    calls.call(delete)


class RedisTitlePages:
    """The port `TitlePages`. `now` is Unix seconds; the source is made on first need.

    Raises `UnavailableError` where the source does not answer and there is no readable copy.
    """

    def __init__(
        self,
        calls: RedisCalls,
        *,
        source: Callable[[], TitlePages],
        now: Callable[[], float],
    ) -> None:
        self._calls = calls
        self._make_source = source
        self._source: TitlePages | None = None
        self._source_paused_until = 0.0
        self._now = now

    def page(self, *, video_id: str) -> TitlePage | None:
        copy, refreshed_at = self._copy(video_id)
        now = self._now()
        if copy and (refreshed_at > now - FRESH_SECONDS or now < self._source_paused_until):
            return copy
        if self._source is None:
            self._source = self._make_source()
        try:
            page = self._source.page(video_id=video_id)
        except UnavailableError:
            self._source_paused_until = now + SOURCE_PAUSE_SECONDS
            if copy is None:
                raise
            return copy
        self._keep(video_id, page)
        return page

    def _copy(self, video_id: str) -> tuple[TitlePage | None, int]:
        """Return the copy and the Unix second of its refresh; one that can't be read is a miss."""
        try:
            text = self._calls.call(lambda: self._calls.client.get(page_key(video_id)))
            return page_from_json(text, video_id=video_id)
        except (UnavailableError, redis.ResponseError, ValueError):
            return None, 0

    def _keep(self, video_id: str, page: TitlePage | None) -> None:
        client = self._calls.client
        key = page_key(video_id)
        try:
            if page is None:
                self._calls.call(lambda: client.delete(key))
            else:
                text = page_to_json(page, refreshed_at=int(self._now()))
                self._calls.call(lambda: client.set(key, text, ex=FRESH_SECONDS + KEPT_SECONDS))
        except UnavailableError:
            return  # the answer stands without its copy


def page_to_json(page: TitlePage, *, refreshed_at: int) -> str:
    """Return the document of a copy."""
    return stored.dump(
        {
            "refreshedAt": refreshed_at,
            "id": page.id,
            "type": page.type,
            "title": page.title,
            "originalTitle": page.original_title,
            "description": page.description,
            "genres": page.genres,
            "year": page.release_year,
            "language": page.language,
            "artwork": [[art.kind, art.variant, art.url] for art in page.artwork],
            "editions": [_edition_to_list(edition) for edition in page.editions],
            "episodes": [_episode_to_list(episode) for episode in page.episodes],
        }
    )


def page_from_json(text: Any, *, video_id: str) -> tuple[TitlePage, int]:
    """Return the page and the Unix second of its refresh.

    Raises:
        ValueError: the text is not this page's document.
    """
    try:
        document = json.loads(text)
        page, refreshed_at = _page(document), int(document["refreshedAt"])
    except MALFORMED as error:
        raise ValueError("stored text is no title page") from error
    if page.id != video_id or page.type not in TYPES:
        raise ValueError("stored text is another page")
    return page, refreshed_at


def _page(document: Any) -> TitlePage:
    return TitlePage(
        id=stored.text(document["id"]),
        type=stored.text(document["type"]),
        title=stored.text(document["title"]),
        original_title=stored.text(document["originalTitle"]),
        description=stored.text(document["description"]),
        genres=tuple(map(stored.text, stored.listed(document["genres"]))),
        release_year=int(document["year"]),
        language=stored.text(document["language"]),
        artwork=tuple(
            Artwork(*map(stored.text, columns)) for columns in stored.listed(document["artwork"])
        ),
        editions=tuple(map(_edition, stored.listed(document["editions"]))),
        episodes=tuple(map(_episode, stored.listed(document["episodes"]))),
    )


def _edition_to_list(edition: Edition) -> list[Any]:
    markers = edition.markers
    return [
        *(edition.name, edition.duration),
        *(markers.intro_start, markers.intro_end, markers.credits_start),
    ]


def _edition(columns: Any) -> Edition:
    name, duration, *markers = stored.listed(columns)
    return Edition(stored.text(name), stored.seconds(duration), Markers(*map(_optional, markers)))


def _episode_to_list(episode: PageEpisode) -> list[Any]:
    return [
        *(episode.id, episode.season, episode.episode, episode.title, episode.description),
        episode.aired_at,
        [_edition_to_list(edition) for edition in episode.editions],
    ]


def _episode(columns: Any) -> PageEpisode:
    episode_id, season, number, title, description, aired_at, editions = stored.listed(columns)
    return PageEpisode(
        id=stored.text(episode_id),
        season=int(season),
        episode=int(number),
        title=stored.text(title),
        description=stored.text(description),
        aired_at=int(aired_at),
        editions=tuple(map(_edition, stored.listed(editions))),
    )


def _optional(value: Any) -> float | None:
    return None if value is None else stored.seconds(value)
