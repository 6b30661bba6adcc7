"""A private server starts on a free port, can be frozen and killed, and comes back on its data."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from reprise_local import processes
from reprise_local.errors import LocalError
from reprise_local.ports import free_port
from reprise_local.servers import PostgresServer, RedisServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    private = RedisServer(folder=tmp_path / "redis", port=free_port())
    with private:
        yield private


def client(server: RedisServer, *, timeout: float = 1) -> redis.Redis:
    once = Retry(NoBackoff(), 0)
    return redis.Redis(port=server.port, socket_timeout=timeout, protocol=2, retry=once)


def test_a_redis_of_ours_never_evicts_what_has_no_ttl(server: RedisServer) -> None:
    with client(server) as connection:
        assert connection.config_get("maxmemory-policy") == {"maxmemory-policy": "volatile-lru"}
        assert connection.config_get("appendonly") == {"appendonly": "no"}
        assert connection.config_get("bind") == {"bind": "127.0.0.1"}


def test_a_paused_server_hangs_and_a_resumed_one_answers(server: RedisServer) -> None:
    server.pause()
    with client(server, timeout=0.2) as connection, pytest.raises(redis.TimeoutError):
        connection.ping()
    server.resume()
    with client(server) as connection:
        assert connection.ping()


def test_a_killed_server_is_gone_and_starts_again_empty(server: RedisServer) -> None:
    with client(server) as connection:
        connection.set("k", "v")
    server.kill()
    assert not server.running
    with client(server) as connection, pytest.raises(redis.ConnectionError):
        connection.ping()
    server.start()
    with client(server) as connection:
        assert connection.get("k") is None


def test_a_paused_server_can_still_be_stopped(server: RedisServer) -> None:
    server.pause()
    assert server.stop()
    assert not server.running
    assert not server.stop()


def test_a_kept_redis_wakes_up_with_what_it_had(tmp_path: Path) -> None:
    kept = RedisServer(folder=tmp_path / "kept", port=free_port(), keep=True)
    with kept, client(kept) as connection:
        connection.set("k", "v")
    with kept, client(kept) as connection:
        assert connection.get("k") == b"v"


def test_a_taken_port_is_named_with_what_holds_it(server: RedisServer, tmp_path: Path) -> None:
    second = RedisServer(folder=tmp_path / "second", port=server.port)
    with pytest.raises(LocalError, match=rf"port {server.port} for Redis is taken by redis-server"):
        second.start()


def test_stopping_leaves_a_process_alone_that_got_the_pid_of_ours(server: RedisServer) -> None:
    identity = server.identity
    assert identity is not None
    stranger = processes.Identity(pid=identity.pid, started=identity.started - 1)
    processes.remember(folder=server.folder.parent / "other", identity=stranger)
    assert not processes.end(server.folder.parent / "other")
    assert server.running


def test_postgres_keeps_its_data_over_a_kill(tmp_path: Path) -> None:
    private = PostgresServer(folder=tmp_path / "postgres", port=free_port())
    try:
        private.start()
        with psycopg.connect(private.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        private.kill()
        private.start()
        with psycopg.connect(private.url) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    finally:
        private.stop()
        private.erase()
