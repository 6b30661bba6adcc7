"""Answers the gateway's own errors as the API declares them.

LocalStack takes the status of a declared gateway response and leaves its headers and its body out,
so a path that does not exist would be no problem document here and one on AWS.
"""

import functools
import json
import re
from collections.abc import Mapping
from typing import Any

from localstack.services.apigateway.next_gen.execute_api.context import RestApiInvocationContext
from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    BaseGatewayException,
    get_gateway_response_or_default,
)
from localstack.services.apigateway.next_gen.execute_api.handlers.gateway_exception import (
    GatewayExceptionHandler,
)

_HEADER = "gatewayresponse.header."
_VARIABLE = re.compile(r"\$context\.([\w.]+)")


def answer_as_declared() -> None:
    """Wrap LocalStack's own error answers. Once per process."""
    plain = GatewayExceptionHandler.create_exception_response

    @functools.wraps(plain)
    def create(
        self: GatewayExceptionHandler,
        exception: BaseGatewayException,
        context: RestApiInvocationContext,
    ) -> Any:
        response = plain(self, exception, context)
        declared = get_gateway_response_or_default(
            exception.type, context.deployment.rest_api.gateway_responses
        )
        if not declared.get("defaultResponse"):
            template = (declared.get("responseTemplates") or {}).get("application/json")
            if template:
                response.set_data(_filled(template, context.context_variables))
            for name, mapped in (declared.get("responseParameters") or {}).items():
                value = _mapped(mapped, context.context_variables)
                if name.startswith(_HEADER) and value:
                    response.headers[name.removeprefix(_HEADER)] = value
        return response

    GatewayExceptionHandler.create_exception_response = create


def _filled(template: str, variables: Mapping[str, Any]) -> str:
    """Put context variables in place, as text within a JSON string."""

    def value(match: re.Match[str]) -> str:
        return json.dumps(_variable(match[1], variables))[1:-1]

    return _VARIABLE.sub(value, template)


def _mapped(expression: str, variables: Mapping[str, Any]) -> str:
    """Return what a header's mapping gives: a text in single quotes, or a context variable."""
    if expression.startswith("context."):
        return _variable(expression.removeprefix("context."), variables)
    return expression.strip("'") if expression.startswith("'") else ""


def _variable(path: str, variables: Mapping[str, Any]) -> str:
    found: Any = variables
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return "" if found is None else str(found)
