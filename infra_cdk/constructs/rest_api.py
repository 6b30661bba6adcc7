"""The regional REST API: one method per route, errors of the gateway in the service's own form."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import aws_cdk.aws_apigateway as apigateway
import aws_cdk.aws_lambda as lambda_
import aws_cdk.aws_logs as logs
from aws_cdk import RemovalPolicy
from constructs import Construct

from infra_cdk.kinds import Route

STAGE_NAME = "v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error the gateway answers before any function runs, as `application/problem+json`."""

    status: int
    kind: str
    title: str
    detail: str
    retry_after_seconds: int | None = None


_DEFECT = Problem(
    status=500, kind="internal", title="Internal error", detail="The request could not be served."
)
_AWAY = Problem(
    status=503,
    kind="unavailable",
    title="Unavailable",
    detail="The service did not answer in time.",
    retry_after_seconds=1,
)
_TOO_MANY = Problem(
    status=429,
    kind="rate-limited",
    title="Too many requests",
    detail="Wait before trying again.",
    retry_after_seconds=1,
)

GATEWAY_PROBLEMS: Mapping[str, Problem] = {
    # What API Gateway calls a missing token is a path or a method that does not exist.
    "MISSING_AUTHENTICATION_TOKEN": Problem(
        status=404,
        kind="not-found",
        title="Not found",
        detail="There is no such path or method.",
    ),
    "RESOURCE_NOT_FOUND": Problem(
        status=404,
        kind="not-found",
        title="Not found",
        detail="There is no such path or method.",
    ),
    "REQUEST_TOO_LARGE": Problem(
        status=413, kind="too-large", title="Too large", detail="The body is too large."
    ),
    "UNSUPPORTED_MEDIA_TYPE": Problem(
        status=415,
        kind="unsupported-media-type",
        title="Unsupported media type",
        detail="Send application/json.",
    ),
    "UNAUTHORIZED": Problem(
        status=401, kind="unauthenticated", title="Unauthenticated", detail="Sign in first."
    ),
    "ACCESS_DENIED": Problem(
        status=403, kind="forbidden", title="Forbidden", detail="This is not allowed."
    ),
    "WAF_FILTERED": Problem(
        status=403, kind="forbidden", title="Forbidden", detail="This is not allowed."
    ),
    "THROTTLED": _TOO_MANY,
    "QUOTA_EXCEEDED": _TOO_MANY,
    "INTEGRATION_TIMEOUT": _AWAY,
    "INTEGRATION_FAILURE": _AWAY,
    "DEFAULT_4XX": Problem(
        status=400,
        kind="invalid-request",
        title="Invalid request",
        detail="The request cannot be read.",
    ),
    "DEFAULT_5XX": _DEFECT,
}

ACCESS_LOG_FIELDS: Mapping[str, str] = {
    "requestId": "$context.requestId",
    "extendedRequestId": "$context.extendedRequestId",
    "time": "$context.requestTimeEpoch",
    "ip": "$context.identity.sourceIp",
    "userAgent": "$context.identity.userAgent",
    "method": "$context.httpMethod",
    "route": "$context.resourcePath",
    "status": "$context.status",
    "error": "$context.error.responseType",
    "latencyMs": "$context.responseLatency",
    "integrationMs": "$context.integrationLatency",
    "bytes": "$context.responseLength",
    "traceId": "$context.xrayTraceId",
}
"""Neither paths as sent nor headers: ids of titles and tokens have no place in an access log."""


class RestApi(Construct):
    """Routes of the table, each to its own function."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: str,
        routes: Mapping[Route, lambda_.IFunction],
        requests_per_second: int,
        request_burst: int,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
        account_role: bool,
    ) -> None:
        super().__init__(scope, id_)
        self.access_log = logs.LogGroup(
            self,
            "AccessLog",
            log_group_name=f"/reprise/{stage}/api-access",
            retention=log_retention,
            removal_policy=removal_policy,
        )
        self.api = apigateway.RestApi(
            self,
            "Api",
            rest_api_name=f"reprise-{stage}",
            description="Reprise: the place that is never lost",
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            cloud_watch_role=account_role,
            cloud_watch_role_removal_policy=removal_policy if account_role else None,
            deploy_options=apigateway.StageOptions(
                stage_name=STAGE_NAME,
                access_log_destination=apigateway.LogGroupLogDestination(self.access_log),
                access_log_format=apigateway.AccessLogFormat.custom(json.dumps(ACCESS_LOG_FIELDS)),
                throttling_rate_limit=requests_per_second,
                throttling_burst_limit=request_burst,
                metrics_enabled=True,
                tracing_enabled=True,
                method_options={
                    f"{route.path}/{route.method}": _own_throttle(
                        route, rate=requests_per_second, burst=request_burst
                    )
                    for route in routes
                    if route.share < 1
                },
            ),
        )
        for route, function in routes.items():
            self.api.root.resource_for_path(route.path).add_method(
                route.method,
                apigateway.LambdaIntegration(function, allow_test_invoke=False),
                authorization_type=apigateway.AuthorizationType.NONE,
            )
        for kind, problem in GATEWAY_PROBLEMS.items():
            self._answer(kind, problem)

    def _answer(self, kind: str, problem: Problem) -> None:
        headers = {
            "Content-Type": "'application/problem+json'",
            "Cache-Control": "'no-store'",
            "X-Correlation-Id": "context.requestId",
        }
        if problem.retry_after_seconds is not None:
            headers["Retry-After"] = f"'{problem.retry_after_seconds}'"
        body = {
            "type": f"/problems/{problem.kind}",
            "title": problem.title,
            "status": problem.status,
            "detail": problem.detail,
            "instance": "$context.path",
            "correlationId": "$context.requestId",
        }
        self.api.add_gateway_response(
            "".join(part.capitalize() for part in kind.split("_")),
            type=apigateway.ResponseType.of(kind),
            status_code=str(problem.status),
            response_headers=headers,
            templates={"application/json": json.dumps(body)},
        )


def _own_throttle(route: Route, *, rate: int, burst: int) -> apigateway.MethodDeploymentOptions:
    """Return a route's own settings, which replace all of the stage's: what is not said is off."""
    return apigateway.MethodDeploymentOptions(
        throttling_rate_limit=max(1, round(rate * route.share)),
        throttling_burst_limit=max(1, round(burst * route.share)),
        metrics_enabled=True,
    )
