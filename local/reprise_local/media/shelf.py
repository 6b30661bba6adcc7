"""The catalog as an ingest meets it: what is to be played there, and the word that it can be."""

import time

from reprise.adapters.catalog_postgres import PostgresTitles
from reprise.adapters.catalog_redis import publish_titles
from reprise.adapters.postgres import Postgres
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.adapters.renditions_postgres import PostgresRenditions
from reprise.domain.catalog import Item
from reprise.domain.errors import RepriseError
from reprise.domain.media import Media, Runtime
from reprise_local.errors import LocalError

_REDIS_TIMEOUT_MS = 5_000


class Shelf:
    """One stack's catalog, in both of its stores. Raises `LocalError` where one does not answer."""

    def __init__(self, *, postgres_dsn: str, redis_url: str) -> None:
        self._postgres = Postgres(dsn=lambda: postgres_dsn)
        self._redis_url = redis_url
        self.renditions = PostgresRenditions(postgres=self._postgres)

    def item(self, *, title_id: str, episode_id: str | None) -> Item:
        """Raises:
        LocalError: the catalog has no such title or episode, or a film was given one.
        """
        titles = PostgresTitles(postgres=self._postgres)
        try:
            title = titles.load(video_ids=[title_id]).get(title_id)
        except RepriseError as error:
            raise LocalError(str(error), mend="make run") from error
        if title is None:
            raise LocalError(f"the catalog has no title {title_id}", mend="reprise status")
        item = title.item(episode_id)
        if item is None:
            wanted = "needs --episode, one of its own" if title.is_series else "has no episodes"
            raise LocalError(f"{title.title!r} is a {title.type} and {wanted}")
        return item

    def put(self, media: Media, *, title_id: str, runtime: Runtime | None) -> None:
        """Name a publication in the catalog; with a runtime, everywhere the runtime is known."""
        try:
            self.renditions.put(media=media, runtime=runtime)
            if runtime:
                self._tell_redis(title_id)
        except RepriseError as error:
            raise LocalError(str(error), mend="make run") from error

    def close(self) -> None:
        self._postgres.close()

    def _tell_redis(self, title_id: str) -> None:
        client = connect(url=self._redis_url, cluster=False, timeout_ms=_REDIS_TIMEOUT_MS)
        try:
            titles = PostgresTitles(postgres=self._postgres).load(video_ids=[title_id])
            publish_titles(RedisCalls(client), titles.values(), now=int(time.time()))
        finally:
            client.close()
