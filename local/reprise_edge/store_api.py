"""CloudFront's API of a key value store, as much of it as publishing revoked holders takes.

It answers on a port of its own, never on the viewers'. Credentials of one machine prove nobody, so
a signature is not verified; but it must be there and of the kind that CloudFront demands.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from reprise_edge.answers import Answer
from reprise_edge.asgi import Receive, Scope, Send, body_of, send_answer
from reprise_edge.holder_store import KeyValueStore
from reprise_edge.requests import Request
from reprise_edge.store_errors import StoreError, denied, invalid, missing

SIGNED_WITH = "AWS4-ECDSA-P256-SHA256 "
LISTED, MOST_LISTED = 10, 50
BODY_OCTETS = 3 * 2**20


@dataclass(frozen=True, slots=True)
class StoreApi:
    """DescribeKeyValueStore, ListKeys and UpdateKeys of one store."""

    store: KeyValueStore
    arn: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            answer = self._answer(Request.of(scope), await _whole(body_of(receive)))
        except StoreError as error:
            answer = _json(
                {"Message": error.message},
                status=error.status,
                also=("x-amzn-ErrorType", error.code),
            )
        await send_answer(answer, send, with_body=True)

    def _answer(self, request: Request, body: bytes) -> Answer:
        if not request.headers.get("authorization", "").startswith(SIGNED_WITH):
            raise denied()
        match request.method, [unquote(part) for part in request.path.split("/")]:
            case "GET", ["", "key-value-stores", self.arn]:
                return self._describe()
            case "GET", ["", "key-value-stores", self.arn, "keys"]:
                return self._list(dict(parse_qsl(request.query)))
            case "POST", ["", "key-value-stores", self.arn, "keys"]:
                return self._update(request.headers.get("if-match", ""), _object(body))
            case _:
                raise missing("no such store, or nothing that is done with one here")

    def _describe(self) -> Answer:
        about = {
            "KvsARN": self.arn,
            "Created": self.store.created,
            "LastModified": self.store.modified,
            "Status": "READY",
        }
        return self._versioned(about)

    def _list(self, query: Mapping[str, str]) -> Answer:
        limit = query.get("MaxResults", str(LISTED))
        if not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= MOST_LISTED):
            raise invalid(f"MaxResults is from 1 to {MOST_LISTED}")
        page = self.store.page(after=_key_of(query.get("NextToken", "")), limit=int(limit))
        found: dict[str, Any] = {"Items": [{"Key": key, "Value": value} for key, value in page]}
        if page and self.store.page(after=page[-1][0], limit=1):
            found["NextToken"] = urlsafe_b64encode(page[-1][0].encode()).decode()
        return _json(found)

    def _update(self, etag: str, told: Mapping[str, Any]) -> Answer:
        puts, deletes = _entries(told, "Puts", {"Key", "Value"}), _entries(told, "Deletes", {"Key"})
        values = {put["Key"]: put["Value"] for put in puts}
        if len(values) < len(puts):
            raise invalid("a key stands twice")
        self.store.update(etag=etag, puts=values, deletes=[each["Key"] for each in deletes])
        return self._versioned({})

    def _versioned(self, about: Mapping[str, object]) -> Answer:
        sizes = {"ItemCount": len(self.store), "TotalSizeInBytes": self.store.octets}
        return _json({**about, **sizes}, also=("ETag", self.store.etag))


async def _whole(body: AsyncIterator[bytes]) -> bytes:
    """Return a body once all of it has come: who still sends would not read why it is refused."""
    whole = bytearray()
    async for piece in body:
        if len(whole) <= BODY_OCTETS:
            whole += piece
    if len(whole) > BODY_OCTETS:
        raise invalid("an update is at most 3 MiB")
    return bytes(whole)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise invalid("the body is no JSON") from error
    if not isinstance(found, dict):
        raise invalid("the body is no object")
    return found


def _entries(told: Mapping[str, Any], name: str, fields: set[str]) -> Sequence[Mapping[str, str]]:
    entries = told.get(name) or []
    if not isinstance(entries, list) or not all(_is_entry(each, fields) for each in entries):
        raise invalid(f"each of {name} is {' and '.join(sorted(fields))}, as text")
    return entries


def _is_entry(value: object, fields: set[str]) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == fields
        and all(isinstance(text, str) for text in value.values())
    )


def _key_of(token: str) -> str:
    try:
        return urlsafe_b64decode(token.encode("ascii")).decode()
    except ValueError as error:
        raise invalid("this NextToken was never given") from error


def _json(found: object, *, status: int = 200, also: tuple[str, str] | None = None) -> Answer:
    body = json.dumps(found).encode()
    kind, length = ("Content-Type", "application/json"), ("Content-Length", str(len(body)))
    return Answer(status, [kind, length, *([also] if also else [])], body)
