"""The servers of a benchmark: a Redis of its own, and a keyspace of its own in a Cassandra node.

Redis is started for the run and ended after it. Cassandra is the test stack's where that runs, else
a node of the benchmarks' own.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from reprise.adapters import migrate_cassandra
from reprise.adapters.cassandra_session import CassandraAddress, CassandraConnection
from reprise.adapters.migrate_postgres import migrate_postgres
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise_local.paths import LOCAL
from reprise_local.ports import free_port
from reprise_local.servers import CassandraServer, PostgresServer, RedisServer
from tests.harness.stack import TestStack, configured_path

KEYSPACE = "reprise_bench"
REDIS_TIMEOUT_MS = 5_000
CASSANDRA_TIMEOUT_MS = 20_000
"""A laptop's node pauses for seconds while it compacts; a benchmark waits, and shows the pause."""


@dataclass(frozen=True, slots=True)
class Redis:
    """A private Redis; `calls` is a client of its own for this process."""

    url: str
    calls: RedisCalls


@contextmanager
def private_redis(*, max_memory: str = "4gb") -> Iterator[Redis]:
    """Start a Redis for this run, on a free port, and end it afterwards."""
    with tempfile.TemporaryDirectory(prefix="reprise-bench-") as folder:
        server = RedisServer(folder=Path(folder), port=free_port(), max_memory=max_memory)
        with server:
            yield Redis(url=server.url, calls=calls_to(server.url))


@contextmanager
def private_postgres() -> Iterator[str]:
    """Start a PostgreSQL for this run, migrated and empty; yield its URL, and end it afterwards."""
    with tempfile.TemporaryDirectory(prefix="reprise-bench-") as folder:
        server = PostgresServer(folder=Path(folder), port=free_port(), durable=False)
        with server:
            migrate_postgres(dsn=server.url)
            yield server.url


@contextmanager
def on_one_core(redis: Redis) -> Iterator[None]:
    """Keep this process and the server's main thread on the same core for a while."""
    server = redis.calls.client.info("server")["process_id"]
    before = {process: os.sched_getaffinity(process) for process in (0, server)}
    for process in before:
        os.sched_setaffinity(process, {min(before[0])})
    try:
        yield
    finally:
        for process, cores in before.items():
            os.sched_setaffinity(process, cores)


def calls_to(url: str) -> RedisCalls:
    return RedisCalls(connect(url=url, cluster=False, timeout_ms=REDIS_TIMEOUT_MS))


@contextmanager
def cassandra() -> Iterator[CassandraAddress]:
    """Yield a keyspace whose tables are there and empty; it is dropped afterwards."""
    with _node() as node:
        _drop(node)
        address = replace(node, keyspace=KEYSPACE)
        migrate_cassandra.migrate(address, replication_factor=1)
        try:
            yield address
        finally:
            _drop(node)


@contextmanager
def _node() -> Iterator[CassandraAddress]:
    path = configured_path() or LOCAL / "test" / "stack.json"
    if path.is_file():
        stack = TestStack.read(path)
        server = CassandraServer(
            folder=path.parent / "cassandra", port=stack.cassandra_port, storage_port=0
        )
        if server.answers():
            yield _address(stack.cassandra_port)
            return
    server = CassandraServer(
        folder=LOCAL / "bench" / "cassandra", port=free_port(), storage_port=free_port()
    )
    with server:
        yield _address(server.port)


def _address(port: int) -> CassandraAddress:
    return CassandraAddress(
        hosts=("127.0.0.1",),
        port=port,
        keyspace="system",
        local_dc="datacenter1",
        timeout_ms=CASSANDRA_TIMEOUT_MS,
    )


def _drop(node: CassandraAddress) -> None:
    connection = CassandraConnection(node)
    try:
        connection.session().execute(f"DROP KEYSPACE IF EXISTS {KEYSPACE}", timeout=60)
    finally:
        connection.close()


def versions() -> tuple[tuple[str, str], ...]:
    """Return the servers' versions, asked of the servers."""
    with private_redis() as redis:
        redis_version = redis.calls.client.info("server")["redis_version"]
    with _node() as node:
        connection = CassandraConnection(node)
        try:
            row = connection.session().execute("SELECT release_version FROM local").one()
        finally:
            connection.close()
    return (("Redis", redis_version), ("Cassandra", row.release_version))
