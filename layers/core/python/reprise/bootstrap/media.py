"""The wiring of what puts encoded media into the catalog."""

import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from reprise.adapters.packages_s3 import S3Packages
from reprise.adapters.playlists_m3u8 import StrictPlaylists
from reprise.adapters.publication_copies_redis import RedisPublicationCopies
from reprise.adapters.redis_calls import RedisCalls
from reprise.application.media_ports import Packages, PlaylistReader
from reprise.application.playback_ports import Renditions
from reprise.application.ports import TitleSource
from reprise.application.publish_encoded import Copies
from reprise.bootstrap.stores import postgres_dsn, redis_calls
from reprise.settings import PublishingSettings

if TYPE_CHECKING:
    from reprise.adapters.postgres import Postgres


class PublishingWiring:
    """The media bucket, the catalog's truth, and the copies that readers keep of it."""

    def __init__(self, settings: PublishingSettings) -> None:
        self._settings = settings
        self.clock: Callable[[], float] = time.time

    @cached_property
    def packages(self) -> Packages:
        return S3Packages(bucket=self._settings.packages.bucket)

    @cached_property
    def playlists(self) -> PlaylistReader:
        return StrictPlaylists()

    @cached_property
    def titles(self) -> TitleSource:
        from reprise.adapters.catalog_postgres import PostgresTitles  # noqa: PLC0415

        return PostgresTitles(postgres=self._postgres)

    @cached_property
    def renditions(self) -> Renditions:
        from reprise.adapters.renditions_postgres import PostgresRenditions  # noqa: PLC0415

        return PostgresRenditions(postgres=self._postgres)

    @cached_property
    def copies(self) -> Copies:
        from reprise.adapters.catalog_copies_redis import RedisCatalogCopies  # noqa: PLC0415

        return Copies(
            catalog=RedisCatalogCopies(self._redis, source=self.titles, now=self.clock),
            publications=RedisPublicationCopies(self._redis, now=self.clock),
        )

    @cached_property
    def _redis(self) -> RedisCalls:
        return redis_calls(self._settings.redis)

    @cached_property
    def _postgres(self) -> "Postgres":
        from reprise.adapters.postgres import Postgres  # noqa: PLC0415

        return Postgres(dsn=postgres_dsn(self._settings.postgres))
