"""The one table where errors meet HTTP: class → status, problem type, title.

Every failure leaves as `application/problem+json` (RFC 9457) and says only what a caller may know.
What is not in the table is a fault of ours: it answers 500 and its cause stays in the log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reprise.domain.errors import (
    ConflictError,
    NotFoundError,
    PreconditionFailedError,
    RateLimitedError,
    RepriseError,
    UnauthenticatedError,
    UnavailableError,
    UnfitFieldError,
)
from reprise.domain.leases import Lease, ScreensTakenError
from reprise.domain.policy import ForbiddenError


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One wrong field: its path as in `reports[3].position`, and why."""

    field: str
    reason: str


class InvalidRequestError(RepriseError):
    """The request breaks its contract; `problems` names every wrong field at once."""

    def __init__(self, *problems: FieldProblem) -> None:
        super().__init__("the request is not valid")
        self.problems: Sequence[FieldProblem] = problems


class TooLargeError(RepriseError):
    """The body or the headers exceed what the route takes."""


class UnsupportedMediaTypeError(RepriseError):
    """The body is not declared as UTF-8 JSON."""


class MethodNotAllowedError(RepriseError):
    """The path is ours, the method is not."""

    def __init__(self, *, allowed: str) -> None:
        super().__init__(f"this resource answers {allowed} only")
        self.allowed = allowed


@dataclass(frozen=True, slots=True)
class Kind:
    """How a family of errors looks to a client."""

    status: int
    name: str
    title: str


INTERNAL = Kind(500, "internal", "Something went wrong on our side")

KINDS: dict[type[Exception], Kind] = {
    InvalidRequestError: Kind(400, "invalid-request", "The request is not valid"),
    UnfitFieldError: Kind(400, "invalid-request", "The request is not valid"),
    UnauthenticatedError: Kind(401, "unauthenticated", "Sign in first"),
    ForbiddenError: Kind(403, "forbidden", "Not allowed for this profile"),
    NotFoundError: Kind(404, "not-found", "Not found"),
    MethodNotAllowedError: Kind(405, "method-not-allowed", "Method not allowed"),
    ConflictError: Kind(409, "conflict", "Conflicts with what is there"),
    PreconditionFailedError: Kind(412, "precondition-failed", "It has changed since you read it"),
    TooLargeError: Kind(413, "too-large", "The request is too large"),
    UnsupportedMediaTypeError: Kind(415, "unsupported-media-type", "Unsupported media type"),
    RateLimitedError: Kind(429, "rate-limited", "Too many requests"),
    UnavailableError: Kind(503, "unavailable", "Temporarily unavailable"),
}


def kind_of(error: Exception) -> Kind:
    """Return the kind of the nearest class in the table; a stranger is internal."""
    return next((KINDS[cls] for cls in type(error).__mro__ if cls in KINDS), INTERNAL)


def problem(error: Exception, *, instance: str, correlation_id: str) -> dict[str, Any]:
    """Return the problem document of an error, without anything of an unexpected one."""
    kind = kind_of(error)
    detail = str(error) if kind is not INTERNAL else "the failure was recorded under correlationId"
    body: dict[str, Any] = {
        "type": f"/problems/{kind.name}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": instance,
        "correlationId": correlation_id,
    }
    if isinstance(error, ForbiddenError):
        body["reason"] = error.reason
    if isinstance(error, ScreensTakenError):
        body["screens"] = [_screen(lease) for lease in error.holders]
    if isinstance(error, InvalidRequestError):
        body["errors"] = [{"field": p.field, "reason": p.reason} for p in error.problems]
    if isinstance(error, UnfitFieldError):
        body["errors"] = [{"field": error.field, "reason": error.reason}]
    return body


def problem_headers(error: Exception) -> dict[str, str]:
    """Return the headers that an error adds to its answer."""
    if isinstance(error, RateLimitedError | UnavailableError):
        return {"Retry-After": str(max(1, error.retry_after))}
    if isinstance(error, UnauthenticatedError):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, MethodNotAllowedError):
        return {"Allow": error.allowed}
    return {}


def _screen(lease: Lease) -> dict[str, Any]:
    since = datetime.fromtimestamp(lease.since, UTC).replace(tzinfo=None)
    return {
        "playbackId": lease.playback_id,
        "device": lease.device._asdict(),
        "title": lease.title or None,
        "since": f"{since.isoformat(timespec='microseconds')}Z",
    }
