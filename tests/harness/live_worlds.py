"""Live places and ready rows with all that surrounds them, in memory and in Redis: one face, so
that one suite holds both to the same promises."""

from collections.abc import Callable
from typing import Any, Protocol

import pytest

from reprise.adapters.dirty_buffer_redis import RedisDirtyBuffer
from reprise.adapters.live_keys import ProfileKeys
from reprise.adapters.live_places_redis import LiveLimits, RedisLivePlaces
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.adapters.row_cache_redis import FILL_LOCK_MS, RedisRowCache
from reprise.application.ports import LivePlaces, RowCache
from reprise.domain.allowance import Allowance
from reprise.domain.identity import Device, PolicyFacts, Viewer
from reprise.domain.playstate import DevicePosition
from tests.builders import NOW_US, SECOND, TV
from tests.fakes.live_places import FakeLivePlaces
from tests.fakes.row_cache import FakeRowCache
from tests.harness.stack import TestStack

CONTRACT_DATABASE = 8
REPORTS_PER_MINUTE = 30
ROW_TTL_SECONDS = 3600


class Unsaved(Protocol):
    """What of one item is not durable yet."""

    @property
    def intervals(self) -> tuple[tuple[float, float, str], ...]: ...
    @property
    def completions(self) -> tuple[int, ...]: ...
    @property
    def devices(self) -> tuple[DevicePosition, ...]: ...


class World(Protocol):
    """The two ports, the clock they share, and what others do to the store under them."""

    @property
    def live(self) -> LivePlaces: ...
    @property
    def rows(self) -> RowCache: ...
    @property
    def allowances(self) -> list[Allowance]:
        """What both ports said is left, in order."""
        ...

    def pass_time(self, seconds: float) -> None: ...
    def sign_in(
        self, viewer: Viewer, *, device: Device = TV, policy: PolicyFacts | None = None
    ) -> None: ...
    def revoke(self, viewer: Viewer) -> None: ...
    def unsaved(self, viewer: Viewer, item_id: str) -> Unsaved: ...
    def acknowledge(self, viewer: Viewer) -> None:
        """Make everything of the profile durable, as a flusher does."""
        ...

    def evict(self, viewer: Viewer) -> None:
        """Forget the live places that are durable."""
        ...

    def outlast_fill(self, viewer: Viewer) -> None:
        """Let the time run out in which one caller alone may rebuild the row."""
        ...


class FakeWorld:
    def __init__(self) -> None:
        self.allowances: list[Allowance] = []
        self.live = FakeLivePlaces(
            reports_per_minute=REPORTS_PER_MINUTE, on_allowance=self.allowances.append
        )
        self.rows = FakeRowCache(
            self.live, ttl_seconds=ROW_TTL_SECONDS, clock=lambda: self.live.now_us / SECOND
        )

    def pass_time(self, seconds: float) -> None:
        self.live.now_us += round(seconds * SECOND)

    def sign_in(
        self, viewer: Viewer, *, device: Device = TV, policy: PolicyFacts | None = None
    ) -> None:
        self.live.sign_in(viewer, device=device, policy=policy)

    def revoke(self, viewer: Viewer) -> None:
        self.live.revoke(viewer)

    def unsaved(self, viewer: Viewer, item_id: str) -> Unsaved:
        return self.live.unsaved(profile_id=viewer.profile_id, item_id=item_id)

    def acknowledge(self, viewer: Viewer) -> None:
        self.live.acknowledge(viewer.profile_id)

    def evict(self, viewer: Viewer) -> None:
        self.live.evict(viewer.profile_id)

    def outlast_fill(self, viewer: Viewer) -> None:
        del self.rows.filling[viewer.profile_id]


class RedisWorld:
    """`lost` collects what the adapter says it lost."""

    def __init__(self, client: Any, *, reports_per_minute: int = REPORTS_PER_MINUTE) -> None:
        self.client = client
        self.now_us = NOW_US
        self.lost: list[tuple[str, int]] = []
        self.allowances: list[Allowance] = []
        calls = RedisCalls(client)
        limits = LiveLimits(reports_per_minute=reports_per_minute)
        self.live = RedisLivePlaces(
            calls,
            limits=limits,
            on_lost=lambda name, count: self.lost.append((name, count)),
            on_allowance=self.allowances.append,
            now_us=NOW_US,
        )
        self.rows = RedisRowCache(
            calls,
            limits=limits,
            ttl_seconds=ROW_TTL_SECONDS,
            clock=lambda: self.now_us / SECOND,
            on_allowance=self.allowances.append,
        )
        self.buffer = RedisDirtyBuffer(calls)

    def pass_time(self, seconds: float) -> None:
        self.now_us += round(seconds * SECOND)
        self.live.now_us = self.now_us

    def sign_in(
        self, viewer: Viewer, *, device: Device = TV, policy: PolicyFacts | None = None
    ) -> None:
        fields = {
            "account": viewer.account_id,
            "profile": viewer.profile_id,
            "policy": (policy or viewer.policy).encode(),
            "deviceId": device.id,
            "deviceType": device.type,
            "deviceName": device.name,
        }
        keys = ProfileKeys.of(viewer.profile_id)
        self.client.hset(keys.session(viewer.session_id), mapping=fields)

    def revoke(self, viewer: Viewer) -> None:
        self.client.delete(ProfileKeys.of(viewer.profile_id).session(viewer.session_id))

    def unsaved(self, viewer: Viewer, item_id: str) -> Unsaved:
        (item,) = self.buffer.claim_items(profile_id=viewer.profile_id, item_ids=[item_id])
        return item

    def acknowledge(self, viewer: Viewer) -> None:
        keys = ProfileKeys.of(viewer.profile_id)
        item_ids = sorted(self.client.smembers(keys.live))
        claimed = self.buffer.claim_items(profile_id=viewer.profile_id, item_ids=item_ids)
        assert self.buffer.acknowledge(items=claimed) == len(item_ids)

    def evict(self, viewer: Viewer) -> None:
        keys = ProfileKeys.of(viewer.profile_id)
        for key in self.client.scan_iter(match=f"{keys.place('')}*", count=1000):
            if self.client.ttl(key) >= 0:
                self.client.delete(key)

    def outlast_fill(self, viewer: Viewer) -> None:
        key = ProfileKeys.of(viewer.profile_id).fill
        assert 0 < self.client.pttl(key) <= FILL_LOCK_MS
        assert self.client.delete(key)


def _fake(_: pytest.FixtureRequest) -> World:
    return FakeWorld()


def redis_database(stack: TestStack, number: int) -> Any:
    """Return an empty database of the test Redis, apart from what flushers of other tests see."""
    url = f"{stack.redis_url.rsplit('/', 1)[0]}/{number}"
    client = connect(url=url, cluster=False, timeout_ms=5_000)
    client.flushdb()
    return client


def _redis(request: pytest.FixtureRequest) -> World:
    client = redis_database(request.getfixturevalue("stack"), CONTRACT_DATABASE)
    request.addfinalizer(client.close)
    request.addfinalizer(client.flushdb)
    return RedisWorld(client)


def make_world(request: pytest.FixtureRequest) -> World:
    make: Callable[[pytest.FixtureRequest], World] = request.param
    return make(request)


BOTH = [
    pytest.param(_fake, id="fake"),
    pytest.param(_redis, marks=pytest.mark.real, id="redis"),
]
