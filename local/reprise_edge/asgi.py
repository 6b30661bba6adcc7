"""Between ASGI's messages and answers: a body as it comes, an answer as it goes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from reprise_edge.answers import Answer
from reprise_edge.upstream import AWAY

type Scope = MutableMapping[str, Any]
type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]


async def body_of(receive: Receive) -> AsyncIterator[bytes]:
    """Yield a request's body as it comes; ends where the client leaves."""
    more = True
    while more:
        message: Mapping[str, Any] = await receive()
        more = message["type"] == "http.request" and message.get("more_body", False)
        if message.get("body"):
            yield message["body"]


async def send_answer(answer: Answer, send: Send, *, with_body: bool) -> int:
    """Send an answer; return the octets of its body that went out."""
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
