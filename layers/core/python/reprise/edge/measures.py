"""What the flush tells operators: its reports as metrics, its unfinished orders as errors."""

from collections.abc import Mapping
from typing import Any, Protocol

from reprise.application.flush_places import FlushReport
from reprise.application.plan_flush import FlushPlan
from reprise.edge import observability
from reprise.edge.consumers import BadMessageError
from reprise.edge.http import Context, Event
from reprise.edge.powertools import MetricUnit

REDRIVE_AT_ONCE = 100
REDRIVE_AT_MOST = 1_000


class TimedContext(Context, Protocol):
    """The Lambda context of work that has to stop in time."""

    def get_remaining_time_in_millis(self) -> int: ...


class OrderUnfinishedError(Exception):
    """Part of an order is still dirty; the queue shall deliver it again."""


def measure_plan(plan: FlushPlan) -> Mapping[str, Any]:
    """Measure what a look at the buffer found; return the same for its line in the log."""
    observability.count("DirtyItems", plan.dirty)
    observability.count("LeftBehind", plan.left_behind)
    observability.gauge("OldestDirtyAge", plan.oldest_age_seconds, MetricUnit.Seconds)
    return {"orders": len(plan.orders)}


def measure_flush(report: FlushReport) -> Mapping[str, Any]:
    """Measure what an order came to; return the rest for its line in the log.

    Raises:
        OrderUnfinishedError: after measuring, where the order is to be repeated.
    """
    observability.count("PlacesFlushed", report.durable)
    observability.count("RowsWritten", report.rows)
    observability.count("FlushFailures", report.failed)
    observability.count("Quarantined", report.quarantined)
    if report.durable or report.failed:
        observability.gauge("FlushLag", report.worst_lag_seconds, MetricUnit.Seconds)
        observability.gauge("OldestDirtyAge", report.oldest_age_seconds, MetricUnit.Seconds)
    if report.retry:
        raise OrderUnfinishedError(
            f"{report.failed} items failed, {report.durable} are durable; the rest is still dirty"
        )
    return {"clean": report.clean}


def urgent_first(event: Event) -> dict[str, Any]:
    """Put orders of single viewers before whole ranges: somebody has just paused."""
    records = event.get("Records", [])
    return {"Records": sorted(records, key=lambda record: '"profileId"' not in record["body"])}


def read_limit(event: Event) -> int:
    """Return how many messages a redrive command shall take.

    Raises:
        BadMessageError: `limit` is no whole number within bounds.
    """
    limit = event.get("limit", REDRIVE_AT_ONCE)
    if type(limit) is not int or not 1 <= limit <= REDRIVE_AT_MOST:
        raise BadMessageError(f"limit must be a whole number from 1 to {REDRIVE_AT_MOST}")
    return limit
