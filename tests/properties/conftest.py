"""How long generated histories run, and where: the deployed schedule must not flush them.

Quick by default; long with `HYPOTHESIS_PROFILE=soak`.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.harness.live_worlds import redis_database
from tests.harness.stack import TestStack
from tests.properties.histories import QUICK_EXAMPLES

DATABASE = 7

settings.register_profile(
    "quick",
    deadline=None,
    max_examples=QUICK_EXAMPLES,
    stateful_step_count=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile(
    "soak", parent=settings.get_profile("quick"), max_examples=1_000, stateful_step_count=100
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(scope="session")
def redis_client(stack: TestStack) -> Iterator[Any]:
    """A client of a database of our own in the test Redis."""
    client = redis_database(stack, DATABASE)
    yield client
    client.flushdb()
    client.close()
