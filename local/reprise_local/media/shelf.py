"""The catalog as an ingest meets it: what is to be played there, and the word that it can be."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from reprise.adapters.catalog_copies_redis import RedisCatalogCopies
from reprise.adapters.catalog_postgres import PostgresTitles
from reprise.adapters.postgres import Postgres
from reprise.adapters.publications_redis import forget_media, publish_media
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.adapters.renditions_postgres import PostgresRenditions
from reprise.domain.catalog import Item
from reprise.domain.errors import RepriseError
from reprise.domain.media import Media, Runtime
from reprise_local.errors import LocalError
from reprise_local.media import publications_postgres
from reprise_local.media.ingest import Published

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
        with self._told():
            title = titles.load(video_ids=[title_id]).get(title_id)
        if title is None:
            raise LocalError(
                f"the catalog has no title {title_id}",
                mend="search for it: the ids are in the answers of GET /search?q=…",
            )
        item = title.item(episode_id)
        if item is None:
            wanted = "needs --episode, one of its own" if title.is_series else "has no episodes"
            raise LocalError(f"{title.title!r} is a {title.type} and {wanted}")
        return item

    def put(self, media: Media, *, title_id: str, runtime: Runtime) -> None:
        """Name a publication and its runtime in the catalog, and show both to its readers.

        The next manifest names it; a function that read the title within the last minute knows the
        runtime then.
        """
        with self._told():
            self.renditions.put(media=media, runtime=runtime)
            with self._readers() as calls:
                publish_media(calls, media, now=int(time.time()))
                titles = PostgresTitles(postgres=self._postgres)
                RedisCatalogCopies(calls, source=titles, now=time.time).renew(video_ids=[title_id])

    def published(self) -> Sequence[Published]:
        """Return all that the catalog names, by name."""
        with self._told():
            rows = self._postgres.run(publications_postgres.published)
        return [Published(*row) for row in rows]

    def withdraw(self, *, item_id: str) -> None:
        """Let an item be one that can't be played yet."""
        with self._told():
            self._postgres.run(
                lambda connection: publications_postgres.withdraw(connection, item_id)
            )
            with self._readers() as calls:
                forget_media(calls, item_id=item_id)

    def close(self) -> None:
        self._postgres.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except RepriseError as error:
            raise LocalError(str(error), mend="make run") from error

    @contextmanager
    def _readers(self) -> Iterator[RedisCalls]:
        client = connect(url=self._redis_url, cluster=False, timeout_ms=_REDIS_TIMEOUT_MS)
        try:
            yield RedisCalls(client)
        finally:
            client.close()
