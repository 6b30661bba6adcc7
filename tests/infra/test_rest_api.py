"""The API has the routes of the table, no authorizer, and errors in the service's own form."""

import json
from typing import Any

import pytest

from infra_cdk.constructs.rest_api import GATEWAY_PROBLEMS
from infra_cdk.kinds import Access
from infra_cdk.routes import ROUTES
from tests.infra.conftest import Stage, Template


def paths(template: Template) -> dict[str, str]:
    """Return the path of each resource's logical id."""
    resources = {found.id: found.properties for found in template.all("AWS::ApiGateway::Resource")}

    def path(id_: str) -> str:
        parent = resources[id_]["ParentId"].get("Ref")
        return f"{path(parent) if parent else ''}/{resources[id_]['PathPart']}"

    return {id_: path(id_) for id_ in resources}


def test_the_api_has_exactly_the_routes_of_the_table(any_stage: Stage) -> None:
    known = paths(any_stage.service)
    found = {
        (method.properties["HttpMethod"], known[method.properties["ResourceId"]["Ref"]])
        for method in any_stage.service.all("AWS::ApiGateway::Method")
    }
    assert found == {(route.method, route.path) for route in ROUTES}


def test_each_route_calls_its_own_function_and_hands_the_request_over_whole(
    any_stage: Stage,
) -> None:
    known = paths(any_stage.service)
    rows = {(route.method, route.path): route for route in ROUTES}
    for method in any_stage.service.all("AWS::ApiGateway::Method"):
        properties = method.properties
        row = rows[properties["HttpMethod"], known[properties["ResourceId"]["Ref"]]]
        function = any_stage.service.function(row.deployed_name(stage=any_stage.name))
        assert properties["Integration"]["Type"] == "AWS_PROXY"
        assert function.id in json.dumps(properties["Integration"]["Uri"])


def test_no_route_has_an_authorizer_since_functions_prove_tokens_themselves(
    any_stage: Stage,
) -> None:
    assert not any_stage.service.all("AWS::ApiGateway::Authorizer")
    for method in any_stage.service.all("AWS::ApiGateway::Method"):
        assert method.properties["AuthorizationType"] == "NONE"


def test_the_api_is_regional_and_its_stage_is_v1(any_stage: Stage) -> None:
    api = any_stage.service.only("AWS::ApiGateway::RestApi")
    assert api.properties["EndpointConfiguration"]["Types"] == ["REGIONAL"]
    stage = any_stage.service.only("AWS::ApiGateway::Stage")
    assert stage.properties["StageName"] == "v1"
    assert stage.properties["TracingEnabled"] is True


def test_the_stage_throttles_and_logs_each_request(any_stage: Stage) -> None:
    stage = any_stage.service.only("AWS::ApiGateway::Stage").properties
    settings = method_settings(any_stage)["*", "/*"]
    assert settings["ThrottlingRateLimit"] > 0
    assert settings["ThrottlingBurstLimit"] > 0
    assert settings["DataTraceEnabled"] is False
    fields = json.loads(stage["AccessLogSetting"]["Format"])
    assert {"requestId", "route", "status", "latencyMs"} <= set(fields)


def method_settings(stage: Stage) -> dict[tuple[str, str], dict[str, Any]]:
    found = stage.service.only("AWS::ApiGateway::Stage").properties["MethodSettings"]
    return {(each["HttpMethod"], each["ResourcePath"]): each for each in found}


def test_what_anybody_may_call_and_what_is_dear_has_a_throttle_of_its_own(
    any_stage: Stage,
) -> None:
    settings = method_settings(any_stage)
    whole = settings.pop(("*", "/*"))
    limited = {
        (route.method, "/" + route.path.replace("/", "~1")): route
        for route in ROUTES
        if route.share < 1
    }
    assert set(settings) == set(limited)
    for key, route in limited.items():
        for limit in ("ThrottlingRateLimit", "ThrottlingBurstLimit"):
            assert settings[key][limit] == max(1, round(whole[limit] * route.share)) < whole[limit]
        assert settings[key]["MetricsEnabled"] is True
        assert settings[key]["DataTraceEnabled"] is False


def test_no_public_route_may_take_all_of_the_throttle() -> None:
    for route in ROUTES:
        assert 0 < route.share <= 1
        assert route.share < 1 or route.access is not Access.PUBLIC, route.path


def test_the_access_log_holds_no_path_as_sent_and_no_header(any_stage: Stage) -> None:
    stage = any_stage.service.only("AWS::ApiGateway::Stage").properties
    text = stage["AccessLogSetting"]["Format"].lower()
    assert "authorization" not in text
    assert "$context.path" not in text


@pytest.mark.parametrize("kind", GATEWAY_PROBLEMS)
def test_the_gateways_own_errors_are_problem_documents(any_stage: Stage, kind: str) -> None:
    answer = any_stage.service.only("AWS::ApiGateway::GatewayResponse", ResponseType=kind)
    problem = GATEWAY_PROBLEMS[kind]
    headers = answer.properties["ResponseParameters"]
    assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
    assert headers["gatewayresponse.header.X-Correlation-Id"] == "context.requestId"
    assert answer.properties["StatusCode"] == str(problem.status)
    body = json.loads(answer.properties["ResponseTemplates"]["application/json"])
    assert body["type"] == f"/problems/{problem.kind}"
    assert body["status"] == problem.status
    assert {"title", "detail", "instance", "correlationId"} <= set(body)


@pytest.mark.parametrize("kind", ["MISSING_AUTHENTICATION_TOKEN", "RESOURCE_NOT_FOUND"])
def test_a_path_or_method_that_does_not_exist_is_not_found(kind: str) -> None:
    assert GATEWAY_PROBLEMS[kind].status == 404
    assert GATEWAY_PROBLEMS[kind].kind == "not-found"


def test_errors_without_an_answer_of_their_own_fall_back_to_one(any_stage: Stage) -> None:
    assert {"DEFAULT_4XX", "DEFAULT_5XX"} <= set(GATEWAY_PROBLEMS)
    assert any_stage.service.only("AWS::ApiGateway::GatewayResponse", ResponseType="DEFAULT_5XX")


def test_whoever_may_try_again_is_told_when() -> None:
    for problem in GATEWAY_PROBLEMS.values():
        assert (problem.retry_after_seconds is not None) == (problem.status in {429, 503})
