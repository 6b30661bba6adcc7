"""LocalStack's start with wrong settings, and what is left when it ends."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.executor.cloud import Cloud, LocalStack, eventually, running

pytestmark = pytest.mark.cloud

FAMILY = """
    import os, subprocess
    child = subprocess.Popen(["sleep", "600"])
    def handle(event, context):
        return [os.getpid(), child.pid]
"""


@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_localstack(
    new_localstack: Callable[..., LocalStack], way: signal.Signals
) -> None:
    localstack = new_localstack(LAMBDA_KEEPALIVE_MS="600000").start()
    cloud = Cloud(localstack.endpoint)
    pids: list[int] = cloud.invoke(cloud.deploy(FAMILY)).payload
    assert localstack.process is not None
    pids += _children(localstack.process.pid)
    assert len(set(pids)) >= 3
    os.kill(localstack.process.pid, way)
    localstack.process.wait(timeout=30)
    eventually(lambda: not [pid for pid in pids if running(pid)], what="the end of all processes")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"LAMBDA_RUNTIME_EXECUTOR": "proces"}, "LAMBDA_RUNTIME_EXECUTOR is proces"),
        ({"LAMBDA_RUNTIME_EXECUTOR": ""}, "LAMBDA_RUNTIME_EXECUTOR is not set"),
        ({"REPRISE_RUNTIME_PYTHON": ""}, "REPRISE_RUNTIME_PYTHON is not set"),
        ({"REPRISE_RUNTIME_PYTHON": "/absent/python"}, "cannot import awslambdaric and boto3"),
    ],
)
def test_localstack_does_not_start_when_it_could_not_run_a_function(
    new_localstack: Callable[..., LocalStack], settings: dict[str, str], words: str
) -> None:
    localstack = new_localstack(**settings)
    assert localstack.spawn().wait(timeout=30) == 1
    assert words in localstack.log.read_text(encoding="utf-8")


def test_a_function_of_another_runtime_fails_and_says_why(cloud: Cloud) -> None:
    name = "of-another-runtime"
    cloud.functions.create_function(
        FunctionName=name,
        Runtime="nodejs22.x",
        Handler="index.handler",
        Role="arn:aws:iam::000000000000:role/executor-test",
        Code={"ZipFile": b"PK\x05\x06" + b"\x00" * 18},
    )
    state = eventually(
        lambda: (
            (found := cloud.functions.get_function(FunctionName=name)["Configuration"])
            and found["State"] == "Failed"
            and found
        ),
        what="the failure",
    )
    assert "wants the runtime nodejs22.x; this stack has python3.13 only" in state["StateReason"]


def _children(parent: int) -> list[int]:
    tasks = Path(f"/proc/{parent}/task")
    return [
        int(child)
        for task in tasks.iterdir()
        for child in (task / "children").read_text(encoding="ascii").split()
    ]
