"""What every route can answer besides its success: problems, and the headers of all answers."""

from collections.abc import Mapping
from typing import Annotated, Any, NotRequired, TypedDict

from pydantic import ConfigDict, Field, TypeAdapter, with_config
from pydantic.alias_generators import to_camel

from reprise.edge.bodies import DeviceBody
from reprise.edge.errors import INTERNAL, KINDS, Kind
from reprise.edge.wire import EXAMPLE_ID, IdText, InstantText

PROBLEM_TYPE = "application/problem+json"
HEADER = "#/components/headers/"
EXAMPLE_TAG = '"5d41402abc4b2a76b9719d911017c592"'


class FieldProblemBody(TypedDict):
    """One wrong field."""

    field: Annotated[str, Field(examples=["reports[3].position"])]
    reason: Annotated[str, Field(examples=["is required"])]


@with_config(ConfigDict(alias_generator=to_camel))
class ScreenBody(TypedDict):
    """One screen of the account in use; `title` is null where the profile may not be told."""

    playback_id: IdText
    device: DeviceBody
    title: str | None
    since: InstantText


@with_config(ConfigDict(alias_generator=to_camel))
class ProblemBody(TypedDict):
    """Why a request was refused (RFC 9457). `type` names the kind, which clients may rely on.

    `reason` comes with `forbidden` and says what a client can show; `errors` comes with
    `invalid-request` and names every wrong field at once. `screens` comes with the reason of that
    name: who plays, and what to take over.
    """

    type: Annotated[str, Field(examples=["/problems/not-found"])]
    title: str
    status: int
    detail: str
    instance: Annotated[str, Field(examples=["/v1/history"])]
    correlation_id: Annotated[str, Field(examples=[EXAMPLE_ID])]
    reason: NotRequired[Annotated[str, Field(examples=["maturity"])]]
    errors: NotRequired[list[FieldProblemBody]]
    screens: NotRequired[list[ScreenBody]]


PROBLEM: TypeAdapter[Any] = TypeAdapter(ProblemBody)

KIND_OF: Mapping[int, Kind] = {kind.status: kind for kind in (*KINDS.values(), INTERNAL)}

ALWAYS = frozenset({400, 413, 429, 500, 503})
"""A header sent twice or a parameter that is not known; too large headers or a body; the throttle
of the gateway; what went wrong on our side."""
PROVED = frozenset({401, 403})

HEADERS: Mapping[str, Any] = {
    "X-Correlation-Id": {
        "description": "The request's id in our logs: the one it brought, else one of ours.",
        "required": True,
        "schema": {"type": "string", "examples": [EXAMPLE_ID]},
    },
    "RateLimit-Policy": {
        "description": "The limits by which the request was counted: `q` requests in `w` seconds.",
        "schema": {"type": "string", "examples": ['"session";q=120;w=60']},
    },
    "RateLimit": {
        "description": "What is left of each limit: `r` requests, all again in `t` seconds.",
        "schema": {"type": "string", "examples": ['"session";r=118;t=42']},
    },
    "Retry-After": {
        "description": "Seconds to wait before the next try.",
        "schema": {"type": "integer", "minimum": 1},
    },
    "ETag": {
        "description": "The version of what was answered, for If-None-Match or If-Match.",
        "schema": {"type": "string", "examples": [EXAMPLE_TAG]},
    },
    "WWW-Authenticate": {
        "description": "How to prove who is asking.",
        "schema": {"type": "string", "const": "Bearer"},
    },
}

_COUNTED = ("RateLimit-Policy", "RateLimit")
_OF_STATUS = {
    401: ("WWW-Authenticate",),
    429: ("Retry-After", *_COUNTED),
    503: ("Retry-After",),
}


def headers(*names: str) -> dict[str, Any]:
    """Return references to headers, the correlation id's first."""
    return {name: {"$ref": HEADER + name} for name in ("X-Correlation-Id", *names)}


def success_headers(*, counted: bool, tagged: bool) -> dict[str, Any]:
    """Return the headers of a success that was counted, or whose version is told."""
    return headers(*(_COUNTED if counted else ()), *(("ETag",) if tagged else ()))


def problem_responses(problem: Mapping[str, Any]) -> dict[str, Any]:
    """Return each kind of refusal as a component, by the name of its status."""
    return {name_of(status): _response(kind.title, status, problem) for status, kind in
            sorted(KIND_OF.items())}  # fmt: skip


def refusal(status: int, remark: str, problem: Mapping[str, Any]) -> dict[str, Any]:
    """Return a route's refusal: the common one, or one with a remark of its own."""
    if not remark:
        return {"$ref": f"#/components/responses/{name_of(status)}"}
    return _response(f"{KIND_OF[status].title}: {remark}", status, problem)


def name_of(status: int) -> str:
    """Return the name of a status's component: 413 → `TooLarge`."""
    return "".join(part.capitalize() for part in KIND_OF[status].name.split("-"))


def _response(description: str, status: int, problem: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "description": description,
        "headers": headers(*_OF_STATUS.get(status, ())),
        "content": {PROBLEM_TYPE: {"schema": problem}},
    }
