"""Follows the functions' logs in CloudWatch, one readable line a record."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from rich.text import Text

from reprise_local.aws import LocalAws
from reprise_local.console import console
from reprise_local.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

OVERLAP_MS = 5_000
PREFIX = "/aws/lambda/reprise-local-"
_NOT_TOLD = {"timestamp", "level", "message", "location", "service", "xray_trace_id", "_aws"}
_FRAMES = ("START RequestId", "END RequestId")
"""Lambda's own lines that say nothing which its REPORT line does not say too."""
_COLOURS = {"ERROR": "red", "CRITICAL": "red", "WARNING": "yellow", "DEBUG": "dim"}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines to show: of one function (`area/verb_noun`), with one correlation id."""

    function: str | None = None
    correlation: str | None = None

    def wants_group(self, name: str) -> bool:
        if self.function is None:
            return True
        return name == PREFIX + self.function.replace("/", "-").replace("_", "-")

    def wants_line(self, text: str) -> bool:
        return self.correlation is None or self.correlation in text


def follow(stack: Stack, wanted: Filter, *, since_seconds: float, forever: bool) -> None:
    """Print what was logged in the last seconds, and then what comes until interrupted."""
    client = LocalAws(stack.localstack.endpoint).logs()
    start = int((time.time() - since_seconds) * 1000)
    shown: set[tuple[int, str, str]] = set()
    while True:
        found = dict.fromkeys(_events(client, wanted, start))  # CloudWatch's order, no doubles
        fresh = sorted((entry for entry in found if entry not in shown), key=itemgetter(0))
        for moment, group, text in fresh:
            if wanted.wants_line(text) and not text.startswith(_FRAMES):
                show(moment, group, text)
        if not forever:
            return
        shown.update(fresh)
        # A record may come to CloudWatch a little later than one that was written after it.
        start = max([start, *(moment - OVERLAP_MS for moment, _, _ in fresh)])
        shown = {entry for entry in shown if entry[0] >= start}
        time.sleep(1)


def _events(
    client: "CloudWatchLogsClient", wanted: Filter, start: int
) -> Iterator[tuple[int, str, str]]:
    groups = client.describe_log_groups(logGroupNamePrefix=PREFIX)["logGroups"]
    for group in groups:
        name = group["logGroupName"]
        if not wanted.wants_group(name):
            continue
        pages = client.get_paginator("filter_log_events").paginate(
            logGroupName=name, startTime=start
        )
        for page in pages:
            for event in page["events"]:
                yield event["timestamp"], name, event["message"]


def show(moment: int, group: str, text: str) -> None:
    """Print one record: time, function, level, message, then its own fields."""
    clock = time.strftime("%H:%M:%S", time.localtime(moment / 1000))
    line = Text(f"{clock} {group.removeprefix(PREFIX):<32} ", style="dim")
    record = _record(text)
    if record is None:
        line.append(text.rstrip())
    else:
        level = str(record.get("level", "METRIC" if "_aws" in record else ""))
        line.append(f"{level:<8}", style=_COLOURS.get(level, ""))
        line.append(str(record.get("message", "")))
        fields = {name: value for name, value in record.items() if name not in _NOT_TOLD}
        line.append(" " + " ".join(f"{key}={value}" for key, value in fields.items()), style="dim")
    console.print(line)


def _record(text: str) -> dict[str, object] | None:
    try:
        record = json.loads(text)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
