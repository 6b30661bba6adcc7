"""Time budget, reconnection, breaker and single flight, against a Redis that is really broken."""

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import redis

from reprise.adapters.live_places_redis import LiveLimits, RedisLivePlaces
from reprise.adapters.redis_calls import OPEN_SECONDS, TIMEOUTS_TO_OPEN, RedisCalls
from reprise.adapters.redis_client import connect
from reprise.adapters.row_cache_redis import RedisRowCache
from reprise.application.list_continue_watching import list_continue_watching
from reprise.domain.errors import UnavailableError
from reprise.domain.playstate import ItemFacts, Place
from reprise_local.ports import free_port
from reprise_local.servers import RedisServer
from tests.builders import NOW_US, SECOND, make_film, make_report, make_viewer
from tests.fakes.catalog import FakeTitles
from tests.fakes.places import FakePlaces
from tests.flush_builders import make_place
from tests.harness.live_worlds import RedisWorld

pytestmark = pytest.mark.real
FACTS = ItemFacts(duration=2400.0, completes_at=2280.0, shown_from=120.0)
TIMEOUT_MS = 250
BUDGET_SECONDS = 0.3


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis of this module's own, which a test may pause."""
    with RedisServer(folder=tmp_path_factory.mktemp("redis"), port=free_port()) as server:
        yield server


@pytest.fixture
def admin(server: RedisServer) -> Iterator[Any]:
    client = connect(url=server.url, cluster=False, timeout_ms=10_000)
    client.flushall()
    yield client
    server.resume()
    client.close()


@pytest.fixture
def calls(server: RedisServer, admin: Any) -> Iterator[RedisCalls]:
    client = connect(url=server.url, cluster=False, timeout_ms=TIMEOUT_MS)
    yield RedisCalls(client)
    client.close()


def seconds_refused(calls: RedisCalls) -> float:
    started = time.perf_counter()
    with pytest.raises(UnavailableError):
        calls.call(calls.client.ping)
    return time.perf_counter() - started


@pytest.mark.parametrize("warm", [True, False], ids=["a warm connection", "a new connection"])
def test_a_redis_that_hangs_costs_its_budget_until_the_breaker_opens(
    server: RedisServer, calls: RedisCalls, warm: bool
) -> None:
    if warm:
        calls.call(calls.client.ping)
    server.pause()
    costs = [seconds_refused(calls) for _ in range(TIMEOUTS_TO_OPEN + 1)]
    assert max(costs) < BUDGET_SECONDS
    assert costs[-1] < 0.02
    server.resume()
    time.sleep(OPEN_SECONDS)
    assert calls.call(calls.client.ping)


def test_a_connection_that_was_dropped_is_made_anew_within_the_call(
    calls: RedisCalls, admin: Any
) -> None:
    viewer, world = make_viewer(), RedisWorld(admin)
    world.sign_in(viewer)
    live = RedisLivePlaces(calls)
    live.gate(viewer=viewer)
    admin.client_kill_filter(_type="normal", skipme=True)
    reports = [(make_report(), FACTS)]
    answer = live.record(viewer=viewer, reports=reports, provisional=True)
    assert answer.outcomes[0].moved
    admin.client_kill_filter(_type="normal", skipme=True)
    assert len(live.live(profile_id=viewer.profile_id).places) == 1


def test_a_refused_connection_is_tried_every_time(admin: Any) -> None:
    client = connect(url=f"redis://127.0.0.1:{free_port()}/0", cluster=False, timeout_ms=250)
    calls = RedisCalls(client)
    assert all(seconds_refused(calls) < 0.1 for _ in range(TIMEOUTS_TO_OPEN * 2))


def test_a_redis_that_is_busy_with_a_script_is_unavailable_within_the_budget(
    server: RedisServer, calls: RedisCalls, admin: Any
) -> None:
    admin.config_set("busy-reply-threshold", 10)
    calls.call(calls.client.ping)
    loop = connect(url=server.url, cluster=False, timeout_ms=30_000)

    def run_forever() -> None:
        with pytest.raises(redis.ResponseError):
            loop.eval("while true do end", 0)

    runner = threading.Thread(target=run_forever)
    runner.start()
    time.sleep(0.1)
    assert seconds_refused(calls) < BUDGET_SECONDS
    admin.script_kill()
    runner.join()
    loop.close()
    assert calls.call(calls.client.ping)


class SlowHistory(FakePlaces):
    """A durable store that takes long enough for everybody to miss the row."""

    def places(self, *, profile_id: str, video_id: str | None = None) -> Sequence[Place]:
        found = super().places(profile_id=profile_id, video_id=video_id)
        time.sleep(0.3)
        return found


def test_a_thousand_simultaneous_misses_ask_the_history_once(server: RedisServer) -> None:
    pool = redis.BlockingConnectionPool.from_url(
        server.url, max_connections=40, timeout=30, decode_responses=True, protocol=2
    )
    client = redis.Redis(connection_pool=pool)
    viewer, world, film = make_viewer(), RedisWorld(client), make_film()
    world.sign_in(viewer)
    history = SlowHistory()
    history.stored[viewer.profile_id, film.id, film.id] = make_place(video_id=film.id)
    limits = LiveLimits(reports_per_minute=1_000_000)
    start, rows = threading.Barrier(1000), []

    def read() -> None:
        calls = RedisCalls(client)
        start.wait()
        row = list_continue_watching(
            viewer=viewer,
            catalog=FakeTitles(film),
            rows=RedisRowCache(calls, limits=limits, clock=lambda: NOW_US / SECOND),
            live=RedisLivePlaces(calls, limits=limits),
            durable=history,
            now=NOW_US // SECOND,
            pause=time.sleep,
        )
        rows.append([entry.title.id for entry in row.entries])

    threads = [threading.Thread(target=read) for _ in range(1000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows == [[film.id]] * 1000
    assert history.reads == 1
    pool.disconnect()
