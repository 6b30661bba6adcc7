"""Files out of S3, a piece at a time, asked for with a signature as origin access control does."""

import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

import httpcore
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from infra_cdk.delivery_rules import PUBLIC_CACHE, SIGNED_CACHE, Behavior, content_type
from reprise_edge.answers import Answer, hidden, no_such_range, unavailable
from reprise_edge.cache import Memory, not_modified, single_range, unchanged
from reprise_edge.requests import Request
from reprise_edge.upstream import AWAY, Upstream

REGION = "us-east-1"
_ACTUAL_SIZE = re.compile(rb"<ActualObjectSize>(\d+)</ActualObjectSize>")
_KEPT = ("content-length", "content-range", "content-encoding", "etag", "last-modified")
_UNTYPED = {"", "binary/octet-stream", "application/octet-stream"}


@dataclass(frozen=True, slots=True)
class S3:
    """The buckets of one endpoint, each for the behaviors of its origin."""

    upstream: Upstream
    endpoint: str
    buckets: Mapping[str, str]
    memory: Memory
    clock: Callable[[], float] = time.monotonic

    async def serve(self, request: Request, *, behavior: Behavior, key: str) -> Answer:
        """Answer with an object, or a range of it, or why there is none."""
        kept = self.memory.get(behavior.origin, key, now=self.clock())
        if kept is not None:
            return _marked(kept.answer(request), "Hit")
        return _marked(await self._fetch(request, behavior=behavior, key=key), "Miss")

    async def _fetch(self, request: Request, *, behavior: Behavior, key: str) -> Answer:
        conditions, only_if = _conditions(request)
        try:
            found = await self._ask(request.method, behavior, key, conditions | only_if)
            if found.status == 412 and only_if:  # it changed since: If-Range wants it whole then
                await found.aclose()
                del conditions["Range"]
                found = await self._ask(request.method, behavior, key, conditions)
            answer = await _answer(found, behavior=behavior, key=key)
        except AWAY:
            return unavailable()
        if answer.status == 200 and unchanged(request, dict(answer.headers)):
            await answer.close()  # S3 compares a single tag only
            return not_modified(answer.headers)
        if request.method == "GET" and _is_whole(answer):
            return self._keeping(answer, behavior=behavior, key=key)
        return answer

    def _keeping(self, answer: Answer, *, behavior: Behavior, key: str) -> Answer:
        """Return the answer, which is kept once all of it has passed."""
        headers, body = dict(answer.headers), answer.body
        headers.pop("Content-Range", None)
        length = headers.get("Content-Length", "")
        if isinstance(body, bytes) or not length or not self.memory.takes(int(length)):
            return answer

        async def passing() -> AsyncIterator[bytes]:
            pieces: list[bytes] = []
            async for piece in body:
                pieces.append(piece)
                yield piece
            whole = b"".join(pieces)
            if len(whole) == int(length):
                now = self.clock()
                self.memory.put(behavior.origin, key, headers=headers, body=whole, now=now)

        return replace(answer, body=passing())

    async def _ask(
        self, method: str, behavior: Behavior, key: str, headers: Mapping[str, str]
    ) -> httpcore.Response:
        bucket = self.buckets[behavior.origin]
        url = f"{self.endpoint}/{bucket}/{quote(key, safe='/-_.~')}"
        signed = AWSRequest(method=method, url=url, headers=dict(headers))
        S3SigV4Auth(Credentials("test", "test"), "s3", REGION).add_auth(signed)
        return await self.upstream.ask(method, url, headers=list(signed.headers.items()))


def _conditions(request: Request) -> tuple[dict[str, str], dict[str, str]]:
    """Return the conditions to pass on, and those under which the range holds."""
    conditions = {}
    for name in ("If-None-Match", "If-Modified-Since"):  # a tag counts alone (RFC 9110, 13.2.2)
        if name.lower() in request.headers:
            conditions[name] = request.headers[name.lower()]
            break
    wanted = single_range(request)
    if wanted is None:
        return conditions, {}
    conditions["Range"] = wanted
    only_if = request.headers.get("if-range", "")
    if not only_if:
        return conditions, {}
    if only_if.startswith("W/"):  # a weak tag proves no octets
        del conditions["Range"]
        return conditions, {}
    return conditions, {"If-Match" if only_if.startswith('"') else "If-Unmodified-Since": only_if}


def _is_whole(answer: Answer) -> bool:
    """Say whether all of a file is coming; some players ask for each file as `bytes=0-`."""
    headers = dict(answer.headers)
    length = int(headers.get("Content-Length", 0))
    return answer.status == 200 or (
        answer.status == 206 and headers.get("Content-Range") == f"bytes 0-{length - 1}/{length}"
    )


def _marked(answer: Answer, what: str) -> Answer:
    return replace(answer, headers=(*answer.headers, ("X-Cache", f"{what} from reprise-edge")))


async def _answer(found: httpcore.Response, *, behavior: Behavior, key: str) -> Answer:
    if found.status in {200, 206, 304}:
        headers = _headers(found, behavior=behavior, key=key)
        return Answer(found.status, headers, found.aiter_stream(), close=found.aclose)
    text = await found.aread()
    await found.aclose()
    if found.status == 416:
        size = _ACTUAL_SIZE.search(text)
        return no_such_range(size.group(1).decode() if size else "*")
    return hidden() if found.status in {403, 404} else unavailable()


def _headers(
    found: httpcore.Response, *, behavior: Behavior, key: str
) -> tuple[tuple[str, str], ...]:
    given = {name.decode().lower(): value.decode("latin-1") for name, value in found.headers}
    headers = {name: given[name] for name in _KEPT if name in given}
    if found.status == 304:
        headers.pop("content-length", None)
    elif given.get("content-type", "") in _UNTYPED:
        headers["content-type"] = content_type(key)
    else:
        headers["content-type"] = given["content-type"]
    cache = SIGNED_CACHE if behavior.signed else PUBLIC_CACHE
    headers["cache-control"] = given.get("cache-control") or cache
    headers["accept-ranges"] = "bytes"
    return tuple((name.title(), value) for name, value in headers.items())
