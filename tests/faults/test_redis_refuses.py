"""Redis answers, and refuses: demoted, full, or busy with another's script: faults 6, 7 and 8."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import redis as redis_driver

from reprise.adapters.live_keys import BucketKeys
from reprise.adapters.redis_client import RedisClient, connect
from reprise.adapters.sessions_redis import session_key
from reprise.domain.buckets import bucket_of
from reprise_local.fault_proxy import FaultProxy
from reprise_local.servers import RedisServer
from tests.builders import make_film
from tests.faults.replicas import Replica
from tests.harness.backends import Backend
from tests.harness.functions import Answer
from tests.harness.players import Ledger, Player, live_fields, new_player

ROOM_BYTES = 300_000
VIEWERS = 500


@contextmanager
def client_of(server: RedisServer) -> Iterator[RedisClient]:
    client = connect(url=server.url, cluster=False, timeout_ms=5_000)
    yield client
    client.close()


def refused(answer: Answer) -> bool:
    return (answer.status, answer.headers["Retry-After"]) == (503, "1")


def test_a_demoted_primary_is_never_trusted_and_the_new_one_is_found(
    live_only: Backend, redis_proxy: FaultProxy, replica: Replica
) -> None:
    """6: the address moves to the new primary as its DNS name would."""
    player = new_player(live_only.redis, make_film())
    player.report(live_only.progress)
    replica.catch_up(live_only.redis)
    replica.promote()
    live_only.redis.replicaof("127.0.0.1", replica.server.port)
    event = player.event()
    try:
        assert refused(live_only.progress.request(event))
        redis_proxy.point_at(port=replica.server.port)
        answer = live_only.progress.request(event)
        assert (answer.status, answer.body["moved"]) == (200, True)
        assert answer.body["place"]["rev"] == 2
        assert live_fields(replica.client, player)["rev"] == "2"
    finally:
        live_only.redis.replicaof("NO", "ONE")


@pytest.mark.parametrize("policy", ["noeviction", "volatile-lru"])
def test_a_full_redis_refuses_and_loses_nothing_that_it_acknowledged(
    backend: Backend, redis: RedisClient, policy: str
) -> None:
    """7: reports fill it, and the flush still runs in it. What has a TTL may have to go: sessions,
    whose viewers sign in again, but never a place that is not durable."""
    film, ledger = make_film(), Ledger()
    players = [new_player(redis, film) for _ in range(VIEWERS)]
    for player in players[::2]:
        redis.persist(session_of(player))
    players[0].report(backend.progress)
    backend.flush()
    with little_room(redis, policy):
        answers = [ledger.keep(player, player.report(backend.progress)) for player in players]
        statuses = Counter(answer.status for answer in answers)
        assert statuses[503] > 20
        assert statuses[200] > 20
        assert set(statuses) <= {200, 503} | ({401} if policy == "volatile-lru" else set())
        assert all(refused(answer) for answer in answers if answer.status == 503)
        assert backend.lost(ledger) == []
        redis.script_flush()
        assert backend.flush().failed == []
        assert backend.unsaved() == 0
        assert backend.not_durable(ledger) == []


def session_of(player: Player) -> str:
    viewer = player.viewer
    return session_key(viewer.account_id, viewer.session_id, viewer.profile_id)


@contextmanager
def little_room(client: RedisClient, policy: str) -> Iterator[None]:
    """Leave a Redis `ROOM_BYTES` more than what it uses."""
    before = client.config_get("maxmemory")["maxmemory"]
    client.config_set("maxmemory", client.info("memory")["used_memory"] + ROOM_BYTES)
    client.config_set("maxmemory-policy", policy)
    try:
        yield
    finally:
        client.config_set("maxmemory", before)
        client.config_set("maxmemory-policy", "volatile-lru")


def test_a_redis_that_is_busy_with_a_script_is_503_in_time_and_works_afterwards(
    live_only: Backend, redis_server: RedisServer
) -> None:
    """8."""
    player = new_player(live_only.redis, make_film())
    player.report(live_only.progress)
    live_only.redis.config_set("busy-reply-threshold", 50)
    with client_of(redis_server) as hog, client_of(redis_server) as operator:
        script = threading.Thread(target=run_for_ever, args=(hog,))
        script.start()
        time.sleep(0.3)
        started = time.monotonic()
        answers = [player.report(live_only.progress) for _ in range(3)]
        seconds = time.monotonic() - started
        operator.script_kill()
        script.join(timeout=5)
    assert all(refused(answer) for answer in answers)
    assert seconds < 0.9
    answer = player.report(live_only.progress)
    assert (answer.status, answer.body["place"]["position"]) == (200, player.position)


def run_for_ever(client: RedisClient) -> None:
    with suppress(redis_driver.RedisError):
        client.eval("while true do end", 0)


def test_a_report_costs_the_server_the_same_however_much_is_dirty(live_only: Backend) -> None:
    """8: no script walks what it does not change."""
    player = new_player(live_only.redis, make_film())
    few = script_microseconds(live_only, player)
    keys = BucketKeys.of(bucket_of(player.viewer.profile_id))
    for start in range(0, 50_000, 5_000):
        marks = {f"nobody:{number}": 1 for number in range(start, start + 5_000)}
        live_only.redis.zadd(keys.dirty, marks)
    assert script_microseconds(live_only, player) < 3 * few


def script_microseconds(backend: Backend, player: Player) -> float:
    """Return what the server spends on the script of a report, on average."""
    player.report(backend.progress)
    backend.redis.config_resetstat()
    for _ in range(100):
        assert player.report(backend.progress).status == 200
    return float(backend.redis.info("commandstats")["cmdstat_evalsha"]["usec_per_call"])
