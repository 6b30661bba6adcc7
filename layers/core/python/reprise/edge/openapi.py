"""The API's description in OpenAPI 3.1, made of what the handlers themselves say.

Nothing here is loaded by a function: `reprise openapi` builds the document, and a test compares.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reprise.edge import openapi_answers as answers
from reprise.edge.api import Operation
from reprise.edge.auth import Access
from reprise.edge.openapi_notes import Notes, NotesError, read_notes
from reprise.edge.openapi_schemas import Schemas
from reprise.edge.wire import EXAMPLE_ID, ID_PATTERN

_ABOUT = """\
A streaming backend that never loses a viewer's place.

Bodies are JSON with camelCase names. Positions and durations are media seconds, instants are
RFC 3339 in UTC, ids are opaque. Fields may be added at any time; unknown fields of a request are
refused. Every refusal is an `application/problem+json` document that names every wrong field.
"""

_WHO: Mapping[Access, str] = {
    "public": "Needs no token.",
    "account": "Needs an access token; a profile need not be selected.",
    "viewer": "Needs an access token with a selected profile.",
}

_SUCCESS = {
    200: "Done",
    201: "Made",
    202: "Taken",
    204: "Done; there is nothing more to say",
    304: "Exactly what If-None-Match names",
}

_PATH_PARAMETER = re.compile(r"{(\w+)}")

_CORRELATION_ID = {
    "name": "X-Correlation-Id",
    "in": "header",
    "description": "An id of the caller's own, `[A-Za-z0-9_-]{1,64}`, to be found in our logs.",
    "schema": {"type": "string", "examples": ["order_66-a"]},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One route: its folder, what its handler declares, and bodies to show as examples."""

    area: str
    name: str
    access: Access
    kids_may: bool
    docstring: str
    operation: Operation
    examples: Mapping[str, Any] = field(default_factory=dict)


def describe(*, routes: Sequence[Described], version: str) -> dict[str, Any]:
    """Return the OpenAPI document of these routes, in their order.

    Raises:
        NotesError: a handler's docstring does not say what it has to.
        SchemaError: two bodies have the same name.
    """
    operations = [route.operation for route in routes]
    queries = [operation.query for operation in operations if operation.query]
    schemas = Schemas(
        read=[*queries, *(each.body for each in operations if each.body)],
        written=[answers.PROBLEM, *(each.answer for each in operations if each.answer)],
    )
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        methods = paths.setdefault(route.operation.path, {})
        methods[route.operation.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Reprise", "version": version, "description": _ABOUT},
        "servers": [{"url": "/v1"}],
        "tags": [{"name": area} for area in dict.fromkeys(route.area for route in routes)],
        "paths": paths,
        "components": {
            "schemas": schemas.components(without=queries),
            "responses": answers.problem_responses(schemas.of(answers.PROBLEM)),
            "headers": dict(answers.HEADERS),
            "parameters": {"CorrelationId": _CORRELATION_ID},
            "securitySchemes": {
                "accessToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def _operation(route: Described, schemas: Schemas) -> dict[str, Any]:
    operation = route.operation
    notes = read_notes(route.docstring, method=operation.method, path=operation.path)
    if operation.status not in notes.statuses:
        raise NotesError(f"{operation.method} {operation.path} answers {operation.status}: say so")
    described: dict[str, Any] = {
        "operationId": _camel(route.name),
        "tags": [route.area],
        "summary": notes.summary,
        "description": _about(route, notes),
        "security": [{"accessToken": []}] if route.access != "public" else [],
        "parameters": _parameters(operation, notes, schemas),
    }
    if operation.body is not None:
        described["requestBody"] = _body(route, schemas)
    described["responses"] = _responses(route, notes, schemas)
    return described


def _about(route: Described, notes: Notes) -> str:
    kids = route.access == "account" and not route.kids_may
    said = [_WHO[route.access], "Refused to kids profiles." if kids else ""]
    return "\n\n".join(filter(None, [notes.more, " ".join(filter(None, said))]))


def _parameters(operation: Operation, notes: Notes, schemas: Schemas) -> list[dict[str, Any]]:
    in_path = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": ID_PATTERN, "examples": [EXAMPLE_ID]},
        }
        for name in _PATH_PARAMETER.findall(operation.path)
    ]
    fields = schemas.fields(operation.query) if operation.query else {}
    in_query = [
        {"name": name, "in": "query", "required": required, "schema": schema}
        for name, (schema, required) in fields.items()
    ]
    return [
        *in_path,
        *in_query,
        *_conditions(notes),
        {"$ref": "#/components/parameters/CorrelationId"},
    ]


def _conditions(notes: Notes) -> list[dict[str, Any]]:
    """Return the conditional headers that a route reads, told by the statuses they lead to."""
    named = {304: "If-None-Match", 412: "If-Match"}
    return [
        {
            "name": name,
            "in": "header",
            "description": "The ETag of what was read.",
            "schema": {"type": "string", "examples": [answers.EXAMPLE_TAG]},
        }
        for status, name in named.items()
        if status in notes.statuses
    ]


def _body(route: Described, schemas: Schemas) -> dict[str, Any]:
    assert route.operation.body is not None
    content: dict[str, Any] = {"schema": schemas.of(route.operation.body)}
    if route.examples:
        content["examples"] = {name: {"value": body} for name, body in route.examples.items()}
    return {
        "required": route.operation.body_required,
        "content": {"application/json": content},
    }


def _responses(route: Described, notes: Notes, schemas: Schemas) -> dict[str, Any]:
    problem = schemas.of(answers.PROBLEM)
    statuses = set(notes.statuses) | answers.ALWAYS
    if route.access != "public":
        statuses |= answers.PROVED
    if _PATH_PARAMETER.search(route.operation.path):
        statuses.add(404)
    if route.operation.body is not None:
        statuses.add(415)
    return {
        str(status): _success(status, route, notes, schemas)
        if status < 400
        else answers.refusal(status, notes.statuses.get(status, ""), problem)
        for status in sorted(statuses)
    }


def _success(status: int, route: Described, notes: Notes, schemas: Schemas) -> dict[str, Any]:
    adapter = route.operation.answer if status not in {204, 304} else None
    told = schemas.about(adapter) if adapter else None
    response: dict[str, Any] = {
        "description": notes.statuses[status] or told or _SUCCESS[status],
        "headers": answers.success_headers(
            counted=route.access != "public" or 429 in notes.statuses,
            tagged=status != 204 and not {304, 412}.isdisjoint(notes.statuses),
        ),
    }
    if adapter is not None:
        response["content"] = {"application/json": {"schema": schemas.of(adapter)}}
    return response


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)
