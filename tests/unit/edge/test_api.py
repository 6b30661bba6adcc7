"""What every answer of every route has in common."""

import json
from typing import Any

import pytest

from reprise.domain.errors import UnavailableError
from tests.harness.functions import World

PROGRESS = "stream/record_progress"


@pytest.fixture
def world() -> World:
    return World()


def progress(world: World, **parts: Any) -> dict[str, Any]:
    return world.event("POST", "/stream/progress", **({"body": world.report()} | parts))


def test_the_callers_correlation_id_comes_back_where_it_is_well_formed(world: World) -> None:
    event = progress(world, headers={"x-correlation-ID": "order_66-a"})
    answer = world.request(PROGRESS, event)
    assert answer.headers["X-Correlation-Id"] == "order_66-a"
    assert answer.lines[0]["correlationId"] == "order_66-a"


@pytest.mark.parametrize("hostile", ["", "a b", "x" * 65, "é", "a\r\nSet-Cookie: b", '"', "{}"])
def test_any_other_is_replaced_by_the_gateways(world: World, hostile: str) -> None:
    event = progress(world, headers={"X-Correlation-Id": hostile})
    answer = world.request(PROGRESS, event)
    assert answer.headers["X-Correlation-Id"] == event["requestContext"]["requestId"]


def test_every_answer_carries_the_security_headers(world: World) -> None:
    good = world.request(PROGRESS, progress(world))
    bad = world.request(PROGRESS, progress(world, body={}))
    for answer in (good, bad):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_problem_document_says_what_where_and_under_which_id(world: World) -> None:
    answer = world.request(PROGRESS, progress(world, body=world.report(position="12")))
    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body == {
        "type": "/problems/invalid-request",
        "title": "The request is not valid",
        "status": 400,
        "detail": "the request is not valid",
        "instance": "/v1/stream/progress",
        "correlationId": answer.headers["X-Correlation-Id"],
        "errors": [{"field": "position", "reason": "must be a valid number"}],
    }


def test_one_line_a_request_is_its_log_record_and_its_metrics(world: World) -> None:
    (line,) = world.request(PROGRESS, progress(world)).lines
    metrics = line["_aws"]["CloudWatchMetrics"][0]
    assert metrics["Namespace"] == "Reprise"
    assert metrics["Dimensions"] == [["service", "route"]]
    assert [metric["Name"] for metric in metrics["Metrics"]] == ["Latency", "ReportsAccepted"]
    assert (line["service"], line["route"]) == ("reprise", "POST /stream/progress")
    assert (line["level"], line["message"], line["status"]) == ("INFO", "request", 200)
    assert line["profileId"] == world.viewer.profile_id
    assert line["rule"] == "first"


def test_a_refused_request_is_logged_at_info_with_its_wrong_fields(world: World) -> None:
    (line,) = world.request(PROGRESS, progress(world, body={})).lines
    assert (line["level"], line["problem"]) == ("INFO", "invalid-request")
    assert "position" in line["fields"]


def test_a_store_that_is_down_is_logged_as_an_error_with_its_cause(world: World) -> None:
    world.live.down = True
    (line,) = world.request(PROGRESS, progress(world)).lines
    assert (line["level"], line["error"]) == ("ERROR", UnavailableError.__name__)
    assert line["detail"] == "live positions do not answer"


def test_what_nobody_expected_leaks_nothing_and_leaves_its_traceback_in_the_log(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("secret-of-the-house")

    monkeypatch.setattr(world.live, "record", fail)
    answer = world.request(PROGRESS, progress(world))
    assert answer.status == 500
    assert answer.body["type"] == "/problems/internal"
    assert "secret-of-the-house" not in json.dumps(answer.body)
    failure, line = answer.lines
    assert "secret-of-the-house" in failure["exception"]
    assert failure["correlationId"] == line["correlationId"]


def test_text_that_no_encoding_can_write_still_leaves_its_line(world: World) -> None:
    event = progress(world)
    event["requestContext"]["requestId"] = "half\ud83d"
    (line,) = world.request(PROGRESS, event).lines
    assert (line["correlationId"], line["status"]) == ("half\ud83d", 200)


def test_no_line_ever_holds_the_token(world: World) -> None:
    event = progress(world)
    token = event["headers"]["Authorization"].split()[1]
    changes: list[dict[str, Any]] = [{}, {"body": {}}, {"body": world.report(videoId="gone")}]
    for change in changes:
        answer = world.request(PROGRESS, progress(world, **change))
        assert token not in answer.log
    world.live.down = True
    assert token not in world.request(PROGRESS, event).log


def test_another_method_is_405_and_another_path_404(world: World) -> None:
    event = progress(world)
    wrong_method = world.request(PROGRESS, event | {"httpMethod": "PATCH"})
    assert (wrong_method.status, wrong_method.headers["Allow"]) == (405, "POST")
    elsewhere = event | {"path": "/elsewhere", "resource": "/elsewhere"}
    assert world.request(PROGRESS, elsewhere).status == 404


def test_a_path_with_a_slash_behind_it_is_another_path(world: World) -> None:
    event = progress(world) | {"path": "/stream/progress/"}
    assert world.request(PROGRESS, event).status == 404
    assert world.live.states == {}


def test_a_route_without_parameters_names_those_that_it_gets(world: World) -> None:
    answer = world.request(PROGRESS, progress(world, query={"_": "1", "cache": "no"}))
    assert (answer.status, answer.wrong_fields) == (400, ["_", "cache"])
    assert world.live.states == {}


@pytest.mark.parametrize("event", [{}, {"version": "2.0", "rawPath": "/x"}, [], None, "text"])
def test_what_is_no_proxy_event_is_a_bad_request(world: World, event: object) -> None:
    answer, _ = world.call(PROGRESS, event)
    assert answer["statusCode"] == 400


def test_a_viewers_route_without_a_selected_profile_asks_for_the_pin(world: World) -> None:
    token = world.token(profile_id=None, policy=None)
    answer = world.request(PROGRESS, progress(world, headers={"Authorization": f"Bearer {token}"}))
    assert (answer.status, answer.body["reason"]) == (403, "pin")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer a.b",
        "Bearer a.b.c.d.e.f",
        "Bearer a.b.c",
        "Bearer " + "a" * 50_000,
        "Bearer ../../etc/passwd.b.c",
        "Bearer {{}}.b.c",
    ],
)
def test_no_proof_is_401(world: World, header: str) -> None:
    answer = world.request(PROGRESS, progress(world, headers={"Authorization": header}))
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_an_expired_token_is_401(world: World) -> None:
    event = progress(world)
    world.now += 3600
    assert world.request(PROGRESS, event).status == 401


def test_the_row_is_the_one_answer_that_clients_may_keep_to_compare(world: World) -> None:
    event = world.event("GET", "/continue-watching")
    answer = world.request("playstate/list_continue_watching", event)
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_events_without_multi_value_headers_are_read_too(world: World) -> None:
    event = progress(world)
    del event["multiValueHeaders"]
    assert world.request(PROGRESS, event).status == 200
