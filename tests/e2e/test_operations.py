"""What operators see of a request and of a flush in CloudWatch."""

import time
from typing import Any
from uuid import uuid4

import pytest

from infra_cdk.routes import ROUTES
from tests.e2e.api_client import ApiClient, Player
from tests.e2e.cloud import Aws, eventually
from tests.e2e.routes import VIEWER_ROUTES, Call

pytestmark = pytest.mark.cloud

LOGGED_WITHIN = 20.0


def find(aws: Aws, output: str, *, since: float, **facts: Any) -> dict[str, Any]:
    return eventually(
        lambda: aws.records(output, since=since, **facts),
        within=LOGGED_WITHIN,
        otherwise=f"{output} did not log {facts}",
        every=0.2,
    )[0]


def metrics(record: dict[str, Any]) -> set[str]:
    """The names of the metrics that CloudWatch takes out of a line."""
    (directive,) = record["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "Reprise"
    return {metric["Name"] for metric in directive["Metrics"]}


@pytest.mark.parametrize("route", VIEWER_ROUTES, ids=str)
def test_each_request_is_one_line_with_its_correlation_id_and_metrics(
    tv: ApiClient, film: str, aws: Aws, route: Call
) -> None:
    since, correlation = time.time() - 5, f"e2e-{uuid4()}"
    status = route.send(tv, film, headers={"X-Correlation-Id": correlation}).status
    record = find(aws, route.output, since=since, correlationId=correlation)
    [described] = [each for each in ROUTES if f"{each.title}Function" == route.output]
    assert record["route"] == f"{described.method} {described.path}"
    assert record["status"] == status
    assert record["profileId"] == tv.profile_id
    assert "Latency" in metrics(record)
    assert record["Latency"] > 0
    lines = aws.records(route.output, since=since, correlationId=correlation)
    assert len(lines) == 1


def test_reports_are_counted_as_accepted_and_refused_by_reason(
    tv: ApiClient, film: str, aws: Aws
) -> None:
    since, correlation = time.time() - 5, f"e2e-{uuid4()}"
    report = Player(tv, film).act("start", position=900.0).next(plays=30)
    for _ in range(2):
        tv.call("POST", "/stream/progress", report, headers={"X-Correlation-Id": correlation})
    find(aws, "RecordProgressFunction", since=since, correlationId=correlation, ReportsAccepted=1)
    find(aws, "RecordProgressFunction", since=since, correlationId=correlation, rule="duplicate")
    refused = find(aws, "RecordProgressFunction", since=since, reason="duplicate")
    assert metrics(refused) == {"ReportsRefused"}


def test_a_refused_request_names_its_problem_and_its_fields_and_no_values(
    tv: ApiClient, aws: Aws
) -> None:
    since, correlation = time.time() - 5, f"e2e-{uuid4()}"
    headers = {"X-Correlation-Id": correlation}
    tv.call("GET", "/history?limit=secret-value", headers=headers)
    record = find(aws, "ListHistoryFunction", since=since, correlationId=correlation)
    assert (record["status"], record["problem"]) == (400, "invalid-request")
    assert record["fields"] == ["limit"]
    assert "secret-value" not in str(record)


def test_a_flush_tells_its_lag_and_its_rows(tv: ApiClient, film: str, aws: Aws) -> None:
    since = time.time() - 5
    Player(tv, film).act("start", position=900.0).report("paused", plays=30)
    record = eventually(
        lambda: [
            line
            for line in aws.records("FlushPlacesFunction", since=since, message="work")
            if line.get("PlacesFlushed")
        ],
        within=LOGGED_WITHIN,
        otherwise="no flush is logged",
        every=0.2,
    )[0]
    assert record["route"] == "flush/flush_places"
    assert metrics(record) >= {
        *("PlacesFlushed", "RowsWritten", "FlushFailures", "Quarantined", "FlushLag"),
        *("OldestDirtyAge", "Latency"),
    }


def test_the_planner_and_the_sweep_are_called_by_their_rules_and_tell_the_backlog(
    aws: Aws,
) -> None:
    rules = aws.client("events")
    for output in ("FlushScheduleRule", "SweepScheduleRule"):
        rule = rules.describe_rule(Name=aws.outputs[output])
        assert rule["State"] == "ENABLED"
        assert rule["ScheduleExpression"] == "rate(1 minute)"
    answer = aws.invoke("SweepOverdueFunction", {})
    assert set(answer) == {"orders"}
    record = find(aws, "SweepOverdueFunction", since=time.time() - 60, message="work")
    assert metrics(record) >= {"DirtyItems", "LeftBehind", "OldestDirtyAge"}
