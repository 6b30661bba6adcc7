"""The edge as an ASGI application: find the behavior, ask for the grant, let the origin answer."""

import json
import time
from collections.abc import AsyncIterator, Callable, Container
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from infra_cdk.delivery_rules import FILE_METHODS, ROOT_OBJECT, Behavior, behavior_of
from reprise_edge.answers import Answer, hidden, policy_headers, xml_error
from reprise_edge.asgi import Receive, Scope, Send, body_of, send_answer
from reprise_edge.gateway import Gateway
from reprise_edge.grants import KeyGroup, presented
from reprise_edge.holders import without_holder
from reprise_edge.objects import S3
from reprise_edge.refusals import RefusedError
from reprise_edge.requests import TARGET_LIMIT, Request, plain_path
from reprise_edge.upstream import Upstream


@dataclass(frozen=True, slots=True)
class Edge:
    """One distribution. `revoked` are the holders whose grants count no more, whenever they end.

    `log` gets a line of JSON a request; no line holds a grant or a token.
    """

    keys: KeyGroup
    revoked: Container[str]
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
        answer = await self._answer(request, body_of(receive))
        sent = 0
        try:
            sent = await send_answer(answer, send, with_body=request.method != "HEAD")
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
        answer = await self._file(request, behavior=behavior, path=path)
        return _with(answer, policy_headers(request))

    async def _file(self, request: Request, *, behavior: Behavior, path: str) -> Answer:
        if request.method not in FILE_METHODS:
            return xml_error(403, "AccessDenied", "This method is not served here")
        plain: str | None = path
        if behavior.signed:
            try:
                plain = plain_path(self._admitted(request))
            except RefusedError as refused:
                return xml_error(403, refused.code, refused.message)
        if request.method == "OPTIONS":
            return Answer(200, (("Content-Length", "0"),))
        if plain is None:
            return hidden()
        return await self.files.serve(request, behavior=behavior, key=plain[1:] or ROOT_OBJECT)

    def _admitted(self, request: Request) -> str:
        """Return the path of the file that a request may have, as sent but without its holder.

        Raises:
            RefusedError: its grant is none, or was revoked.
        """
        grant = presented(query=request.query, cookies=request.headers.get("cookie", ""))
        self.keys.check(
            grant=grant, base_url=request.base_url, address=request.address, now=self.clock()
        )
        return without_holder(request.path, revoked=self.revoked)

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
