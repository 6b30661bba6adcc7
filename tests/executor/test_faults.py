"""Functions that do not load, do not end, die, or grow too large."""

import os
import re
import signal
import time
from pathlib import Path

import pytest

from tests.executor.cloud import Cloud, eventually, running

pytestmark = pytest.mark.cloud


def test_a_handler_that_cannot_be_imported_tells_its_caller(cloud: Cloud) -> None:
    name = cloud.deploy("import absent_package\ndef handle(event, context): ...")
    reply = cloud.invoke(name)
    assert reply.error == "Unhandled"
    assert reply.payload["errorType"] == "Runtime.ImportModuleError"
    assert (
        reply.payload["errorMessage"]
        == "Unable to import module 'handler': No module named 'absent_package'"
    )
    assert reply.payload["stackTrace"] == []
    assert "[ERROR] Runtime.ImportModuleError: Unable to import module" in reply.log
    assert re.search(r"INIT_REPORT .*Phase: invoke\tStatus: error", reply.log)


def test_an_init_error_reaches_cloudwatch_logs(cloud: Cloud) -> None:
    name = cloud.deploy("import absent_package\ndef handle(event, context): ...")
    cloud.invoke(name)
    eventually(lambda: "Runtime.ImportModuleError" in cloud.written(name), what="the log")


def test_an_exception_while_loading_keeps_its_stack_trace(cloud: Cloud) -> None:
    name = cloud.deploy("raise KeyError('CURSOR_SECRET')\ndef handle(event, context): ...")
    reply = cloud.invoke(name)
    assert (reply.error, reply.payload["errorType"]) == ("Unhandled", "KeyError")
    assert reply.payload["errorMessage"] == "'CURSOR_SECRET'"
    assert "raise KeyError('CURSOR_SECRET')" in "".join(reply.payload["stackTrace"])


def test_a_missing_handler_function_is_named(cloud: Cloud) -> None:
    name = cloud.deploy("answer = 1", Handler="handler.absent")
    assert cloud.invoke(name).payload["errorType"] == "Runtime.HandlerNotFound"


def test_an_init_that_failed_is_tried_again_inside_the_call(cloud: Cloud, tmp_path: Path) -> None:
    name = cloud.deploy(f"""
        import os, pathlib
        mark = pathlib.Path({str(tmp_path / "mark")!r})
        if not mark.exists():
            mark.touch()
            raise RuntimeError("the first time only")
        def handle(event, context):
            return "loaded"
    """)
    reply = cloud.invoke(name)
    assert (reply.error, reply.payload) == (None, "loaded")
    assert re.search(r"INIT_REPORT .*Phase: init\tStatus: error\tError Type: RuntimeErr", reply.log)


SLEEPY = """
    import os, subprocess, time
    def handle(event, context):
        if event == "sleep":
            child = subprocess.Popen(["sleep", "60"])
            print("child", child.pid, "self", os.getpid())
            time.sleep(60)
        return os.getpid()
"""


def test_a_timeout_kills_the_process_and_the_next_call_gets_a_new_one(cloud: Cloud) -> None:
    name = cloud.deploy(SLEEPY, Timeout=1)
    before = cloud.invoke(name).payload
    began = time.monotonic()
    reply = cloud.invoke(name, "sleep")
    assert 0.9 < time.monotonic() - began < 4
    request_id = re.findall(r"START RequestId: (\S+)", reply.log)[0]
    assert reply.error == "Unhandled"
    assert reply.payload == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {request_id} Error: Task timed out after 1.00 seconds",
    }
    assert re.search(rf"Z {request_id} Task timed out after 1.00 seconds\n", reply.log)
    assert "Status: timeout" in reply.log
    child, itself = map(int, re.findall(r"child (\d+) self (\d+)", reply.log)[0])
    assert itself == before
    assert not running(itself)
    assert not running(child)
    after = cloud.invoke(name)
    assert (after.error, after.payload != before) == (None, True)


def test_an_init_longer_than_the_timeout_times_out(cloud: Cloud) -> None:
    name = cloud.deploy("import time\ntime.sleep(60)\ndef handle(event, context): ...", Timeout=1)
    began = time.monotonic()
    reply = cloud.invoke(name)
    assert reply.payload["errorType"] == "Sandbox.Timedout"
    assert 10 < time.monotonic() - began < 15
    assert re.search(
        r"INIT_REPORT Init Duration: 10\d{3}\.\d\d ms\tPhase: init\tStatus: timeo", reply.log
    )


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("os._exit(3)", "exited with error: exit status 3"),
        ("os._exit(0)", "exited without providing a reason"),
        ("os.kill(os.getpid(), 9)", "exited with error: signal: killed"),
        ("os.kill(os.getpid(), 11)", "exited with error: signal: segmentation fault"),
    ],
)
def test_a_process_that_dies_is_an_exit_error(cloud: Cloud, deed: str, reason: str) -> None:
    name = cloud.deploy(f"""
        import os
        def handle(event, context):
            if event:
                print("last words")
                {deed}
            return "well"
    """)
    reply = cloud.invoke(name, True)
    request_id = re.findall(r"START RequestId: (\S+)", reply.log)[0]
    assert reply.error == "Unhandled"
    assert reply.payload == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {request_id} Error: Runtime {reason}",
    }
    assert "last words" in reply.log
    assert "Status: error\tError Type: Runtime.ExitError" in reply.log
    assert cloud.invoke(name, False).payload == "well"


def test_a_process_that_dies_while_loading_is_an_exit_error(cloud: Cloud) -> None:
    name = cloud.deploy("import sys\nsys.exit(7)\ndef handle(event, context): ...")
    reply = cloud.invoke(name)
    assert reply.payload["errorType"] == "Runtime.ExitError"
    assert reply.payload["errorMessage"].endswith("Runtime exited with error: exit status 7")


def test_a_process_killed_between_calls_is_replaced_unseen(cloud: Cloud) -> None:
    name = cloud.deploy("import os\ndef handle(event, context):\n    return os.getpid()")
    pid = cloud.invoke(name).payload
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not running(pid), what="its death")
    reply = cloud.invoke(name)
    assert reply.error is None
    assert reply.payload != pid


def test_a_function_over_its_memory_is_killed(cloud: Cloud) -> None:
    name = cloud.deploy(
        """
        import time
        def handle(event, context):
            held = bytearray(event * 1024 * 1024)
            time.sleep(0.3)
            return len(held)
        """,
        MemorySize=128,
    )
    assert cloud.invoke(name, 50).payload == 50 * 1024 * 1024
    reply = cloud.invoke(name, 300)
    assert (reply.error, reply.payload["errorType"]) == ("Unhandled", "Runtime.OutOfMemory")
    assert reply.payload["errorMessage"].endswith("Runtime exited with error: signal: killed")
    assert cloud.invoke(name, 1).payload == 1024 * 1024
