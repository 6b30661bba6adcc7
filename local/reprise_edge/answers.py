"""What the edge answers, and the headers that every answer about a file carries."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from infra_cdk.delivery_rules import (
    ALLOW_HEADERS,
    ALLOW_ORIGINS,
    CORS_SECONDS,
    EXPOSE_HEADERS,
    FILE_METHODS,
    SECURITY_HEADERS,
    STRICT_TRANSPORT,
)
from reprise_edge.requests import Request

RETRY_AFTER_SECONDS = 1
type Headers = Sequence[tuple[str, str]]


async def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is whole, or comes in pieces, after which `close` must be called. `note` is logged."""

    status: int
    headers: Headers
    body: bytes | AsyncIterator[bytes] = b""
    close: Callable[[], Awaitable[None]] = _nothing
    note: str = ""


def xml_error(status: int, code: str, message: str, *, headers: Headers = ()) -> Answer:
    """Return an error in the form of CloudFront and S3."""
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
    ).encode()
    kind = ("Content-Type", "text/xml")
    return Answer(status, (kind, *_length(body), *headers), body, note=code)


def hidden() -> Answer:
    """Return what S3 tells a reader who may not list: there is nothing, or nothing for you."""
    return xml_error(403, "AccessDenied", "Access Denied")


def no_such_range(size: str) -> Answer:
    return xml_error(
        416,
        "InvalidRange",
        "The requested range is not satisfiable",
        headers=(("Content-Range", f"bytes */{size}"),),
    )


def unavailable() -> Answer:
    return xml_error(
        503,
        "ServiceUnavailable",
        "The origin does not answer; try again.",
        headers=(("Retry-After", str(RETRY_AFTER_SECONDS)), ("Cache-Control", "no-store")),
    )


def unavailable_api() -> Answer:
    """Return the same as a problem document: clients of the API parse no other error."""
    body = (
        b'{"type": "/problems/unavailable", "title": "Unavailable", "status": 503,'
        b' "detail": "The service did not answer in time."}'
    )
    return Answer(
        503,
        (
            ("Content-Type", "application/problem+json"),
            ("Retry-After", str(RETRY_AFTER_SECONDS)),
            ("Cache-Control", "no-store"),
            *_length(body),
        ),
        body,
        note="unavailable",
    )


def policy_headers(request: Request) -> Iterator[tuple[str, str]]:
    """Yield the headers of the response headers policy: CORS for who asks from a page, security."""
    yield from SECURITY_HEADERS.items()
    if request.scheme == "https":
        yield "Strict-Transport-Security", STRICT_TRANSPORT
    if "origin" not in request.headers:
        return
    yield "Access-Control-Allow-Origin", ", ".join(ALLOW_ORIGINS)
    yield "Access-Control-Expose-Headers", ", ".join(EXPOSE_HEADERS)
    if request.method == "OPTIONS":
        yield "Access-Control-Allow-Methods", ", ".join(FILE_METHODS)
        yield "Access-Control-Allow-Headers", ", ".join(ALLOW_HEADERS)
        yield "Access-Control-Max-Age", str(CORS_SECONDS)


def _length(body: bytes) -> Headers:
    return (("Content-Length", str(len(body))),)
