"""Lambda's own time-out in the middle of a report: fault 31 without a stand-in for the executor.

The function is the real one, run by the executor as it runs a deployed one; only its archive is
made here, of the handler as it stands on disk.
"""

import os
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

import reprise
from reprise.adapters.redis_client import RedisClient, connect
from reprise_local.fault_proxy import FaultProxy
from reprise_local.ports import free_port
from reprise_local.servers import RedisServer
from tests.builders import make_film
from tests.executor.cloud import Cloud, Reply
from tests.harness.environments import FUNCTIONS, environment
from tests.harness.players import live_fields, new_player

pytestmark = pytest.mark.cloud

TIMEOUT_SECONDS = 2
PACKAGES = (Path(reprise.__file__).parents[1], Path(sysconfig.get_path("purelib")))
PATIENCE_MS = "30000"
"""Longer than the function may run: nothing but the executor ends it."""


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisClient]:
    with RedisServer(folder=tmp_path / "redis", port=free_port()) as server:
        client = connect(url=server.url, cluster=False, timeout_ms=5_000)
        yield client
        client.close()


@pytest.fixture
def proxy(redis: RedisClient) -> Iterator[FaultProxy]:
    with FaultProxy(port=redis.connection_pool.connection_kwargs["port"]) as proxy:
        yield proxy


def deploy(cloud: Cloud, folder: str, *, redis_url: str) -> str:
    variables = {
        **environment(redis_url=redis_url, REDIS_TIMEOUT_MS=PATIENCE_MS),
        "PYTHONPATH": os.pathsep.join(map(str, PACKAGES)),
    }
    return cloud.deploy(
        (FUNCTIONS / folder / "handler.py").read_text(),
        Handler="handler.lambda_handler",
        Timeout=TIMEOUT_SECONDS,
        MemorySize=1024,
        variables={name: text for name, text in variables.items() if not name.startswith("AWS_")},
    )


def status(reply: Reply) -> int:
    assert reply.error is None, reply.payload
    return int(reply.payload["statusCode"])


def test_a_report_whose_function_times_out_is_stored_once_by_the_players_retry(
    cloud: Cloud, redis: RedisClient, proxy: FaultProxy
) -> None:
    """31: Redis has stored the report when the process that waits for its answer is killed."""
    player = new_player(redis, make_film())
    name = deploy(cloud, "stream/record_progress", redis_url=f"redis://127.0.0.1:{proxy.port}/0")
    # Provisional, because there is no Cassandra to ask; it does not matter here.
    assert status(cloud.invoke(name, player.event())) == 200
    event = player.event()
    proxy.latency(60)
    reply = cloud.invoke(name, event)
    assert reply.payload["errorType"] == "Sandbox.Timedout"
    assert live_fields(redis, player)["rev"] == "2"
    proxy.heal()
    again = cloud.invoke(name, event)
    assert status(again) == 200
    assert '"reason":"duplicate"' in again.payload["body"].replace(" ", "")
    assert live_fields(redis, player)["rev"] == "2"
    assert status(cloud.invoke(name, player.event())) == 200
    assert live_fields(redis, player)["rev"] == "3"
