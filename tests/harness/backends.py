"""Real stores with functions in front of them, and what a fault test does and sees behind both.

`redis` and `durable` reach the stores directly, past any proxy that stands before the functions.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reprise.adapters.cassandra_session import CassandraAddress, CassandraConnection
from reprise.adapters.live_keys import ProfileKeys
from reprise.adapters.place_codec import place_from_hash
from reprise.adapters.places_cassandra import CassandraPlaces
from reprise.adapters.redis_client import RedisClient
from reprise.domain.buckets import BUCKETS
from reprise.domain.flush import FlushOrder
from reprise.domain.playstate import Place
from tests.harness.environments import Consumed, Function, environment
from tests.harness.players import Ledger, Player

EVERYTHING = FlushOrder(first_bucket=0, last_bucket=BUCKETS - 1)
SETS = ("dirty", "claimed", "quarantined")
_US = 1_000_000


def cassandra_address(port: int, *, keyspace: str = "reprise") -> CassandraAddress:
    return CassandraAddress(
        hosts=("127.0.0.1",),
        port=port,
        keyspace=keyspace,
        local_dc="datacenter1",
        timeout_ms=10_000,
    )


@dataclass
class Backend:
    """Where functions find their stores; by default nowhere."""

    redis: RedisClient
    redis_url: str
    connection: CassandraConnection | None = None
    cassandra_port: int | None = None
    postgres_url: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    functions: list[Function] = field(default_factory=list)

    def function(self, folder: str, *, real_queues: bool = False, **variables: str) -> Function:
        """Start an execution environment; it is closed with the backend."""
        told = environment(
            redis_url=self.redis_url,
            cassandra_port=self.cassandra_port,
            postgres_url=self.postgres_url,
            **{**self.variables, **variables},
        )
        started = Function(folder, told, real_queues=real_queues)
        self.functions.append(started)
        return started

    def warm(self, folder: str) -> Function:
        """Return the environment of this function that is warm already, or start one."""
        for function in self.functions:
            if function.folder == folder:
                return function
        return self.function(folder)

    @property
    def progress(self) -> Function:
        return self.warm("stream/record_progress")

    @property
    def flusher(self) -> Function:
        return self.warm("flush/flush_places")

    @property
    def row(self) -> Function:
        return self.warm("playstate/list_continue_watching")

    def close(self) -> None:
        for function in self.functions:
            function.close()

    def flush(self) -> Consumed:
        """Carry out one order for everything."""
        return self.flusher.consume([EVERYTHING])

    def drain(self, *, seconds: float = 30) -> Sequence[Mapping[str, Any]]:
        """Flush until nothing is dirty or claimed, and return the events.

        Raises:
            AssertionError: something still is when the time is over.
        """
        deadline = time.monotonic() + seconds
        events: list[Mapping[str, Any]] = []
        while self.unsaved():
            assert time.monotonic() < deadline, f"still unsaved: {self.marks()}"
            self.expire_leases()
            events += self.flush().events
        return events

    def durable(self, player: Player) -> Place | None:
        return self.stored(player.viewer.profile_id, player.video_id, player.item_id)

    def stored(self, profile_id: str, video_id: str, item_id: str) -> Place | None:
        return self.places.place(profile_id=profile_id, video_id=video_id, item_id=item_id)

    @property
    def places(self) -> CassandraPlaces:
        assert self.connection is not None, "this backend has no Cassandra"
        return CassandraPlaces(self.connection)

    def query(self, statement: str, *values: Any) -> Sequence[Any]:
        assert self.connection is not None, "this backend has no Cassandra"
        prepared = self.connection.prepared(statement)
        return list(self.connection.session().execute(prepared, values, timeout=10))

    def marks(self) -> dict[str, dict[str, float]]:
        """Return the members of each kind of set over all buckets, with their scores."""
        found: dict[str, dict[str, float]] = {name: {} for name in SETS}
        for key in self.redis.scan_iter(match="{b*}:*", count=1000):
            name = key.partition("}:")[2]
            if name in found:
                found[name] |= dict(self.redis.zrange(key, 0, -1, withscores=True))
        return found

    def unsaved(self) -> int:
        marks = self.marks()
        return len(marks["dirty"]) + len(marks["claimed"])

    def expire_leases(self) -> None:
        """Let the time of every lease pass."""
        self._shift("claimed", lambda _: 1)

    def pass_time(self, seconds: float) -> None:
        """Let everything have become dirty, or have been claimed, so long before."""
        past = round(seconds * _US)
        self._shift("dirty", lambda score: round(score) - past)
        self._shift("claimed", lambda score: round(score) - past)
        for key in self.redis.scan_iter(match="{b*}:place:*", count=1000):
            since = self.redis.hget(key, "since")
            if since:
                self.redis.hset(key, "since", str(int(since) - past))

    def close_breakers(self) -> None:
        """Let the time pass for which environments leave a Cassandra alone that failed them."""
        for function in self.functions:
            durable = vars(function.wiring).get("durable")
            if durable is not None:
                durable._breaker.close()

    def lost(self, ledger: Ledger) -> Sequence[str]:
        """Name every promised place that neither Cassandra nor a marked live state still holds."""
        marks = self.marks()
        held = marks["dirty"] | marks["claimed"] | marks["quarantined"]
        return [
            f"{profile_id}:{item_id} rev {told['rev']}: {place and place.rev}"
            for (profile_id, item_id), told in ledger.told.items()
            if not _covers(place := self._held(profile_id, item_id, held, ledger), told)
        ]

    def not_durable(self, ledger: Ledger) -> Sequence[str]:
        """Name every promised place that Cassandra does not hold."""
        found = []
        for (profile_id, item_id), told in ledger.told.items():
            place = self.stored(profile_id, ledger.video_of[item_id], item_id)
            if not _covers(place, told):
                found.append(f"{profile_id}:{item_id} {told}: {place}")
        return found

    def _held(
        self, profile_id: str, item_id: str, held: dict[str, float], ledger: Ledger
    ) -> Place | None:
        if f"{profile_id}:{item_id}" in held:
            fields = self.redis.hgetall(ProfileKeys.of(profile_id).place(item_id))
            return place_from_hash(fields, item_id=item_id) if fields else None
        return self.stored(profile_id, ledger.video_of[item_id], item_id)

    def _shift(self, name: str, new: Any) -> None:
        for key in self._sets(name):
            members = self.redis.zrange(key, 0, -1, withscores=True)
            if members:
                self.redis.zadd(key, {member: new(score) for member, score in members})

    def _sets(self, name: str) -> Iterator[str]:
        return iter(list(self.redis.scan_iter(match=f"{{b*}}:{name}", count=1000)))


def _covers(place: Place | None, told: Any) -> bool:
    """A place keeps a promise where it is that revision or a later one; the same one is equal."""
    if place is None or place.rev < told["rev"]:
        return False
    return bool(place.rev > told["rev"] or place.position == told["position"])
