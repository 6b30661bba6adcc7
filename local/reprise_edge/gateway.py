"""Requests to the API, passed on as CloudFront does: proved to come from here, with the country.

What only the edge may say is taken out of what clients send.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass

from infra_cdk.delivery_rules import (
    API,
    COUNTRY_HEADER,
    DEBUG_COUNTRY_HEADER,
    EDGE_PROOF_HEADER,
)
from reprise_edge.answers import Answer, unavailable_api
from reprise_edge.requests import Request
from reprise_edge.upstream import AWAY, Upstream

_HOP_BY_HOP = {
    "connection",
    "expect",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
_OURS = ("cloudfront-", "x-amz-cf-")
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Gateway:
    """`api_url` finds the API's address, stage included, or None while nothing is deployed.

    Every viewer is in `country`; with `debug_country`, in the one that it names in a header.
    """

    upstream: Upstream
    api_url: Callable[[], str | None]
    secret: str
    country: str
    debug_country: bool

    async def serve(self, request: Request, *, body: AsyncIterator[bytes]) -> Answer:
        """Answer as the API does, or 503 where it does not."""
        api_url = self.api_url()
        if api_url is None:
            return unavailable_api()
        stage = API.pattern.removesuffix("/*")
        url = api_url.removesuffix("/").removesuffix(stage) + request.target
        has_body = {"content-length", "transfer-encoding"} & request.headers.keys()
        try:
            found = await self.upstream.ask(
                request.method,
                url,
                headers=list(self._headers(request)),
                body=body if has_body else None,
            )
        except AWAY:
            return unavailable_api()
        return Answer(
            found.status,
            list(_passed(found.headers)),
            found.aiter_stream(),
            close=found.aclose,
        )

    def _headers(self, request: Request) -> Iterator[tuple[str, str]]:
        for name, value in request.raw_headers:
            if name not in _HOP_BY_HOP and not _is_ours(name):
                yield name, value
        if "transfer-encoding" in request.headers:
            yield "Transfer-Encoding", "chunked"
        yield "X-Forwarded-For", request.address
        yield COUNTRY_HEADER, self._country_of(request)
        yield EDGE_PROOF_HEADER, self.secret

    def _country_of(self, request: Request) -> str:
        named = request.headers.get(DEBUG_COUNTRY_HEADER.lower(), "")
        return named if self.debug_country and _COUNTRY.fullmatch(named) else self.country


def _is_ours(name: str) -> bool:
    taken = {EDGE_PROOF_HEADER.lower(), DEBUG_COUNTRY_HEADER.lower()}
    return name in taken or name.startswith(_OURS)


def _passed(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[str, str]]:
    for name, value in headers:
        if name.decode().lower() not in _HOP_BY_HOP:
            yield name.decode(), value.decode("latin-1")
