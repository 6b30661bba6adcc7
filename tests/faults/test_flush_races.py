"""Viewers watch while flushers race and die: nothing lost, nothing twice, never backwards."""

import random
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import Any
from uuid import uuid4

import pytest

from reprise.adapters.cassandra_session import CassandraAddress, CassandraConnection
from reprise.adapters.dirty_buffer_redis import RedisDirtyBuffer
from reprise.adapters.live_keys import ProfileKeys
from reprise.adapters.live_places_redis import LiveLimits, RedisLivePlaces
from reprise.adapters.places_cassandra import CassandraPlaces
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.application.flush_places import FlushReport, flush_places
from reprise.domain.buckets import BUCKETS, bucket_of
from reprise.domain.flush import FlushOrder, urgent_order
from reprise.domain.identity import Viewer
from reprise.domain.playstate import ItemFacts, Place
from tests.builders import TV, make_report, make_viewer
from tests.fakes.publisher import FakePublisher
from tests.fakes.quarantine import FakeQuarantine
from tests.harness.mortal import KilledError, Mortal
from tests.harness.stack import TestStack

pytestmark = pytest.mark.real

EVERYTHING = FlushOrder(0, BUCKETS - 1)
FACTS = ItemFacts(duration=5400.0, completes_at=5130.0, shown_from=270.0)
VIEWERS, REPORTS, FLUSHERS = 10, 30, 3
STEP_SECONDS = 10.0
LEASE_SECONDS = 0.3


@dataclass
class World:
    """The real stores, a publisher that remembers, and viewers who each watch one film."""

    client: Any
    durable: CassandraPlaces
    publisher: FakePublisher = field(default_factory=FakePublisher)
    quarantine: FakeQuarantine = field(default_factory=FakeQuarantine)
    viewers: list[tuple[Viewer, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        calls = RedisCalls(self.client)
        self.live = RedisLivePlaces(calls, limits=LiveLimits(reports_per_minute=100_000))
        self.buffer = RedisDirtyBuffer(calls, lease_seconds=LEASE_SECONDS)
        self.viewers = [(make_viewer(), str(uuid4())) for _ in range(VIEWERS)]
        for viewer, _ in self.viewers:
            self._sign_in(viewer)

    def _sign_in(self, viewer: Viewer) -> None:
        fields = {
            "account": viewer.account_id,
            "profile": viewer.profile_id,
            "policy": viewer.policy.encode(),
            "deviceId": TV.id,
            "deviceType": TV.type,
            "deviceName": TV.name,
        }
        key = ProfileKeys.of(viewer.profile_id).session(viewer.session_id)
        self.client.hset(key, mapping=fields)

    def report(self, viewer: Viewer, film: str, seq: int) -> None:
        report = make_report(
            video_id=film,
            item_id=film,
            seq=seq,
            position=seq * STEP_SECONDS,
            intervals=(((seq - 1) * STEP_SECONDS, seq * STEP_SECONDS),),
        )
        answer = self.live.record(viewer=viewer, reports=[(report, FACTS)])
        if answer.cold:
            self.live.record(viewer=viewer, reports=[(report, FACTS)], durable={film: None})

    def flush(self, order: FlushOrder, *, dice: random.Random, chance: float) -> FlushReport:
        def mortal(port: object) -> Any:
            return Mortal(port, dice=dice, chance=chance)

        return flush_places(
            order=order,
            buffer=mortal(self.buffer),
            durable=mortal(self.durable),
            publisher=mortal(self.publisher),
            quarantine=mortal(self.quarantine),
            now_us=lambda: time.time_ns() // 1000,
            time_left=lambda: 60.0,
        )

    def drain(self) -> None:
        """Flush as a healthy flusher until nothing is dirty or left behind."""
        deadline = time.monotonic() + 30
        while self.client.keys("*:dirty") or self.client.keys("*:claimed"):
            assert time.monotonic() < deadline, "the buffer does not drain"
            self.flush(EVERYTHING, dice=random.Random(0), chance=0.0)
            time.sleep(0.05)

    def stored(self, viewer: Viewer, film: str) -> Place | None:
        return self.durable.place(profile_id=viewer.profile_id, video_id=film, item_id=film)


@pytest.fixture
def world(stack: TestStack) -> Iterator[World]:
    url = stack.redis_url.rsplit("/", 1)[0] + "/10"
    client = connect(url=url, cluster=False, timeout_ms=5_000)
    client.flushdb()
    connection = CassandraConnection(
        CassandraAddress(
            hosts=(stack.cassandra_host,),
            port=stack.cassandra_port,
            keyspace=stack.cassandra_keyspace,
            local_dc="datacenter1",
            timeout_ms=10_000,
        )
    )
    yield World(client, CassandraPlaces(connection))
    connection.close()
    client.flushdb()
    client.close()


def watch(world: World, dice: random.Random) -> None:
    """Report every viewer's whole evening, viewers in any order."""
    turns = [index for index in range(VIEWERS) for _ in range(REPORTS)]
    dice.shuffle(turns)
    seqs: defaultdict[int, int] = defaultdict(int)
    for index in turns:
        seqs[index] += 1
        world.report(*world.viewers[index], seqs[index])
        time.sleep(dice.random() * 0.01)


def race(world: World, dice: random.Random, over: Event) -> int:
    """Flush and die, over and over, until the evening is over; return how often it died."""
    deaths = 0
    while not over.is_set():
        viewer, film = dice.choice(world.viewers)
        bucket = bucket_of(viewer.profile_id)
        ranged = FlushOrder(max(0, bucket - 31), bucket)
        urgent = urgent_order(profile_id=viewer.profile_id, item_ids=[film])
        try:
            world.flush(dice.choice([ranged, ranged, urgent]), dice=dice, chance=0.08)
        except KilledError:
            deaths += 1
    return deaths


def observe(world: World, over: Event) -> None:
    """See that no durable place ever goes back to an older revision."""
    seen: defaultdict[str, int] = defaultdict(int)
    while not over.is_set():
        for viewer, film in world.viewers:
            place = world.stored(viewer, film)
            rev = place.rev if place else 0
            assert rev >= seen[film]
            seen[film] = rev
        time.sleep(0.05)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", [1, 2])
def test_racing_and_dying_flushers_lose_nothing_and_count_nothing_twice(
    world: World, seed: int
) -> None:
    over = Event()
    with ThreadPoolExecutor(FLUSHERS + 1) as threads:
        racing = [
            threads.submit(race, world, random.Random(seed * 100 + number), over)
            for number in range(FLUSHERS)
        ]
        observing = threads.submit(observe, world, over)
        try:
            watch(world, random.Random(seed))
        finally:
            over.set()
        deaths = sum(flusher.result() for flusher in racing)
        observing.result()
    world.drain()
    assert deaths > 5
    for viewer, film in world.viewers:
        place = world.stored(viewer, film)
        assert place is not None
        assert (place.rev, place.position) == (REPORTS, REPORTS * STEP_SECONDS)
    _assert_watched_once(world)


def _assert_watched_once(world: World) -> None:
    """Every second that was watched is in exactly one event, repeated events counted once."""
    events = {event.event_id: event for event in world.publisher.events}
    seconds: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for event in events.values():
        seconds[event.place.item_id] += [(start, end) for start, end, _ in event.intervals]
    for _, film in world.viewers:
        covered = 0.0
        for start, end in sorted(seconds[film]):
            assert start == covered
            covered = end
        assert covered == REPORTS * STEP_SECONDS
