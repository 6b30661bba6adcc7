from typing import Literal

ReportState = Literal["paused", "playing", "stopped"]

REPORT_STATE_VALUES: set[ReportState] = {
    "paused",
    "playing",
    "stopped",
}


def check_report_state(value: str) -> ReportState:
    if value in REPORT_STATE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {REPORT_STATE_VALUES!r}")
