"""The continue-watching row while its stores fail, race or are stormed: faults 26, 27 and 28."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest import mock

import pytest
from redis import BlockingConnectionPool, Redis

from reprise.adapters import cassandra_rows as rows
from reprise.adapters.live_keys import ProfileKeys
from reprise.adapters.live_places_redis import LiveLimits, RedisLivePlaces
from reprise.adapters.places_cassandra import CassandraPlaces
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.row_cache_redis import RedisRowCache
from reprise.application.list_continue_watching import list_continue_watching
from reprise.domain.playstate import Place
from reprise_local.fault_proxy import FaultProxy
from reprise_local.servers import CassandraServer, RedisServer
from tests.builders import make_film
from tests.fakes.catalog import FakeTitles
from tests.harness.backends import Backend
from tests.harness.functions import Answer
from tests.harness.players import Player, event_of, new_player, place_key

MISSES = 1_000
ONE_QUERY_SECONDS = 0.5
NO_LIMIT = LiveLimits(reports_per_minute=1_000_000)


def row(backend: Backend, player: Player) -> Answer:
    return backend.row.request(event_of(player.viewer, "GET", "/continue-watching"))


def entries(answer: Answer) -> list[tuple[str, float]]:
    assert answer.status == 200
    return [(entry["videoId"], entry["resumePosition"]) for entry in answer.body["items"]]


def durable_player(backend: Backend) -> Player:
    """Return a viewer whose one place is in Cassandra and nowhere else."""
    player = new_player(backend.redis, make_film())
    assert player.report(backend.progress).status == 200
    backend.drain()
    keys = ProfileKeys.of(player.viewer.profile_id)
    backend.redis.delete(place_key(player), keys.row, keys.version)
    return player


@pytest.mark.parametrize("how", ["cut off", "paused"])
def test_a_miss_without_cassandra_is_503_and_never_an_empty_row_kept_as_truth(
    backend: Backend, cassandra_proxy: FaultProxy, cassandra_server: CassandraServer, how: str
) -> None:
    """26: nothing is known of the viewer; afterwards the true row is."""
    player = durable_player(backend)
    if how == "paused":
        backend.function("playstate/list_continue_watching", CASSANDRA_TIMEOUT_MS="300")
        cassandra_server.pause()
    else:
        cassandra_proxy.down()
    for _ in range(3):
        answer = row(backend, player)
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) >= 1
    assert not backend.redis.exists(ProfileKeys.of(player.viewer.profile_id).row)
    cassandra_proxy.heal()
    cassandra_server.resume()
    backend.close_breakers()
    answer = row(backend, player)
    assert entries(answer) == [(player.video_id, player.position)]
    assert answer.body["stale"] is False


def test_what_is_live_is_served_as_stale_without_cassandra_and_not_kept(
    backend: Backend, cassandra_proxy: FaultProxy
) -> None:
    """26: of two titles only the one that is being watched is known; afterwards both are."""
    first = durable_player(backend)
    cassandra_proxy.down()
    second = new_player(backend.redis, make_film())
    second.viewer = first.viewer
    assert second.report(backend.progress).status == 200
    answer = row(backend, first)
    assert entries(answer) == [(second.video_id, second.position)]
    assert answer.body["stale"] is True
    cassandra_proxy.heal()
    backend.close_breakers()
    time.sleep(0.5)
    answer = row(backend, first)
    assert entries(answer) == [
        (second.video_id, second.position),
        (first.video_id, first.position),
    ]
    assert answer.body["stale"] is False


def test_a_ready_row_needs_no_cassandra(backend: Backend, cassandra_proxy: FaultProxy) -> None:
    """26."""
    player = durable_player(backend)
    row(backend, player)
    cassandra_proxy.down()
    answer = row(backend, player)
    assert entries(answer) == [(player.video_id, player.position)]
    assert answer.body["stale"] is False


def overtaken_by(
    reader: CassandraPlaces, write: Callable[[], object]
) -> Callable[..., Sequence[Place]]:
    """Return what reads the durable places and lets a write happen before it hands them over."""
    read = reader.places

    def places(**asked: Any) -> Sequence[Place]:
        found = read(**asked)
        write()
        return found

    return places


@pytest.mark.parametrize("flushed", [False, True], ids=["still dirty", "flushed as well"])
def test_a_row_that_was_overtaken_while_it_was_built_never_hides_the_newer_place(
    backend: Backend, flushed: bool
) -> None:
    """27: the report comes between the read of the history and the storing of the row."""
    player = durable_player(backend)
    once = iter([True])

    def write() -> None:
        if next(once, False):
            player.report(backend.progress)
            if flushed:
                backend.flush()

    durable = backend.row.wiring.durable
    durable.places = overtaken_by(durable, write)
    assert entries(row(backend, player)) == [(player.video_id, player.position)]
    assert entries(row(backend, player)) == [(player.video_id, player.position)]


def test_a_thousand_simultaneous_misses_ask_cassandra_once(
    backend: Backend, redis_server: RedisServer
) -> None:
    """28: all of them miss, because the one query takes longer than they need to ask."""
    player = durable_player(backend)
    pool = BlockingConnectionPool.from_url(
        redis_server.url, max_connections=40, timeout=60, decode_responses=True, protocol=2
    )
    calls = RedisCalls(Redis(connection_pool=pool))
    titles = FakeTitles(make_film(id=player.video_id))
    places, queries, start = backend.places, Counter[str](), threading.Barrier(MISSES)
    session = places._connection.session()
    execute = session.execute

    def counted(statement: Any, *args: Any, **named: Any) -> Any:
        queries[statement.prepared_statement.query_string] += 1
        time.sleep(ONE_QUERY_SECONDS)
        return execute(statement, *args, **named)

    def read_row(_: int) -> list[str]:
        start.wait()
        found = list_continue_watching(
            viewer=player.viewer,
            catalog=titles,
            rows=RedisRowCache(calls, limits=NO_LIMIT),
            live=RedisLivePlaces(calls, limits=NO_LIMIT),
            durable=places,
            now=int(time.time()),
            pause=time.sleep,
        )
        return [entry.title.id for entry in found.entries]

    with mock.patch.object(session, "execute", counted), ThreadPoolExecutor(MISSES) as threads:
        found = list(threads.map(read_row, range(MISSES)))
    pool.disconnect()
    assert found == [[player.video_id]] * MISSES
    assert queries == {rows.PLACES: 1}
