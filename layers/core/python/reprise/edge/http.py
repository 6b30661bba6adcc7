"""What a route sees of an API Gateway REST proxy event: proved, bounded, case-insensitive.

Nothing here trusts the event: sizes are checked before parsing, singleton headers must come once,
and JSON is read more strictly than Python's reader does (no duplicate keys, no lone surrogates).
"""

import base64
import binascii
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from reprise.domain.errors import NotFoundError, RepriseError, UnauthenticatedError
from reprise.domain.identity import Claims, Viewer
from reprise.edge.errors import (
    FieldProblem,
    InvalidRequestError,
    TooLargeError,
    UnsupportedMediaTypeError,
)

type Event = Mapping[str, Any]

BODY_LIMIT = 16 * 1024
HEADERS_LIMIT = 10_240
"""Bytes of header names and values, as API Gateway itself allows."""

UNKNOWN = "is not known here"
"""Of a field or a parameter that the contract does not name."""

ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_JSON_TYPE = re.compile(r'application/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?', re.IGNORECASE)
_SINGLETONS = frozenset(
    {
        *("authorization", "content-type", "x-correlation-id", "if-none-match", "if-match"),
        *("cloudfront-viewer-country", "x-reprise-edge"),
    }
)


class Context(Protocol):
    """The part of the Lambda context that the edge reads."""

    @property
    def aws_request_id(self) -> str: ...


@dataclass(slots=True)
class Request:
    """One request being answered. `now` is Unix seconds, the same for everything it does.

    `fault` is what is wrong with its headers, to be raised once it can be answered.
    """

    event: Event
    headers: Mapping[str, str]
    correlation_id: str
    now: int
    fault: RepriseError | None = None
    body_limit: int = BODY_LIMIT
    claims: Claims | None = None
    proved: Viewer | None = None
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def viewer(self) -> Viewer:
        """Return who is asking, on a route whose declared access is `viewer`."""
        if self.proved is None:
            raise UnauthenticatedError("sign in first")
        return self.proved

    @property
    def asking(self) -> Claims:
        """Return who is asking, on a route whose declared access is `account`."""
        if self.claims is None:
            raise UnauthenticatedError("sign in first")
        return self.claims

    @property
    def path_parameters(self) -> Mapping[str, str]:
        return self.event.get("pathParameters") or {}

    @property
    def query(self) -> Mapping[str, Sequence[str]]:
        """Return every query parameter with all its values."""
        multi = self.event.get("multiValueQueryStringParameters")
        if multi:
            return {name: values or [""] for name, values in multi.items()}
        single = self.event.get("queryStringParameters") or {}
        return {name: [value or ""] for name, value in single.items()}

    def note(self, **facts: Any) -> None:
        """Add facts to this request's line in the log."""
        self.notes.update(facts)


def read_headers(event: Event) -> tuple[dict[str, str], RepriseError | None]:
    """Return headers by lower-case name, and what is wrong with them.

    The fault is returned, not raised: its answer still needs the correlation id they carry.
    """
    multi = event.get("multiValueHeaders")
    found: dict[str, str] = {}
    again = 0
    repeated: list[FieldProblem] = []
    for name, values in multi.items() if multi else _single_headers(event):
        key = name.lower()
        if key in found or len(values or ()) > 1:
            again += len(key) + len(found.get(key, "")) + sum(map(len, (values or [])[:-1]))
            if key in _SINGLETONS:
                repeated.append(FieldProblem(key, "was sent twice"))
        found[key] = (values[-1] if values else "") or ""
    size = sum(map(len, found)) + sum(map(len, found.values())) + again
    if size - len(found.get("authorization", "")) > HEADERS_LIMIT:
        return found, TooLargeError(f"headers exceed {HEADERS_LIMIT} bytes")
    return found, InvalidRequestError(*repeated) if repeated else None


def _single_headers(event: Event) -> list[tuple[str, list[str]]]:
    return [(name, [value]) for name, value in (event.get("headers") or {}).items()]


def correlation_id_of(headers: Mapping[str, str], event: Event, context: Context) -> str:
    """Return the caller's correlation id where it is well-formed, else the gateway's."""
    brought = headers.get("x-correlation-id")
    if brought is not None and ID.fullmatch(brought):
        return brought
    gateway = (event.get("requestContext") or {}).get("requestId")
    return str(gateway or context.aws_request_id)


def read_json(request: Request) -> dict[str, Any]:
    """Return the body's JSON object.

    Raises:
        InvalidRequestError: there is none, or it is not one object of strict UTF-8 JSON.
        TooLargeError, UnsupportedMediaTypeError: it is too long, or declared as something else.
    """
    text = _body_text(request)
    content_type = request.headers.get("content-type", "")
    if content_type != "application/json" and not _JSON_TYPE.fullmatch(content_type):
        raise UnsupportedMediaTypeError("send application/json")
    try:
        parsed = _DECODER.decode(text)
        if "\\u" in text:
            json.dumps(parsed, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise _bad_body("must not hold lone surrogates") from None
    except (ValueError, RecursionError):
        raise _bad_body("must be JSON") from None
    if not isinstance(parsed, dict):
        raise _bad_body("must be a JSON object")
    return parsed


def check_head(request: Request) -> None:
    """Raises:
    NotFoundError: the path ends with a slash; one resource has one path.
    TooLargeError, InvalidRequestError: what `read_headers` found.
    """
    if request.event["path"].endswith("/"):
        raise NotFoundError("there is nothing here")
    if request.fault is not None:
        raise request.fault


def check_no_query(request: Request) -> None:
    """Refuse whatever is asked of a route that takes no parameters.

    Raises:
        InvalidRequestError: for each that was sent.
    """
    event = request.event
    if event.get("multiValueQueryStringParameters") or event.get("queryStringParameters"):
        raise InvalidRequestError(*(FieldProblem(name, UNKNOWN) for name in request.query))


def check_size(request: Request) -> None:
    """Refuse a body that is too long, on routes that read none as well.

    Raises:
        TooLargeError: the body exceeds the route's limit.
    """
    body = request.event.get("body")
    if not isinstance(body, str):
        return
    size = len(body)
    if request.event.get("isBase64Encoded"):
        size = size * 3 // 4
    elif size * 4 > request.body_limit and not body.isascii():
        size = len(body.encode(errors="surrogatepass"))
    if size > request.body_limit:
        raise TooLargeError(f"the body exceeds {request.body_limit} bytes")


def _body_text(request: Request) -> str:
    body = request.event.get("body")
    if not isinstance(body, str) or not body:
        raise _bad_body("is required")
    if not request.event.get("isBase64Encoded"):
        if not body.isascii() and not _encodes(body):
            raise _bad_body("must be UTF-8")
        return body
    try:
        return base64.b64decode(body, validate=True).decode()
    except (binascii.Error, ValueError):
        raise _bad_body("must be UTF-8") from None


def _bad_body(reason: str) -> InvalidRequestError:
    return InvalidRequestError(FieldProblem("body", reason))


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        counted = Counter(name for name, _ in pairs)
        twice = [name for name, count in counted.items() if count > 1]
        raise InvalidRequestError(*(FieldProblem(name, "was sent twice") for name in twice))
    return unique


_DECODER = json.JSONDecoder(object_pairs_hook=_without_duplicates)
