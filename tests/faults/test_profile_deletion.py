"""A profile is deleted while flushers hold what it watched: nothing of it comes back, anywhere."""

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest

from reprise.adapters.cassandra_session import CassandraConnection
from reprise.adapters.dirty_buffer_redis import RedisDirtyBuffer
from reprise.adapters.erase_cassandra import CassandraErasure
from reprise.adapters.erase_redis import RedisErasure
from reprise.adapters.live_keys import BucketKeys, ProfileKeys
from reprise.adapters.live_places_redis import LiveLimits, RedisLivePlaces
from reprise.adapters.places_cassandra import CassandraPlaces
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.row_cache_redis import RedisRowCache
from reprise.adapters.sessions_redis import RedisSessions
from reprise.application.delete_profile import delete_profile
from reprise.application.flush_places import flush_places
from reprise.domain.buckets import bucket_of
from reprise.domain.errors import UnauthenticatedError, UnavailableError
from reprise.domain.flush import FlushOrder
from reprise.domain.identity import Claims, Profile, Viewer
from reprise.domain.playstate import ItemFacts
from reprise.domain.profiles import Receipt
from tests.builders import ADULT, TV, make_report, make_viewer
from tests.fakes.publisher import FakePublisher
from tests.fakes.quarantine import FakeQuarantine
from tests.harness.backends import cassandra_address
from tests.harness.live_worlds import redis_database
from tests.harness.stack import TestStack
from tests.households import ACCOUNT, ADA, NOW, TOM, Family

DATABASE = 11
FACTS = ItemFacts(duration=5400.0, completes_at=5130.0, shown_from=270.0)
TABLES = ("user_watch_history", "latest_position")


@dataclass
class World:
    """Real Redis and Cassandra, and a profile that watches three films on a live session."""

    client: Any
    connection: CassandraConnection

    def __post_init__(self) -> None:
        calls = RedisCalls(self.client)
        self.live = RedisLivePlaces(calls, limits=LiveLimits(reports_per_minute=100_000))
        self.rows = RedisRowCache(calls)
        self.buffer = RedisDirtyBuffer(calls, lease_seconds=0.5)
        self.durable = CassandraPlaces(self.connection)
        self.publisher = FakePublisher()
        self.quarantine = FakeQuarantine()
        self.erasures = RedisErasure(calls), CassandraErasure(self.connection)
        self.profile: Profile = replace(TOM, id=str(uuid4()))
        self.family = Family((ADA, self.profile))
        self.sessions = RedisSessions(calls)
        self.family.sessions = self.sessions  # type: ignore[assignment]
        self.viewer = self.sign_in("s-tom")
        self.films = [str(uuid4()) for _ in range(3)]

    def sign_in(self, session_id: str) -> Viewer:
        self.family.sign_in(self.profile, session_id=session_id)
        viewer = make_viewer(
            account_id=ACCOUNT.id,
            session_id=session_id,
            profile_id=self.profile.id,
            policy=replace(ADULT, maturity_level=self.profile.maturity_level),
        )
        claims = Claims(ACCOUNT.id, session_id, self.profile.id, viewer.policy, NOW + 900)
        self.sessions.start(claims=claims, device=TV, lifetime=600)
        return viewer

    def report(self, film: str, seq: int) -> None:
        report = make_report(video_id=film, item_id=film, seq=seq, position=seq * 10.0)
        answer = self.live.record(viewer=self.viewer, reports=[(report, FACTS)])
        if answer.cold:
            known = {film: None}
            self.live.record(viewer=self.viewer, reports=[(report, FACTS)], durable=known)

    def watch(self, seq: int = 1) -> None:
        for film in self.films:
            self.report(film, seq)

    def flush(self, **ports: Any) -> None:
        bucket = bucket_of(self.profile.id)
        named: dict[str, Any] = {
            "buffer": self.buffer,
            "durable": self.durable,
            "publisher": self.publisher,
            "quarantine": self.quarantine,
        }
        flush_places(
            order=FlushOrder(bucket, bucket),
            now_us=lambda: time.time_ns() // 1000,
            time_left=lambda: 60.0,
            **(named | ports),
        )

    def delete(self) -> Receipt:
        live, durable = self.erasures
        return delete_profile(
            account_id=ACCOUNT.id,
            standing=ADA.id,
            profile_id=self.profile.id,
            versions=None,
            profiles=self.family.profiles,
            sessions=self.sessions,
            attempts=self.family.attempts,
            live=live,
            durable=durable,
            now=NOW,
        )

    def left(self) -> list[str]:
        """Name everything of the profile that any store still has."""
        bucket = BucketKeys.of(bucket_of(self.profile.id))
        fence = ProfileKeys.of(self.profile.id).erased
        keys = set(self.client.scan_iter(match=f"*{self.profile.id}*", count=1000)) - {fence}
        found = [f"redis {key}" for key in keys]
        found += [
            f"{key} {member}"
            for key in (bucket.dirty, bucket.claimed, bucket.quarantined)
            for member in self.client.zrange(key, 0, -1)
            if member.startswith(self.profile.id)
        ]
        profile = UUID(self.profile.id)
        for table in TABLES:
            statement = f"SELECT item_id FROM {table} WHERE profile_id = ?"
            found += [f"{table} {row}" for row in self._rows(statement, profile)]
        by_device = (
            "SELECT device_id FROM watch_position_by_device WHERE profile_id = ? AND video_id = ?"
        )
        for film in self.films:
            found += [f"device {row}" for row in self._rows(by_device, profile, UUID(film))]
        return found

    def _rows(self, statement: str, *values: Any) -> list[Any]:
        prepared = self.connection.prepared(statement)
        return list(self.connection.session().execute(prepared, values))


@pytest.fixture
def world(stack: TestStack) -> Iterator[World]:
    client = redis_database(stack, DATABASE)
    address = cassandra_address(stack.cassandra_port, keyspace=stack.cassandra_keyspace)
    connection = CassandraConnection(address)
    yield World(client, connection)
    connection.close()
    client.flushdb()
    client.close()


class Interrupted:
    """A port in front of, or behind, whose method something happens once."""

    def __init__(self, port: object, method: str, when: str, action: Callable[[], object]) -> None:
        self._port = port
        self._method = method
        self._when = when
        self._actions = [action]

    def __getattr__(self, name: str) -> Any:
        called = getattr(self._port, name)
        if name != self._method:
            return called

        def interrupted(**what: Any) -> Any:
            if self._when == "before":
                self._happen()
            answer = called(**what)
            if self._when == "after":
                self._happen()
            return answer

        return interrupted

    def _happen(self) -> None:
        while self._actions:
            self._actions.pop()()


MOMENTS = (
    ("buffer", "claim", "before"),
    ("buffer", "claim", "after"),
    ("durable", "write", "before"),
    ("durable", "write", "after"),
    ("publisher", "publish", "after"),
    ("buffer", "acknowledge", "before"),
    ("buffer", "acknowledge", "after"),
)


@pytest.mark.parametrize(("port", "method", "when"), MOMENTS, ids="-".join)
def test_whenever_a_flusher_is_overtaken_by_a_deletion_nothing_is_left(
    world: World, port: str, method: str, when: str
) -> None:
    world.watch()
    overtaken = Interrupted(getattr(world, port), method, when, world.delete)
    world.flush(**{port: overtaken})
    assert world.left() == []
    world.flush()
    assert world.left() == []
    assert world.family.names() == ["Ada"]


def test_what_was_durable_before_goes_and_the_receipt_counts_it(world: World) -> None:
    world.watch()
    world.flush()
    world.watch(seq=2)
    assert world.rows.fill(profile_id=world.profile.id, places=[], version=_version(world))
    receipt = world.delete()
    assert receipt.removed == {
        "postgres": {"profile": 1, "my_list": 0, "session": 1},
        "redis": {"places": 3, "marks": 3, "rows": 1, "sessions": 1},
        "cassandra": {
            "user_watch_history": 3,
            "latest_position": 3,
            "watch_position_by_device": 3,
        },
    }
    assert world.left() == []


def _version(world: World) -> int:
    return world.live.live(profile_id=world.profile.id).version


@pytest.mark.parametrize(
    ("store", "method"),
    [
        *(("live", method) for method in ("fence", "remains", "note", "erase")),
        *(("durable", method) for method in ("items", "erase")),
    ],
)
def test_a_deletion_that_is_cut_off_between_stores_is_finished_by_the_next(
    world: World, store: str, method: str
) -> None:
    world.watch()
    world.flush()
    world.watch(seq=2)
    live, durable = world.erasures
    cut = live if store == "live" else durable

    def fail() -> None:
        raise UnavailableError("cut off")

    broken: Any = Interrupted(cut, method, "after", fail)
    world.erasures = (broken, durable) if store == "live" else (live, broken)
    with pytest.raises(UnavailableError):
        world.delete()
    assert world.family.names() == ["Ada", "Tom"]
    world.flush()
    world.erasures = live, durable
    world.delete()
    assert world.left() == []


def test_reports_and_flushes_that_race_a_deletion_leave_nothing(world: World) -> None:
    over = Event()

    def report() -> int:
        seq = 0
        while not over.is_set():
            seq += 1
            try:
                world.watch(seq)
            except UnauthenticatedError:
                break
        return seq

    def flush() -> None:
        dice = random.Random(7)
        while not over.is_set():
            world.flush()
            time.sleep(dice.random() * 0.01)

    with ThreadPoolExecutor(4) as threads:
        reporting = threads.submit(report)
        flushing = [threads.submit(flush) for _ in range(3)]
        try:
            time.sleep(0.7)
            world.delete()
            time.sleep(0.3)
        finally:
            over.set()
        assert reporting.result() > 5
        for each in flushing:
            each.result()
    world.flush()
    assert world.left() == []
