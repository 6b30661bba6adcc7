"""Histories are generated beside the deployed functions: their schedule must not flush them."""

from collections.abc import Iterator
from typing import Any

import pytest
import redis

from tests.harness.stack import TestStack

DATABASE = 7


@pytest.fixture(scope="session")
def redis_client(stack: TestStack) -> Iterator[Any]:
    """A client of a database of our own in the test Redis."""
    url = f"{stack.redis_url.rsplit('/', 1)[0]}/{DATABASE}"
    client = redis.Redis.from_url(url, decode_responses=True, protocol=2)
    yield client
    client.flushdb()
    client.close()
