"""Copies of publications in Redis, with memory before them and the catalog's truth behind them.

Redis is asked each time, so that what is published is seen by the next manifest; memory saves the
reading of a text that is still the same, and outlives both stores. A copy is fresh for ten minutes,
in case one was published past it, and kept for a day beyond that, for while PostgreSQL is away; a
new publication lies in a folder of its own, so an old one still plays.
"""

import json
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

import redis

from reprise.adapters import stored_text as stored
from reprise.adapters.redis_calls import Argument, RedisCalls, RedisScript
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

_EXPIRY = FRESH_SECONDS + KEPT_SECONDS
_RENEW = RedisScript("renew_copy")
_DAMAGED = "*"
"""What `renew_copy` is told of a copy that makes no sense: it is replaced whatever it says."""


def media_key(item_id: str) -> str:
    return f"media:{item_id}"


def publish_media(calls: RedisCalls, media: Media, *, now: int) -> None:
    """Let the next manifest name this publication; `now` is Unix seconds.

    Raises:
        UnavailableError: Redis does not answer; readers see it within ten minutes.
    """
    text = media_to_json(media, refreshed_at=now)
    calls.call(lambda: calls.client.set(media_key(media.item_id), text, ex=_EXPIRY))


def forget_media(calls: RedisCalls, *, item_id: str) -> None:
    """Drop the copy of what is published no more.

    Raises:
        UnavailableError: Redis does not answer; readers see it within ten minutes.
    """
    calls.call(lambda: calls.client.delete(media_key(item_id)))


@dataclass(frozen=True, slots=True)
class _Memory:
    """What `text` says, where it came from Redis; `until` is on the monotonic clock."""

    media: Media | None
    until: float
    text: str | None = None
    refreshed_at: int = 0


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
        text = self._text(item_id)
        if text is None and kept is not None and kept.until > self._clock():
            return kept.media
        copy = self._read(text, item_id=item_id, kept=kept)
        if copy is not None and copy.refreshed_at > self._now() - FRESH_SECONDS:
            self._remember(item_id, copy)
            return copy.media
        seen = _DAMAGED if text is not None and copy is None else text
        return self._renewed(item_id, seen, copy or kept)

    def _renewed(self, item_id: str, seen: str | None, copy: _Memory | None) -> Media | None:
        """Return what the source says, or the copy while it is silent."""
        known = copy if copy is not None and copy.media is not None else None
        if known and self._clock() < self._source_paused_until:
            self._remember(item_id, known)
            return known.media
        if self._source is None:
            self._source = self._make_source()
        try:
            media = self._source.media(item_id=item_id)
        except UnavailableError:
            self._source_paused_until = self._clock() + SOURCE_PAUSE_SECONDS
            if known is None:
                raise
            self._remember(item_id, known)
            return known.media
        self._remember(item_id, self._keep(item_id, media, seen=seen))
        return media

    def _text(self, item_id: str) -> str | None:
        """Return the copy as it stands in Redis; None where there is none, or no answer."""
        try:
            found = self._calls.call(lambda: self._calls.client.get(media_key(item_id)))
        except (UnavailableError, redis.ResponseError):
            return None
        return None if found is None else str(found)

    def _read(self, text: str | None, *, item_id: str, kept: _Memory | None) -> _Memory | None:
        """Return what a copy says; one that can't be read is a miss."""
        if text is None:
            return None
        if kept is not None and kept.text == text:
            return kept
        try:
            media, refreshed_at = media_from_json(text, item_id=item_id)
        except ValueError:
            return None
        return _Memory(media, 0.0, text, refreshed_at)

    def _keep(self, item_id: str, media: Media | None, *, seen: str | None) -> _Memory:
        """Put what the source said in the place of the copy that was seen.

        A copy that was published meanwhile is newer than what the source said, and stays.
        """
        now = int(self._now())
        text = "" if media is None else media_to_json(media, refreshed_at=now)
        if media is not None or seen is not None:
            args: list[Argument] = [seen or "", text, _EXPIRY]
            with suppress(UnavailableError, redis.ResponseError):  # the answer stands without it
                self._calls.script(_RENEW, keys=[media_key(item_id)], args=args)
        return _Memory(media, 0.0, text or None, now)

    def _remember(self, item_id: str, found: _Memory) -> None:
        seconds = UNKNOWN_SECONDS if found.media is None else MEMORY_SECONDS
        self._memory[item_id] = replace(found, until=self._clock() + seconds)
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
        media, refreshed_at = media_of(document), int(document["refreshed_at"])
    except MALFORMED as error:
        raise ValueError("stored text is no publication") from error
    if media.item_id != item_id:
        raise ValueError("stored text is another publication")
    return media, refreshed_at


def media_of(document: Any) -> Media:
    """Return the publication whose fields these are, as `asdict` has them."""
    storyboard = document["storyboard"]
    return Media(
        item_id=stored.text(document["item_id"]),
        path=stored.text(document["path"]),
        duration=stored.seconds(document["duration"]),
        renditions=tuple(Rendition(**fields) for fields in stored.listed(document["renditions"])),
        subtitles=tuple(Subtitles(**fields) for fields in stored.listed(document["subtitles"])),
        storyboard=None if storyboard is None else Storyboard(**storyboard),
    )
