"""The platform's own log lines around a call: START, END, REPORT and INIT_REPORT.

Log filters and cost reports are written against these lines, so they keep AWS's spelling, tabs
included.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """What one call used. `init_ms` is None when the environment was warm."""

    duration_ms: float
    memory_limit_mb: int
    memory_used_mb: int
    init_ms: float | None = None


def start_line(*, request_id: str, version: str) -> str:
    return f"START RequestId: {request_id} Version: {version}\n"


def end_line(*, request_id: str) -> str:
    return f"END RequestId: {request_id}\n"


def report_line(*, request_id: str, usage: Usage, status: str = "", error_type: str = "") -> str:
    """A failed call carries `Status` and, when known, `Error Type`."""
    billed = math.ceil(usage.duration_ms + (usage.init_ms or 0.0))
    parts = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {usage.duration_ms:.2f} ms",
        f"Billed Duration: {billed} ms",
        f"Memory Size: {usage.memory_limit_mb} MB",
        f"Max Memory Used: {usage.memory_used_mb} MB",
    ]
    if usage.init_ms is not None:
        parts.append(f"Init Duration: {usage.init_ms:.2f} ms")
    if status:
        parts.append(f"Status: {status}")
    if error_type:
        parts.append(f"Error Type: {error_type}")
    return "\t".join(parts) + "\n"


def init_report_line(*, init_ms: float, phase: str, status: str, error_type: str = "") -> str:
    """Written only for an init that failed; `phase` is `init` or `invoke`."""
    parts = [f"INIT_REPORT Init Duration: {init_ms:.2f} ms", f"Phase: {phase}", f"Status: {status}"]
    if error_type:
        parts.append(f"Error Type: {error_type}")
    return "\t".join(parts) + "\n"
