"""The promise of `AttemptLimits`, kept by the fake and by the library on Redis."""

import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol
from uuid import uuid4

import pytest

from reprise.adapters.attempts_limits import PREFIX, RedisAttempts
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.application.identity_ports import AttemptLimits
from reprise.domain.allowance import Allowance
from reprise.domain.attempts import LIMITS, Limit
from reprise.domain.errors import UnavailableError
from tests.fakes.attempts import FakeAttempts
from tests.harness.closed_port import closed_redis_url
from tests.harness.redis_cluster import redis_cluster
from tests.harness.stack import TestStack

FEW = {
    **LIMITS,
    "log-in": Limit(3, 900),
    "log-in-network": Limit(2, 900),
    "pin": Limit(2, 1),
}


class World(Protocol):
    @property
    def attempts(self) -> AttemptLimits: ...
    @property
    def told(self) -> list[Allowance]: ...

    def pass_time(self, seconds: float) -> None: ...


class FakeWorld:
    def __init__(self) -> None:
        self.now = 1_795_000_000.0
        self.told: list[Allowance] = []
        self.attempts = FakeAttempts(
            limits=FEW, on_allowance=self.told.append, clock=lambda: self.now
        )

    def pass_time(self, seconds: float) -> None:
        self.now += seconds


class RedisWorld:
    def __init__(self, client: Any) -> None:
        self.told: list[Allowance] = []
        self.attempts = RedisAttempts(RedisCalls(client), limits=FEW, on_allowance=self.told.append)

    def pass_time(self, seconds: float) -> None:
        time.sleep(seconds)


def fake(_: pytest.FixtureRequest) -> World:
    return FakeWorld()


def real(request: pytest.FixtureRequest) -> World:
    stack: TestStack = request.getfixturevalue("stack")
    client = connect(url=stack.redis_url, cluster=False, timeout_ms=1_000)
    request.addfinalizer(client.close)
    return RedisWorld(client)


def clustered(request: pytest.FixtureRequest) -> World:
    return RedisWorld(request.getfixturevalue("cluster"))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with redis_cluster(tmp_path_factory.mktemp("cluster")) as url:
        client = connect(url=url, cluster=True, timeout_ms=1_000)
        yield client
        client.close()


@pytest.fixture(
    params=[
        fake,
        pytest.param(real, marks=pytest.mark.real),
        pytest.param(clustered, marks=pytest.mark.real),
    ],
    ids=["fake", "redis", "cluster"],
)
def world(request: pytest.FixtureRequest) -> World:
    make: Callable[[pytest.FixtureRequest], World] = request.param
    return make(request)


@pytest.fixture
def key() -> str:
    return f"{uuid4()}@example.org"


def test_so_many_attempts_are_let_through_and_no_more(world: World, key: str) -> None:
    assert [world.attempts.hit(kind="log-in", key=key) for _ in range(3)] == [None] * 3
    for _ in range(2):
        wait = world.attempts.hit(kind="log-in", key=key)
        assert wait is not None
        assert 890 <= wait <= 900


def test_a_network_address_is_told_what_is_left_to_it(world: World, key: str) -> None:
    for _ in range(3):
        world.attempts.hit(kind="log-in-network", key=key)
    assert [told[:4] for told in world.told] == [("address", 2, 900, left) for left in (1, 0, 0)]
    assert all(890 <= told.reset <= 900 for told in world.told)


def test_nobody_is_told_how_often_another_has_tried(world: World, key: str) -> None:
    for kind in ("log-in", "sign-up", "new-account", "pin"):
        world.attempts.hit(kind=kind, key=key)
    assert world.told == []


def test_every_key_and_kind_counts_for_itself(world: World, key: str) -> None:
    for _ in range(3):
        world.attempts.hit(kind="log-in", key=key)
    assert world.attempts.hit(kind="log-in", key=f"{key}x") is None
    assert world.attempts.hit(kind="pin", key=key) is None


def test_attempts_are_forgotten_where_one_succeeds(world: World, key: str) -> None:
    for _ in range(4):
        world.attempts.hit(kind="log-in", key=key)
    world.attempts.clear(kind="log-in", key=key)
    assert world.attempts.hit(kind="log-in", key=key) is None


def test_clearing_what_nobody_tried_changes_nothing(world: World, key: str) -> None:
    world.attempts.clear(kind="log-in", key=key)
    assert world.attempts.hit(kind="log-in", key=key) is None


def test_the_window_moves_on_by_itself(world: World, key: str) -> None:
    assert [world.attempts.hit(kind="pin", key=key) for _ in range(2)] == [None] * 2
    assert world.attempts.hit(kind="pin", key=key) == 1
    world.pass_time(1.05)
    assert world.attempts.hit(kind="pin", key=key) is None


@pytest.mark.parametrize("key", ["", "a:b/c{d}", "\ud800", "\0", "x" * 5_000, "📺"])
def test_a_key_may_be_anything(world: World, key: str) -> None:
    world.attempts.clear(kind="log-in", key=key)
    assert world.attempts.hit(kind="log-in", key=key) is None
    world.attempts.clear(kind="log-in", key=key)


@pytest.mark.real
def test_nothing_in_redis_says_who_tried(redis_client: Any, key: str) -> None:
    attempts = RedisAttempts(RedisCalls(redis_client))
    attempts.hit(kind="log-in", key=key)
    kept = list(redis_client.scan_iter(match=f"{PREFIX}:*", count=1_000))
    assert kept
    assert not any(key in each or "example.org" in each for each in kept)
    assert all(0 < redis_client.ttl(each) <= 86_400 for each in kept)


def test_redis_being_down_is_said() -> None:
    client = connect(url=closed_redis_url(), cluster=False, timeout_ms=250)
    attempts = RedisAttempts(RedisCalls(client))
    with pytest.raises(UnavailableError):
        attempts.hit(kind="log-in", key="a")
    with pytest.raises(UnavailableError):
        attempts.clear(kind="log-in", key="a")
