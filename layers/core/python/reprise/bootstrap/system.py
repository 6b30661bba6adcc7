"""The wiring of the health check: one probe a store, each with a connection of its own."""

from collections.abc import Mapping
from functools import cached_property

from reprise.adapters.health_probe import Probe
from reprise.adapters.places_cassandra import CassandraPlaces
from reprise.application.ports import StoreCheck
from reprise.bootstrap.stores import cassandra_connection, postgres_dsn, redis_calls
from reprise.settings import SystemSettings

NOBODY = "00000000-0000-0000-0000-000000000000"
"""A profile that has no places: reading them proves the store and its tables, and is cheap."""


class SystemWiring:
    """Probes of every store."""

    def __init__(self, settings: SystemSettings) -> None:
        self._settings = settings

    @cached_property
    def stores(self) -> Mapping[str, StoreCheck]:
        return {
            "redis": self._redis_probe(),
            "cassandra": self._cassandra_probe(),
            "postgres": self._postgres_probe(),
        }

    def _redis_probe(self) -> Probe:
        calls = redis_calls(self._settings.redis)
        return Probe(lambda: calls.call(calls.client.ping))

    def _cassandra_probe(self) -> Probe:
        places = CassandraPlaces(cassandra_connection(self._settings.cassandra))
        return Probe(lambda: places.places(profile_id=NOBODY))

    def _postgres_probe(self) -> Probe:
        from reprise.adapters.postgres import Postgres  # noqa: PLC0415

        postgres = Postgres(dsn=postgres_dsn(self._settings.postgres))
        return Probe(lambda: postgres.run(lambda connection: connection.execute("SELECT 1")))
