"""The edge as an ASGI application: find the behavior, ask for the grant, let the origin answer."""

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from infra_cdk.delivery_rules import FILE_METHODS, ROOT_OBJECT, Behavior, behavior_of
from reprise_edge.answers import Answer, hidden, policy_headers, xml_error
from reprise_edge.gateway import Gateway
from reprise_edge.grants import KeyGroup, presented
from reprise_edge.objects import S3
from reprise_edge.refusals import RefusedError
from reprise_edge.requests import TARGET_LIMIT, Request, plain_path
from reprise_edge.upstream import AWAY, Upstream

type Scope = MutableMapping[str, Any]
type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Edge:
    """One distribution. `log` gets a line of JSON a request; no line holds a grant or a token."""

    keys: KeyGroup
    files: S3
    gateway: Gateway
    upstream: Upstream
    log: Callable[[str], None]
    clock: Callable[[], float] = time.time

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(Request.of(scope), receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.upstream.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, request: Request, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        answer = await self._answer(request, _body(receive))
        sent = 0
        try:
            sent = await _send(answer, send, with_body=request.method != "HEAD")
        finally:
            await answer.close()
            self._write(request, answer, sent=sent, seconds=time.perf_counter() - began)

    async def _answer(self, request: Request, body: AsyncIterator[bytes]) -> Answer:
        if len(request.target) > TARGET_LIMIT:
            return xml_error(414, "RequestURITooLong", "The URL is longer than 8,192 octets")
        path = plain_path(request.path)
        if path is None:
            return hidden()
        behavior = behavior_of(path)
        if behavior.origin == "api":
            return await self.gateway.serve(request, body=body)
        answer = await self._file(request, behavior=behavior, key=path[1:] or ROOT_OBJECT)
        return _with(answer, policy_headers(request))

    async def _file(self, request: Request, *, behavior: Behavior, key: str) -> Answer:
        if request.method not in FILE_METHODS:
            return xml_error(403, "AccessDenied", "This method is not served here")
        if behavior.signed:
            try:
                self._check(request)
            except RefusedError as refused:
                return xml_error(403, refused.code, refused.message)
        if request.method == "OPTIONS":
            return Answer(200, (("Content-Length", "0"),))
        return await self.files.serve(request, behavior=behavior, key=key)

    def _check(self, request: Request) -> None:
        grant = presented(query=request.query, cookies=request.headers.get("cookie", ""))
        self.keys.check(
            grant=grant, base_url=request.base_url, address=request.address, now=self.clock()
        )

    def _write(self, request: Request, answer: Answer, *, sent: int, seconds: float) -> None:
        line = {
            "time": datetime.fromtimestamp(self.clock(), tz=UTC).isoformat(),
            "address": request.address,
            "method": request.method,
            "host": request.headers.get("host", ""),
            "path": request.path[:TARGET_LIMIT],
            "status": answer.status,
            "refusal": answer.note or None,
            "range": request.headers.get("range"),
            "bytes": sent,
            "ms": round(seconds * 1000, 2),
        }
        self.log(json.dumps(line))


def _with(answer: Answer, headers: Any) -> Answer:
    return replace(answer, headers=(*answer.headers, *headers))


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    """Yield a request's body as it comes; ends where the client leaves."""
    more = True
    while more:
        message: Mapping[str, Any] = await receive()
        more = message["type"] == "http.request" and message.get("more_body", False)
        if message.get("body"):
            yield message["body"]


async def _send(answer: Answer, send: Send, *, with_body: bool) -> int:
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    sent = 0
    if with_body and isinstance(answer.body, bytes):
        sent = len(answer.body)
        await send({"type": "http.response.body", "body": answer.body})
        return sent
    if with_body and not isinstance(answer.body, bytes):
        try:
            async for piece in answer.body:
                sent += len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        except AWAY as error:
            # The status is out: only an answer that breaks off tells the client that it is short.
            raise ConnectionAbortedError("the origin broke off") from error
    await send({"type": "http.response.body", "body": b""})
    return sent
