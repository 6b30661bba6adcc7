"""The words of a failed call are AWS's."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from reprise_executor import faults


def test_a_timeout_names_the_call_and_the_limit_with_two_decimals() -> None:
    now = datetime(2026, 5, 4, 3, 2, 1, 987654, tzinfo=timezone(timedelta(hours=2)))
    fault = faults.timed_out(request_id="r-1", seconds=3, now=now)
    assert json.loads(fault.payload()) == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": "RequestId: r-1 Error: Task timed out after 3.00 seconds",
    }
    assert fault.log == "2026-05-04T01:02:01.987Z r-1 Task timed out after 3.00 seconds\n"
    assert fault.status == "timeout"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (0, "exited without providing a reason"),
        (1, "exited with error: exit status 1"),
        (255, "exited with error: exit status 255"),
        (-9, "exited with error: signal: killed"),
        (-11, "exited with error: signal: segmentation fault"),
        (-6, "exited with error: signal: aborted"),
        (-15, "exited with error: signal: terminated"),
        (-10, "exited with error: signal: 10"),
    ],
)
def test_an_exit_tells_its_status_or_signal(code: int, reason: str) -> None:
    fault = faults.exited(request_id="r-1", code=code)
    assert fault.error_type == "Runtime.ExitError"
    assert fault.message == f"RequestId: r-1 Error: Runtime {reason}"
    assert fault.log == f"{fault.message}\nRuntime.ExitError\n"


def test_out_of_memory_reads_as_a_kill() -> None:
    fault = faults.out_of_memory(request_id="r-1")
    assert fault.error_type == "Runtime.OutOfMemory"
    assert fault.message.endswith("Runtime exited with error: signal: killed")


def test_a_large_response_names_both_sizes() -> None:
    fault = faults.response_too_large(request_id="r-1", size=7_000_000)
    assert fault.message == (
        "Response payload size (7000000 bytes) exceeded maximum allowed payload size "
        "(6291556 bytes)."
    )


def test_the_time_of_a_timeout_is_in_utc() -> None:
    fault = faults.timed_out(request_id="r", seconds=1, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert fault.log.startswith("2026-01-01T00:00:00.000Z ")
