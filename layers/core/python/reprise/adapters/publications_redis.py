"""Copies of publications in memory and in Redis, with the catalog's truth behind them.

What memory holds is good for a minute and outlives both stores. A copy in Redis is fresh for ten
minutes and kept for a day beyond that, for while PostgreSQL is away; a new publication lies in a
folder of its own, so an old one still plays.
"""

import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import redis

from reprise.adapters import stored_text as stored
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.title_codec import MALFORMED
from reprise.application.playback_ports import Publications
from reprise.domain.errors import UnavailableError
from reprise.domain.media import Media, Rendition, Storyboard, Subtitles

MEMORY_ITEMS = 10_000
MEMORY_SECONDS = 60.0
UNKNOWN_SECONDS = 10.0
FRESH_SECONDS = 600
KEPT_SECONDS = 86_400
SOURCE_PAUSE_SECONDS = 30.0
"""How long a source that failed is left alone while there is a copy to serve."""


def media_key(item_id: str) -> str:
    return f"media:{item_id}"


@dataclass(frozen=True, slots=True)
class _Memory:
    """`until` is on the monotonic clock."""

    media: Media | None
    until: float


class RedisPublications:
    """The port `Publications`. `clock` is monotonic seconds, `now` Unix seconds.

    Raises `UnavailableError` where an item is known to nobody that answers.
    """

    def __init__(
        self,
        calls: RedisCalls,
        *,
        source: Callable[[], Publications],
        clock: Callable[[], float],
        now: Callable[[], float],
    ) -> None:
        self._calls = calls
        self._make_source = source
        self._source: Publications | None = None
        self._source_paused_until = 0.0
        self._clock = clock
        self._now = now
        self._memory: OrderedDict[str, _Memory] = OrderedDict()

    def media(self, *, item_id: str) -> Media | None:
        kept = self._memory.get(item_id)
        if kept is not None and kept.until > self._clock():
            return kept.media
        copy, fresh = self._copy(item_id)
        if copy is None and kept is not None:
            copy = kept.media
        waiting = copy is not None and self._clock() < self._source_paused_until
        found = copy if fresh or waiting else self._renewed(item_id, copy)
        self._remember(item_id, found)
        return found

    def _renewed(self, item_id: str, copy: Media | None) -> Media | None:
        if self._source is None:
            self._source = self._make_source()
        try:
            media = self._source.media(item_id=item_id)
        except UnavailableError:
            self._source_paused_until = self._clock() + SOURCE_PAUSE_SECONDS
            if copy is None:
                raise
            return copy
        self._keep(item_id, media)
        return media

    def _copy(self, item_id: str) -> tuple[Media | None, bool]:
        """Return the copy and whether it is fresh; one that can't be read is a miss."""
        try:
            text = self._calls.call(lambda: self._calls.client.get(media_key(item_id)))
            media, refreshed_at = media_from_json(text, item_id=item_id)
        except (UnavailableError, redis.ResponseError, ValueError):
            return None, False
        return media, refreshed_at > self._now() - FRESH_SECONDS

    def _keep(self, item_id: str, media: Media | None) -> None:
        client, key = self._calls.client, media_key(item_id)
        try:
            if media is None:
                self._calls.call(lambda: client.delete(key))
            else:
                text = media_to_json(media, refreshed_at=int(self._now()))
                self._calls.call(lambda: client.set(key, text, ex=FRESH_SECONDS + KEPT_SECONDS))
        except UnavailableError:
            return  # the answer stands without its copy

    def _remember(self, item_id: str, media: Media | None) -> None:
        seconds = UNKNOWN_SECONDS if media is None else MEMORY_SECONDS
        self._memory[item_id] = _Memory(media, self._clock() + seconds)
        self._memory.move_to_end(item_id)
        if len(self._memory) > MEMORY_ITEMS:
            self._memory.popitem(last=False)


def media_to_json(media: Media, *, refreshed_at: int) -> str:
    """Return the document of a copy."""
    return stored.dump(asdict(media) | {"refreshed_at": refreshed_at})


def media_from_json(text: Any, *, item_id: str) -> tuple[Media, int]:
    """Return the publication and the Unix second of its refresh.

    Raises:
        ValueError: the text is not this item's document.
    """
    try:
        document = json.loads(text)
        media, refreshed_at = _media(document), int(document["refreshed_at"])
    except MALFORMED as error:
        raise ValueError("stored text is no publication") from error
    if media.item_id != item_id:
        raise ValueError("stored text is another publication")
    return media, refreshed_at


def _media(document: Any) -> Media:
    storyboard = document["storyboard"]
    return Media(
        item_id=stored.text(document["item_id"]),
        path=stored.text(document["path"]),
        duration=stored.seconds(document["duration"]),
        renditions=tuple(Rendition(**fields) for fields in stored.listed(document["renditions"])),
        subtitles=tuple(Subtitles(**fields) for fields in stored.listed(document["subtitles"])),
        storyboard=None if storyboard is None else Storyboard(**storyboard),
    )
