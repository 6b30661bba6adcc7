"""Lets readers see what is published now."""

from collections.abc import Callable

from reprise.adapters.publications_redis import publish_media
from reprise.adapters.redis_calls import RedisCalls
from reprise.domain.media import Media


class RedisPublicationCopies:
    """The port `PublicationCopies`; `now` is Unix seconds."""

    def __init__(self, calls: RedisCalls, *, now: Callable[[], float]) -> None:
        self._calls = calls
        self._now = now

    def renew(self, *, media: Media) -> None:
        publish_media(self._calls, media, now=int(self._now()))
