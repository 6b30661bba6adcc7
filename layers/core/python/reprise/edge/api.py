"""The frame around every route: what comes in is proved and bounded, what goes out is uniform.

A handler module builds one `Api` with the access it declares, registers one function that turns a
`Request` into a `Reply`, and hands `lambda_handler` over to `Api.handle`. Everything that routes
share happens here: correlation id, the proof of the caller, sizes, errors as problem documents,
security headers, and the one line in the log.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, TypeAdapter

from reprise.domain.errors import NotFoundError
from reprise.edge import allowances, auth, errors, observability
from reprise.edge.auth import Access, Prover
from reprise.edge.http import (
    BODY_LIMIT,
    Context,
    Event,
    Request,
    check_head,
    check_no_query,
    check_size,
    correlation_id_of,
    read_headers,
)
from reprise.edge.responses import Reply

type Route = Callable[[Request], Reply]

SECURITY_HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What a route takes and answers, for the description of the API.

    `answer` is what `status` carries, None where it has no body. Which problems a route answers
    with stands in its handler module's docstring.
    """

    method: str
    path: str
    status: int
    body: type[BaseModel] | None
    body_required: bool
    query: type[BaseModel] | None
    answer: TypeAdapter[Any] | None


class Api:
    """One function's routes behind API Gateway, all with the same declared access.

    `prover` proves tokens, and tells the time, on every access but `public`. `methods` is what the
    function answers: the method of each path. Kids profiles reach routes of the account only where
    `kids_may`.
    """

    def __init__(
        self, *, access: Access, prover: Prover | None = None, kids_may: bool = False
    ) -> None:
        self.access = access
        self.methods: dict[str, str] = {}
        self.operations: dict[str, Operation] = {}
        self._prover = prover
        self.kids_may = kids_may
        self._limits: dict[str, int] = {}
        self._routes: dict[tuple[str, str], Route] = {}

    def route(
        self,
        method: str,
        path: str,
        *,
        body_limit: int = BODY_LIMIT,
        status: int = 200,
        body: type[BaseModel] | None = None,
        body_required: bool = True,
        query: type[BaseModel] | None = None,
        answer: TypeAdapter[Any] | None = None,
    ) -> Callable[[Route], Route]:
        """Register the function that answers `method path`; the path as API Gateway writes it.

        `status`, `body`, `body_required`, `query` and `answer` describe the route (see
        `Operation`); the function itself reads and checks the request, but where there is no
        `query` nobody may send one.
        """

        def register(function: Route) -> Route:
            self._limits[path] = body_limit
            self.methods[path] = method
            self.operations[path] = Operation(
                method=method,
                path=path,
                status=status,
                body=body,
                body_required=body_required,
                query=query,
                answer=answer,
            )
            self._routes[path, method] = function
            return function

        return register

    def handle(self, event: Event, context: Context) -> dict[str, Any]:
        """Answer one event: always with a response, never with an exception.

        API Gateway has matched the path already: its `resource` names the route.
        """
        started = time.perf_counter()
        allowances.forget()
        if not _is_proxy_event(event):
            event = _NO_EVENT
        resource = event.get("resource") or ""
        headers, fault = read_headers(event)
        request = Request(
            event=event,
            headers=headers,
            correlation_id=correlation_id_of(headers, event, context),
            now=int(self._prover.clock() if self._prover else time.time()),
            fault=fault,
            body_limit=self._limits.get(resource, BODY_LIMIT),
        )
        try:
            reply = self._answer(request, self._routes.get((resource, event["httpMethod"])))
        except Exception as error:  # noqa: BLE001  # the one place where failures become answers
            reply = _failed(request, error)
        _write_line(request, context, status=reply.status, started=started)
        return _response(request, reply)

    def _answer(self, request: Request, route: Route | None) -> Reply:
        if route is None:
            raise self._no_route(request.event)
        check_head(request)
        auth.prove(request, access=self.access, prover=self._prover, kids_may=self.kids_may)
        check_size(request)
        if self.operations[request.event["resource"]].query is None:
            check_no_query(request)
        return route(request)

    def _no_route(self, event: Event) -> Exception:
        if event is _NO_EVENT:
            problem = errors.FieldProblem("event", "must be an API Gateway REST proxy event")
            return errors.InvalidRequestError(problem)
        allowed = self.methods.get(event.get("resource") or "")
        if allowed is not None:
            return errors.MethodNotAllowedError(allowed=allowed)
        return NotFoundError("there is nothing here")


_NO_EVENT: Event = {"httpMethod": "", "path": "", "requestContext": {"stage": ""}}


def _is_proxy_event(event: object) -> bool:
    return (
        isinstance(event, dict)
        and isinstance(event.get("httpMethod"), str)
        and isinstance(event.get("path"), str)
    )


def _failed(request: Request, error: Exception) -> Reply:
    kind = errors.kind_of(error)
    request.note(problem=kind.name, error=type(error).__name__)
    if kind is errors.INTERNAL:
        observability.logger.exception(
            "unexpected failure", extra={"correlationId": request.correlation_id}
        )
    elif isinstance(error, errors.InvalidRequestError):
        request.note(fields=[problem.field[:64] for problem in error.problems[:20]])
    elif kind.status >= 500:
        request.note(detail=str(error), cause=type(error.__cause__).__name__)
    document = errors.problem(
        error, instance=_asked(request.event), correlation_id=request.correlation_id
    )
    return Reply(
        status=kind.status,
        body=json.dumps(document),
        content_type="application/problem+json",
        headers=errors.problem_headers(error),
    )


def _asked(event: Event) -> str:
    """Return the path as the client asked for it: a proxy event's own lacks the stage."""
    return str((event.get("requestContext") or {}).get("path") or event["path"])


def _response(request: Request, reply: Reply) -> dict[str, Any]:
    """Return the answer as a REST API's proxy integration reads it."""
    headers = {
        **SECURITY_HEADERS,
        "X-Correlation-Id": request.correlation_id,
        **allowances.headers(),
        **reply.headers,
    }
    if reply.content_type is not None:
        headers["Content-Type"] = reply.content_type
    return {
        "statusCode": reply.status,
        "body": reply.body,
        "isBase64Encoded": False,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
    }


def _write_line(request: Request, context: Context, *, status: int, started: float) -> None:
    event = request.event
    facts = {
        "correlationId": request.correlation_id,
        "requestId": context.aws_request_id,
        "status": status,
        **request.notes,
    }
    if request.proved is not None:
        facts["profileId"] = request.proved.profile_id
    elif request.claims is not None:
        facts["accountId"] = request.claims.account_id
    observability.write_line(
        route=f"{event['httpMethod']} {event.get('resource') or 'unknown'}",
        level="INFO" if status < 500 else "ERROR",
        facts=facts,
        milliseconds=round((time.perf_counter() - started) * 1000, 3),
    )
