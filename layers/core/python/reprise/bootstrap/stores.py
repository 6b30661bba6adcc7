"""The wiring that the routes about places share: each port built once, when it is first needed.

A test replaces a port by assigning it (`wiring.live = fake`). Adapters whose module loads a driver
are imported where they are built, so that a route which only may need PostgreSQL does not pay for
it.
"""

import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from reprise.adapters.cassandra_session import CassandraAddress, CassandraConnection
from reprise.adapters.catalog_redis import RedisTitles
from reprise.adapters.live_places_redis import LiveLimits, RedisLivePlaces
from reprise.adapters.places_cassandra import CassandraPlaces
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.adapters.row_cache_redis import RedisRowCache
from reprise.adapters.tokens_pyjwt import JwtVerifier
from reprise.application.identity_ports import Sessions, TokenVerifier
from reprise.application.ports import (
    DurablePlaces,
    FlushQueue,
    LivePlaces,
    RowCache,
    TitleReader,
    TitleSource,
)
from reprise.domain.leases import lease_seconds
from reprise.edge import allowances, observability
from reprise.settings import (
    CassandraSettings,
    PlaceSettings,
    PostgresSettings,
    ProvedSettings,
    RedisSettings,
    ViewerSettings,
)

if TYPE_CHECKING:
    from reprise.adapters.postgres import Postgres


class ProvedWiring[Settings: ProvedSettings]:
    """What every route of a viewer has: the proof of who asks and the session's gate."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.clock: Callable[[], float] = time.time
        self.pause: Callable[[float], None] = time.sleep

    @cached_property
    def tokens(self) -> TokenVerifier:
        tokens = self._settings.tokens
        return JwtVerifier(keys=tokens.jwks, issuer=tokens.issuer, audience=tokens.audience)

    @cached_property
    def sessions(self) -> Sessions:
        from reprise.adapters.sessions_redis import RedisSessions  # noqa: PLC0415

        return RedisSessions(
            self._redis,
            per_minute=self._settings.live.reports_per_minute,
            on_allowance=allowances.note,
        )

    @cached_property
    def live(self) -> LivePlaces:
        return RedisLivePlaces(
            self._redis,
            limits=self._limits,
            on_lost=observability.count,
            on_allowance=allowances.note,
        )

    @cached_property
    def _redis(self) -> RedisCalls:
        return redis_calls(self._settings.redis)

    @cached_property
    def _limits(self) -> LiveLimits:
        return LiveLimits(
            ttl_seconds=self._settings.live.live_ttl_seconds,
            reports_per_minute=self._settings.live.reports_per_minute,
            lease_seconds=lease_seconds(report_seconds=self._settings.live.next_report_seconds),
        )


class ViewerWiring[Settings: ViewerSettings](ProvedWiring[Settings]):
    """What a viewer's route has besides, where it looks a title up: the catalog."""

    @cached_property
    def catalog(self) -> TitleReader:
        return RedisTitles(self._redis, source=self._titles, clock=time.monotonic, now=self.clock)

    @cached_property
    def _postgres(self) -> "Postgres":
        from reprise.adapters.postgres import Postgres  # noqa: PLC0415

        return Postgres(dsn=postgres_dsn(self._settings.postgres))

    def _titles(self) -> TitleSource:
        from reprise.adapters.catalog_postgres import PostgresTitles  # noqa: PLC0415

        return PostgresTitles(postgres=self._postgres)


class PlacesWiring(ViewerWiring[PlaceSettings]):
    """Every port of the routes about places."""

    @cached_property
    def rows(self) -> RowCache:
        return RedisRowCache(
            self._redis,
            limits=self._limits,
            ttl_seconds=self._settings.live.row_ttl_seconds,
            clock=self.clock,
            on_allowance=allowances.note,
        )

    @cached_property
    def durable(self) -> DurablePlaces:
        return CassandraPlaces(cassandra_connection(self._settings.cassandra))

    @cached_property
    def queue(self) -> FlushQueue:
        from reprise.adapters.flush_queue_sqs import SqsFlushQueue  # noqa: PLC0415

        return SqsFlushQueue(url=self._settings.flush_queue.url)


def redis_calls(settings: RedisSettings) -> RedisCalls:
    return RedisCalls(
        connect(url=settings.url, cluster=settings.cluster, timeout_ms=settings.timeout_ms)
    )


def cassandra_connection(settings: CassandraSettings) -> CassandraConnection:
    return CassandraConnection(
        CassandraAddress(
            hosts=settings.hosts,
            port=settings.port,
            keyspace=settings.keyspace,
            local_dc=settings.local_dc,
            timeout_ms=settings.timeout_ms,
            auth=settings.auth,
            region=settings.region,
            ca_bundle=settings.ca_bundle,
        )
    )


def postgres_dsn(settings: PostgresSettings) -> Callable[[], str]:
    """Return what says where the database is, asked again at each connect."""
    url, secret_id = settings.url, settings.secret_id
    if url is not None:
        return lambda: url

    from reprise.adapters.postgres_secret import dsn_of_secret  # noqa: PLC0415

    return lambda: dsn_of_secret(secret_id=secret_id or "", host=settings.host)
