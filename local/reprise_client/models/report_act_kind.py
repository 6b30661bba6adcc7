from typing import Literal

ReportActKind = Literal["restart", "resume", "seek", "start"]

REPORT_ACT_KIND_VALUES: set[ReportActKind] = {
    "restart",
    "resume",
    "seek",
    "start",
}


def check_report_act_kind(value: str) -> ReportActKind:
    if value in REPORT_ACT_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {REPORT_ACT_KIND_VALUES!r}")
