"""Fixtures that reach the private test servers, and the rule that keeps unit tests off the network.

A test that needs a server which is not there fails and says what mends it: a skipped test proves
nothing and is soon forgotten.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from cassandra.cluster import Cluster, Session

from tests.harness.stack import MEND, MEND_CLOUD, TestStack, configured_path

LOOPBACK = ["127.0.0.1", "::1", "localhost"]
_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ban sockets where a test must not need any, and everything but loopback elsewhere."""
    for item in items:
        if not item.path.is_relative_to(_HERE):
            continue
        tier = item.path.relative_to(_HERE).parts[0]
        pure = tier == "unit" or (tier == "properties" and not item.get_closest_marker("real"))
        item.add_marker(
            pytest.mark.disable_socket if pure else pytest.mark.allow_hosts(LOOPBACK),
        )


@pytest.fixture(scope="session")
def stack() -> TestStack:
    """Where the private servers are."""
    path = configured_path()
    if path is None:
        pytest.fail(MEND, pytrace=False)
    return TestStack.read(path)


@pytest.fixture(scope="session")
def api_url(stack: TestStack) -> str:
    """The deployed test stack's API, stage included."""
    if stack.api_url is None:
        pytest.fail(MEND_CLOUD, pytrace=False)
    return stack.api_url


@pytest.fixture(scope="session")
def redis_client(stack: TestStack) -> Iterator[Any]:
    """A client of the test Redis. It is shared: use ids of your own, never FLUSHALL."""
    client = redis.Redis.from_url(stack.redis_url, decode_responses=True, protocol=2)
    yield client
    client.close()


@pytest.fixture(scope="session")
def cassandra_session(stack: TestStack) -> Iterator[Session]:
    """A session in the test keyspace, whose tables are migrated."""
    cluster = Cluster([stack.cassandra_host], port=stack.cassandra_port)
    yield cluster.connect(stack.cassandra_keyspace)
    cluster.shutdown()


@pytest.fixture(scope="session")
def postgres_dsn(stack: TestStack) -> str:
    """The test database, migrated."""
    return stack.postgres_url
