"""How many environments there are, and when they begin and end."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.executor.cloud import Cloud, eventually, running
from tests.executor.conftest import KEEP_ALIVE_MS

pytestmark = pytest.mark.cloud

PID = """
    import os, time
    def handle(event, context):
        time.sleep(event or 0)
        return os.getpid()
"""


def _same_time(cloud: Cloud, name: str, count: int, seconds: float) -> list[int]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda _: cloud.invoke(name, seconds).payload, range(count)))


def test_calls_at_the_same_time_get_environments_of_their_own(cloud: Cloud) -> None:
    name = cloud.deploy(PID)
    assert len(set(_same_time(cloud, name, 4, 1.0))) == 4


def test_the_reserved_limit_throttles_the_call_over_it(cloud: Cloud) -> None:
    name = cloud.deploy(PID)
    cloud.functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=2)
    with ThreadPoolExecutor(2) as pool:
        busy = [pool.submit(cloud.invoke, name, 2.0) for _ in range(2)]
        time.sleep(0.7)
        with pytest.raises(cloud.functions.exceptions.TooManyRequestsException) as refused:
            cloud.invoke(name, 0)
        assert [call.result().error for call in busy] == [None, None]
    assert refused.value.response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    assert cloud.invoke(name, 0).error is None


def test_a_reserved_limit_of_zero_stops_the_function(cloud: Cloud) -> None:
    name = cloud.deploy(PID)
    cloud.functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    with pytest.raises(cloud.functions.exceptions.TooManyRequestsException):
        cloud.invoke(name)


def test_an_idle_environment_is_reaped(cloud: Cloud) -> None:
    name = cloud.deploy(PID)
    pid = cloud.invoke(name).payload
    assert running(pid)
    eventually(lambda: not running(pid), seconds=KEEP_ALIVE_MS / 1000 + 3, what="the reaping")
    assert cloud.invoke(name).payload != pid


def test_an_update_ends_the_old_environment_and_answers_with_the_new_code(cloud: Cloud) -> None:
    name = cloud.deploy(PID)
    pid = cloud.invoke(name).payload
    cloud.update(name, "def handle(event, context):\n    return 'new'")
    assert cloud.invoke(name).payload == "new"
    eventually(lambda: not running(pid), what="the end of the old environment")


def test_deleting_the_function_ends_its_environment(cloud: Cloud) -> None:
    name = cloud.deploy(PID)
    pid = cloud.invoke(name).payload
    cloud.functions.delete_function(FunctionName=name)
    eventually(lambda: not running(pid), what="the end of the environment")


def test_a_call_that_is_running_survives_an_update(cloud: Cloud) -> None:
    name = cloud.deploy(
        {
            "handler.py": """
                import time
                def handle(event, context):
                    time.sleep(event)
                    import late
                    return late.WORD
            """,
            "late.py": "WORD = 'old'",
        }
    )
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(cloud.invoke, name, 3.0)
        time.sleep(1.0)
        cloud.update(name, "def handle(event, context):\n    return 'new'")
        assert cloud.invoke(name).payload == "new"
        assert call.result().payload == "old"
    eventually(lambda: "END RequestId" in cloud.written(name), what="its log")


def test_nothing_runs_between_two_calls(cloud: Cloud) -> None:
    name = cloud.deploy("""
        import threading, time
        ticks = 0
        def tick():
            global ticks
            while True:
                time.sleep(0.01)
                ticks += 1
        threading.Thread(target=tick, daemon=True).start()
        def handle(event, context):
            return ticks
    """)
    before = cloud.invoke(name).payload
    time.sleep(1.0)
    assert cloud.invoke(name).payload - before < 20


def test_temporary_files_are_the_environments_own_and_go_with_it(cloud: Cloud) -> None:
    name = cloud.deploy("""
        import tempfile
        def handle(event, context):
            with tempfile.NamedTemporaryFile(delete=False) as kept:
                return [tempfile.gettempdir(), kept.name]
    """)
    folder, kept = cloud.invoke(name).payload
    assert (cloud.invoke(name).payload[0], Path(kept).exists()) == (folder, True)
    eventually(lambda: not Path(folder).exists(), what="the end of the folder")


def test_provisioned_environments_are_ready_before_the_first_call(cloud: Cloud) -> None:
    name = cloud.deploy("""
        import os
        def handle(event, context):
            return os.environ["AWS_LAMBDA_INITIALIZATION_TYPE"]
    """)
    version = cloud.functions.publish_version(FunctionName=name)["Version"]
    cloud.functions.get_waiter("published_version_active").wait(
        FunctionName=name, Qualifier=version, WaiterConfig={"Delay": 1}
    )
    cloud.functions.put_provisioned_concurrency_config(
        FunctionName=name, Qualifier=version, ProvisionedConcurrentExecutions=1
    )
    eventually(
        lambda: (
            cloud.functions.get_provisioned_concurrency_config(
                FunctionName=name, Qualifier=version
            )["Status"]
            == "READY"
        ),
        what="provisioned concurrency",
    )
    assert cloud.invoke(name, Qualifier=version).payload == "provisioned-concurrency"
