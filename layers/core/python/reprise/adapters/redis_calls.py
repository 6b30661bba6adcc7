"""How adapters speak to Redis: scripts by their hash, a time budget, a breaker, one error family.

Time-outs open the breaker, so that a hanging Redis costs an environment its budget only a few
times; refused connections fail at once by themselves and are always tried, so that the first
request after a restart succeeds.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pybreaker
import redis
from redis.exceptions import RedisClusterException

from reprise.adapters.redis_client import RedisClient
from reprise.domain.errors import UnavailableError

LUA_FOLDER = Path(__file__).parent / "lua"
TIMEOUTS_TO_OPEN = 3
OPEN_SECONDS = 2
RETRY_AFTER_SECONDS = 1

type Argument = str | bytes | int


class RedisScript:
    """A Lua script made of files of the `lua` folder, run by hash and sent in full when unknown."""

    def __init__(self, *names: str) -> None:
        self._text = "\n".join((LUA_FOLDER / f"{name}.lua").read_text() for name in names)
        self._sha = hashlib.sha1(self._text.encode(), usedforsecurity=False).hexdigest()

    def run(self, client: RedisClient, *, keys: Sequence[str], args: Sequence[Argument]) -> Any:
        """Run in one round trip; a second only where the server lost its scripts."""
        try:
            return client.evalsha(self._sha, len(keys), *keys, *args)
        except redis.exceptions.NoScriptError:
            return client.eval(self._text, len(keys), *keys, *args)

    def queue(self, pipeline: Any, *, keys: Sequence[str], args: Sequence[Argument]) -> None:
        """Add to a pipeline; `load` must have been called on its client in this environment."""
        pipeline.execute_command("EVALSHA", self._sha, len(keys), *keys, *args)

    def load(self, client: RedisClient) -> None:
        client.script_load(self._text)


class RedisCalls:
    """A client with its breaker. Every failure to answer becomes `UnavailableError`."""

    def __init__(self, client: RedisClient) -> None:
        self.client = client
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=TIMEOUTS_TO_OPEN,
            reset_timeout=OPEN_SECONDS,
            exclude=[lambda error: not _is_timeout(error)],
        )

    def script(self, script: RedisScript, *, keys: Sequence[str], args: Sequence[Argument]) -> Any:
        return self.call(lambda: script.run(self.client, keys=keys, args=args))

    def call[T](self, action: Callable[[], T]) -> T:
        """Run `action` within the breaker.

        Raises:
            UnavailableError: Redis is down, hangs, is full, is loading or is a demoted primary.
        """
        try:
            result: T = self._breaker.call(action)
        except redis.exceptions.ReadOnlyError as error:
            self.client.close()
            raise _unavailable("live positions are changing their primary") from error
        except redis.ResponseError as error:
            if error.status_code == "ERR":
                raise  # a script or a command that is wrong: no retry can mend it
            raise _unavailable("live positions refuse work") from error
        except (redis.RedisError, RedisClusterException, pybreaker.CircuitBreakerError) as error:
            raise _unavailable("live positions do not answer") from error
        return result


def _is_timeout(error: Exception) -> bool:
    """Whether nobody answered in time; a cluster's client wraps what its last node did."""
    return any(isinstance(each, redis.TimeoutError) for each in (error, error.__cause__))


def _unavailable(message: str) -> UnavailableError:
    return UnavailableError(message, retry_after=RETRY_AFTER_SECONDS)
