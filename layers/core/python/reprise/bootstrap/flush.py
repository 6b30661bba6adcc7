"""The wiring of the flush: who orders it, who carries it out, who redrives what was set aside."""

import sys
import time
from functools import cached_property

from reprise.adapters.dirty_buffer_redis import RedisDirtyBuffer
from reprise.adapters.flush_queue_sqs import SqsFlushQueue
from reprise.adapters.places_cassandra import CassandraPlaces
from reprise.adapters.publisher_fan_out import FanOutPublisher
from reprise.adapters.publisher_log import LogPublisher
from reprise.adapters.publisher_sqs import SqsPublisher
from reprise.adapters.quarantine_sqs import SqsQuarantine
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.application.ports import (
    DirtyBuffer,
    DurablePlaces,
    EventPublisher,
    FlushQueue,
    ProfileRegister,
    QuarantineQueue,
)
from reprise.bootstrap.stores import cassandra_connection, postgres_dsn
from reprise.edge import observability
from reprise.settings import (
    FlushSettings,
    LiveSettings,
    PlannerSettings,
    RedisSettings,
    RedriveSettings,
)

REDIS_TIMEOUT_MS = 2_000
"""A flusher's pipelines carry hundreds of scripts; a viewer's budget is for one."""

LOG = "log:"
"""An event queue of this name is the function's own log."""


class PlannerWiring:
    """Ports of the functions that order flushes."""

    def __init__(self, settings: PlannerSettings) -> None:
        self._settings = settings

    def now_us(self) -> int:
        return time.time_ns() // 1000

    @cached_property
    def buffer(self) -> DirtyBuffer:
        return dirty_buffer(self._settings.redis, self._settings.live)

    @cached_property
    def queue(self) -> FlushQueue:
        return SqsFlushQueue(url=self._settings.flush_queue.url)


class FlushWiring:
    """Ports of the functions that make places durable."""

    def __init__(self, settings: FlushSettings | RedriveSettings) -> None:
        self._settings = settings

    def now_us(self) -> int:
        return time.time_ns() // 1000

    @cached_property
    def buffer(self) -> DirtyBuffer:
        return dirty_buffer(self._settings.redis, self._settings.live)

    @cached_property
    def durable(self) -> DurablePlaces:
        return CassandraPlaces(
            cassandra_connection(self._settings.cassandra),
            on_corrupt=lambda rows: observability.count("CorruptDurableRow", rows),
        )

    @cached_property
    def publisher(self) -> EventPublisher:
        if self._settings.events.url == LOG:
            return LogPublisher(write=sys.stdout.write)
        every = SqsPublisher(url=self._settings.events.url)
        completions_url = self._settings.events.completions_url
        if completions_url is None:
            return every
        return FanOutPublisher(every=every, completions=SqsPublisher(url=completions_url))

    @cached_property
    def quarantine(self) -> QuarantineQueue:
        return SqsQuarantine(url=self._settings.events.quarantine_url)


class RedriveWiring(FlushWiring):
    """Ports of the command that gives poison items another chance."""

    def __init__(self, settings: RedriveSettings) -> None:
        super().__init__(settings)
        self._flush_queue = settings.flush_queue
        self._postgres = settings.postgres

    @cached_property
    def queue(self) -> FlushQueue:
        return SqsFlushQueue(url=self._flush_queue.url)

    @cached_property
    def profiles(self) -> ProfileRegister:
        from reprise.adapters.postgres import Postgres  # noqa: PLC0415
        from reprise.adapters.profiles_postgres import PostgresProfiles  # noqa: PLC0415

        return PostgresProfiles(postgres=Postgres(dsn=postgres_dsn(self._postgres)))


def dirty_buffer(redis: RedisSettings, live: LiveSettings) -> RedisDirtyBuffer:
    timeout_ms = max(redis.timeout_ms, REDIS_TIMEOUT_MS)
    calls = RedisCalls(connect(url=redis.url, cluster=redis.cluster, timeout_ms=timeout_ms))
    return RedisDirtyBuffer(
        calls, live_ttl_seconds=live.live_ttl_seconds, on_lost=observability.count
    )
