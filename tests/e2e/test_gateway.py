"""What every answer has in common, and what the gateway answers by itself."""

import pytest

from tests.e2e.api_client import ApiClient
from tests.e2e.routes import VIEWER_ROUTES, Call

pytestmark = pytest.mark.cloud

SECURITY = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@pytest.mark.parametrize("route", VIEWER_ROUTES, ids=str)
def test_every_route_answers_with_its_correlation_id_and_security_headers(
    tv: ApiClient, nobody: ApiClient, film: str, route: Call
) -> None:
    for client in (tv, nobody):
        answer = route.send(client, film, headers={"X-Correlation-Id": "evening-7"})
        assert answer.headers["X-Correlation-Id"] == "evening-7"
        if client is nobody:
            assert answer.json["correlationId"] == "evening-7"
            assert answer.json["instance"] == "/v1" + route.path.replace("{film}", film)
        own_rule = {"Cache-Control"} if "ETag" in answer.headers else set()
        for name in SECURITY.keys() - own_rule:
            assert answer.headers[name] == SECURITY[name]


def test_a_request_without_a_correlation_id_gets_one(nobody: ApiClient) -> None:
    ids = {nobody.call("GET", "/health").headers["X-Correlation-Id"] for _ in range(3)}
    assert len(ids) == 3


def test_health_names_every_store(nobody: ApiClient) -> None:
    answer = nobody.call("GET", "/health")
    assert answer.status == 200
    version = answer.json.pop("version")
    assert version
    checks = {"redis": "ok", "cassandra": "ok", "postgres": "ok"}
    assert answer.json == {"status": "ok", "checks": checks}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nowhere"),
        ("GET", "/stream"),
        ("GET", "/History"),
        ("GET", "/history/7"),
        ("GET", "/history/"),
        ("GET", "/stream/progress"),
        ("PATCH", "/history"),
        ("POST", "/continue-watching"),
        ("PUT", "/auth/login"),
        ("DELETE", "/health"),
    ],
)
def test_a_path_or_method_that_is_not_there_is_a_problem_document(
    nobody: ApiClient, method: str, path: str
) -> None:
    answer = nobody.call(method, path)
    assert (answer.status, answer.kind) == (404, "not-found")
    assert {"type", "title", "status", "detail", "instance", "correlationId"} == set(answer.json)
    assert answer.json["instance"] == f"/v1{path}"
    assert answer.headers["X-Correlation-Id"] == answer.json["correlationId"]


def test_too_many_requests_of_a_session_are_429_until_its_minute_is_over(tv: ApiClient) -> None:
    statuses = []
    for _ in range(125):
        answer = tv.call("GET", "/continue-watching")
        statuses.append(answer.status)
        if answer.status == 429:
            break
    assert statuses.count(200) == 120
    assert answer.kind == "rate-limited"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
