"""What operators see: one wide JSON line a request, which is both its log record and its metrics.

The line is CloudWatch's embedded metric format: `Latency` and whatever was counted are metrics by
route, and everything beside them can be searched. It is written here and not by Powertools' Metrics
and Logger, which together take ten times as long for two lines (see the decision on the edge); the
rare lines, by a dimension of their own or with a traceback, are theirs. Tokens, bodies and e-mail
addresses are never in any.
"""

import json
import os
import time
from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

from reprise.edge.powertools import Logger, MetricUnit, single_metric

NAMESPACE = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "Reprise")
SERVICE = os.environ.get("POWERTOOLS_SERVICE_NAME", "reprise")

logger = Logger(service=SERVICE)
"""For what is not a request's own line: unexpected failures, with their traceback."""

_DIMENSIONS = [["service", "route"]]
_LATENCY = {"Name": "Latency", "Unit": "Milliseconds"}

_values: dict[str, float] = {}
_units: dict[str, str] = {}
_splits: list[dict[str, str]] = []


def count(name: str, value: int = 1) -> None:
    """Count something on the line of the work being done."""
    _values[name] = _values.get(name, 0) + value
    _units[name] = "Count"


def gauge(name: str, value: float, unit: MetricUnit) -> None:
    """Measure something on the line of the work being done."""
    _values[name] = value
    _units[name] = unit.value


def split_by(**dimensions: str) -> None:
    """Measure the line of the work being done by these dimensions as well, taken together; every
    call adds one such view of it. Each combination of values is a metric that costs."""
    _splits.append(dimensions)


def count_by(name: str, *, dimension: str, value: str, amount: int = 1) -> None:
    """Count something by a dimension of its own, in a line of its own: for what is rare."""
    with single_metric(
        name=name, unit=MetricUnit.Count, value=amount, namespace=NAMESPACE
    ) as metric:
        metric.add_dimension("service", SERVICE)
        metric.add_dimension(dimension, value)


def write_line(
    *,
    route: str,
    level: str,
    facts: Mapping[str, Any],
    milliseconds: float,
    message: str = "request",
) -> None:
    """Write the line of a piece of work, with everything counted since the line before."""
    metrics = [_LATENCY, *({"Name": name, "Unit": unit} for name, unit in _units.items())]
    dimensions = [*_DIMENSIONS, *([*_DIMENSIONS[0], *split] for split in _splits)]
    directive = {"Namespace": NAMESPACE, "Dimensions": dimensions, "Metrics": metrics}
    line = {
        "level": level,
        "message": message,
        **facts,
        "service": SERVICE,
        "route": route,
        "Latency": milliseconds,
        **_values,
        **{name: value for split in _splits for name, value in split.items()},
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]},
    }
    _values.clear()
    _units.clear()
    _splits.clear()
    print(_written(line))


def _written(line: Mapping[str, Any]) -> str:
    try:
        return to_json(line, fallback=str).decode()
    except PydanticSerializationError:
        # Half of a surrogate pair, which only an event that API Gateway never made can bring.
        return json.dumps(line, default=str)
