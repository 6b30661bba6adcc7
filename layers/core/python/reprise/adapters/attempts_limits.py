"""Attempts counted in Redis by the library `limits`, in a window that moves with the clock.

A key names who tried by a hash only: no address stands in Redis.
"""

import hashlib
import math
import time
from collections.abc import Callable, Mapping

import redis
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter

from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import RedisClient
from reprise.adapters.session_gate import ignore_allowance
from reprise.domain.allowance import Allowance
from reprise.domain.attempts import LIMITS, TOLD, Attempt, Limit

PREFIX = "attempts"


class _OnClient(RedisStorage):
    """The library's storage on a client that is there already, of one server or of a cluster:
    every script of it has one key."""

    STORAGE_SCHEME = ["reprise-client"]  # noqa: RUF012  # the library's own type

    def __init__(self, client: RedisClient) -> None:
        Storage.__init__(self)
        self.storage = client
        self.key_prefix = PREFIX
        self.target_server = "redis"
        self.initialize_storage("")

    @property
    def base_exceptions(self) -> type[Exception]:
        return redis.RedisError


class RedisAttempts:
    """The port `AttemptLimits`. Raises `UnavailableError` where Redis does not answer."""

    def __init__(
        self,
        calls: RedisCalls,
        *,
        limits: Mapping[Attempt, Limit] = LIMITS,
        on_allowance: Callable[[Allowance], None] = ignore_allowance,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`on_allowance` is told what is left to a network address. `clock` is the one that the
        library reads: another is for tests that replace both."""
        self._calls = calls
        self._limits = limits
        self._on_allowance = on_allowance
        self._limiter = MovingWindowRateLimiter(_OnClient(calls.client))
        self._items = {kind: _item(kind, limit) for kind, limit in limits.items()}
        self._clock = clock

    def hit(self, *, kind: Attempt, key: str) -> int | None:
        item, name = self._items[kind], _name(key)
        taken = self._calls.call(lambda: self._limiter.hit(item, name))
        if taken and kind not in TOLD:
            return None
        window = self._calls.call(lambda: self._limiter.get_window_stats(item, name))
        wait = max(1, math.ceil(window.reset_time - self._clock()))
        if kind in TOLD:
            limit = self._limits[kind]
            left = Allowance(TOLD[kind], limit.times, limit.seconds, window.remaining, wait)
            self._on_allowance(left)
        return None if taken else wait

    def clear(self, *, kind: Attempt, key: str) -> None:
        item, name = self._items[kind], _name(key)
        self._calls.call(lambda: self._limiter.clear(item, name))


def _item(kind: Attempt, limit: Limit) -> RateLimitItem:
    return RateLimitItemPerSecond(limit.times, limit.seconds, namespace=kind)


def _name(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
