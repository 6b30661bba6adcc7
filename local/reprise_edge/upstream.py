"""How the edge asks the servers behind it: kept connections, exact targets, short patience."""

from collections.abc import AsyncIterator, Sequence
from urllib.parse import urlsplit

import httpcore

TIMEOUTS = {"connect": 1.0, "read": 30.0, "write": 10.0, "pool": 5.0}
KEPT_SECONDS = 5
AWAY = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError)
"""What a server raises that does not answer, or not to the end."""
_STALE = (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError)


class Upstream:
    """Raises one of `AWAY` where a server does not answer."""

    def __init__(self) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            max_connections=200, max_keepalive_connections=50, keepalive_expiry=KEPT_SECONDS
        )

    async def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Sequence[tuple[str, str]],
        body: AsyncIterator[bytes] | None = None,
    ) -> httpcore.Response:
        """Send the target of `url` as it stands; close the response when done with it.

        A request without a body is sent again where a kept connection turns out to be closed.
        """
        for last in (False, True):
            request = httpcore.Request(
                method,
                url,
                headers=[("Host", urlsplit(url).netloc), *headers],
                content=body,
                extensions={"timeout": TIMEOUTS},
            )
            try:
                return await self._pool.handle_async_request(request)
            except _STALE:
                if last or method not in {"GET", "HEAD"}:
                    raise
        raise AssertionError("the second attempt returns or raises")

    async def close(self) -> None:
        await self._pool.aclose()
