"""The ways an execution environment fails a call, worded as AWS words them.

A client, an event source mapping and an alarm all read these texts, so a local test is worth
something only when they are the same.
"""

import json
import signal
from dataclasses import dataclass
from datetime import UTC, datetime

MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100


@dataclass(frozen=True, slots=True)
class Fault:
    """`status` and `error_type` end up in the REPORT line, `log` in the function's log."""

    error_type: str
    message: str
    log: str
    status: str = "error"

    def payload(self) -> bytes:
        """What the caller receives beside `X-Amz-Function-Error: Unhandled`."""
        return json.dumps({"errorType": self.error_type, "errorMessage": self.message}).encode()


def timed_out(*, request_id: str, seconds: float, now: datetime) -> Fault:
    """The function did not answer within its time-out, counting an init inside the call."""
    text = f"Task timed out after {seconds:.2f} seconds"
    stamp = now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Fault(
        error_type="Sandbox.Timedout",
        message=f"RequestId: {request_id} Error: {text}",
        log=f"{stamp} {request_id} {text}\n",
        status="timeout",
    )


def exited(*, request_id: str, code: int) -> Fault:
    """The process ended on its own; `code` is `Popen.returncode`, negative for a signal."""
    return _ended("Runtime.ExitError", request_id, _reason(code))


def out_of_memory(*, request_id: str) -> Fault:
    """The process grew over the function's memory size and was killed."""
    return _ended("Runtime.OutOfMemory", request_id, "exited with error: signal: killed")


def response_too_large(*, request_id: str, size: int) -> Fault:
    """A response over Lambda's 6 MB limit, which the Runtime API refuses."""
    return Fault(
        error_type="Function.ResponseSizeTooLarge",
        message=(
            f"Response payload size ({size} bytes) exceeded maximum allowed payload size "
            f"({MAX_RESPONSE_BYTES} bytes)."
        ),
        log=f"RequestId: {request_id} Error: response payload of {size} bytes is too large\n",
    )


def _ended(error_type: str, request_id: str, reason: str) -> Fault:
    message = f"RequestId: {request_id} Error: Runtime {reason}"
    return Fault(error_type=error_type, message=message, log=f"{message}\n{error_type}\n")


def _reason(code: int) -> str:
    if code == 0:
        return "exited without providing a reason"
    if code > 0:
        return f"exited with error: exit status {code}"
    words = {
        signal.SIGKILL: "killed",
        signal.SIGSEGV: "segmentation fault",
        signal.SIGABRT: "aborted",
        signal.SIGTERM: "terminated",
    }
    return f"exited with error: signal: {words.get(signal.Signals(-code), str(-code))}"
