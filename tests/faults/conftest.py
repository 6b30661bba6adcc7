"""Private servers for the tests that break them, and the proxies between them and the functions.

Each server is started once, on a free port in a temporary folder, and handed to a test in good
order: running, not paused, Redis empty. The shared test servers are never touched.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from reprise.adapters import migrate_cassandra
from reprise.adapters.cassandra_session import CassandraConnection
from reprise.adapters.migrate_postgres import migrate_postgres
from reprise.adapters.redis_client import RedisClient, connect
from reprise_local.fault_proxy import FaultProxy
from reprise_local.ports import free_port
from reprise_local.seeding import seed
from reprise_local.servers import CassandraServer, PostgresServer, RedisServer
from tests.fakes.profile_register import FakeRegister
from tests.faults.replicas import Replica
from tests.harness.backends import Backend, cassandra_address
from tests.harness.queues import Queues

type MakeProxy = Callable[[int], FaultProxy]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "faults" in item.path.parts:
            item.add_marker(pytest.mark.real)
            item.add_marker(pytest.mark.timeout(120))


@pytest.fixture(scope="session")
def redis_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(folder=tmp_path_factory.mktemp("redis"), port=free_port())
    with server:
        yield server


@pytest.fixture
def redis_server(redis_process: RedisServer) -> Iterator[RedisServer]:
    """A Redis of this test's own that it may pause, kill and start."""
    redis_process.start()
    yield redis_process
    if redis_process.running:
        redis_process.resume()
    redis_process.start()
    client = connect(url=redis_process.url, cluster=False, timeout_ms=5_000)
    client.flushall()
    client.close()


@pytest.fixture
def redis(redis_server: RedisServer) -> Iterator[RedisClient]:
    """A client past every proxy."""
    client = connect(url=redis_server.url, cluster=False, timeout_ms=5_000)
    yield client
    client.close()


@pytest.fixture
def replica(redis: RedisClient, redis_server: RedisServer, tmp_path: Path) -> Iterator[Replica]:
    """A replica of the test's Redis, in step."""
    with RedisServer(folder=tmp_path / "replica", port=free_port()) as server:
        client = connect(url=server.url, cluster=False, timeout_ms=5_000)
        replica = Replica(server, client)
        replica.follow(redis, port=redis_server.port)
        yield replica
        client.close()


@pytest.fixture(scope="session")
def cassandra_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CassandraServer]:
    server = CassandraServer(
        folder=tmp_path_factory.mktemp("cassandra"), port=free_port(), storage_port=free_port()
    )
    with server:
        migrate_cassandra.migrate(cassandra_address(server.port), replication_factor=1)
        yield server


@pytest.fixture(scope="session")
def cassandra_connection(cassandra_process: CassandraServer) -> Iterator[CassandraConnection]:
    connection = CassandraConnection(cassandra_address(cassandra_process.port))
    yield connection
    connection.close()


@pytest.fixture
def cassandra_server(cassandra_process: CassandraServer) -> Iterator[CassandraServer]:
    """The suite's Cassandra, which a test may pause; it is resumed afterwards."""
    yield cassandra_process
    cassandra_process.resume()


@pytest.fixture(scope="session")
def postgres_process(
    tmp_path_factory: pytest.TempPathFactory, redis_process: RedisServer
) -> Iterator[PostgresServer]:
    """A PostgreSQL with the demo accounts."""
    server = PostgresServer(
        folder=tmp_path_factory.mktemp("postgres"), port=free_port(), durable=False
    )
    with server:
        migrate_postgres(dsn=server.url)
        redis_process.start()
        seed(postgres_dsn=server.url, redis_url=redis_process.url)
        yield server
    server.erase()


@pytest.fixture
def postgres_server(postgres_process: PostgresServer) -> Iterator[PostgresServer]:
    """The suite's PostgreSQL, which a test may pause or kill; it runs again afterwards."""
    yield postgres_process
    if postgres_process.running:
        postgres_process.resume()
    postgres_process.start()


@pytest.fixture
def make_proxy() -> Iterator[MakeProxy]:
    """Put a proxy in front of a port."""
    proxies: list[FaultProxy] = []

    def make(port: int) -> FaultProxy:
        proxies.append(FaultProxy(port=port))
        return proxies[-1]

    yield make
    for proxy in proxies:
        proxy.close()


@pytest.fixture
def redis_proxy(make_proxy: MakeProxy, redis_server: RedisServer) -> FaultProxy:
    return make_proxy(redis_server.port)


@pytest.fixture
def cassandra_proxy(make_proxy: MakeProxy, cassandra_server: CassandraServer) -> FaultProxy:
    return make_proxy(cassandra_server.port)


@pytest.fixture
def postgres_proxy(make_proxy: MakeProxy, postgres_server: PostgresServer) -> FaultProxy:
    return make_proxy(postgres_server.port)


@pytest.fixture
def sign_in_backend(
    live_only: Backend, postgres_proxy: FaultProxy, postgres_server: PostgresServer
) -> Backend:
    """Functions on Redis and PostgreSQL, each behind its proxy."""
    direct = f":{postgres_server.port}/"
    live_only.postgres_url = postgres_server.url.replace(direct, f":{postgres_proxy.port}/")
    return live_only


@pytest.fixture
def live_only(redis: RedisClient, redis_proxy: FaultProxy) -> Iterator[Backend]:
    """Functions on Redis behind its proxy, with no Cassandra: places start as provisional."""
    backend = Backend(redis=redis, redis_url=f"redis://127.0.0.1:{redis_proxy.port}/0")
    yield backend
    backend.close()


@pytest.fixture
def backend(
    live_only: Backend, cassandra_proxy: FaultProxy, cassandra_connection: CassandraConnection
) -> Backend:
    """Functions on Redis and Cassandra, each behind its proxy."""
    live_only.connection = cassandra_connection
    live_only.cassandra_port = cassandra_proxy.port
    return live_only


@pytest.fixture
def queues(monkeypatch: pytest.MonkeyPatch) -> Iterator[Queues]:
    """SQS as moto plays it."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        sqs = boto3.client("sqs")
        names = {"FLUSH_QUEUE_URL": "flush", "QUARANTINE_QUEUE_URL": "quarantine"}
        urls = {name: sqs.create_queue(QueueName=q)["QueueUrl"] for name, q in names.items()}
        yield Queues(sqs, urls)
        sqs.close()


@pytest.fixture
def with_queues(backend: Backend, queues: Queues) -> Backend:
    """Functions of the flush on real stores and these queues."""
    backend.variables = queues.variables
    for folder in ("flush/flush_places", "flush/redrive_quarantined"):
        backend.function(folder, real_queues=True)
    backend.warm("flush/redrive_quarantined").wiring.profiles = FakeRegister()
    return backend
