"""One way to reach Redis: the same client for every adapter of an execution environment."""

from typing import Any

import hiredis
import redis
from redis.backoff import NoBackoff
from redis.cluster import RedisCluster
from redis.exceptions import ClusterDownError, RedisClusterException, SlotNotCoveredError
from redis.retry import Retry

from reprise.domain.errors import UnavailableError

type RedisClient = Any
"""`redis.Redis` or `redis.cluster.RedisCluster`: same commands, no common base class."""


class _Packer:
    """Packs a command without the library's look at every argument for exotic bytes."""

    def pack(self, *args: Any) -> list[bytes]:
        return [hiredis.pack_command((*args[0].split(), *args[1:]))]


class _Kept(redis.Redis):
    """Keeps its connections to itself, one per thread at work at the same time.

    The pool's look at the socket before every command and the library's own measurements cost as
    much processor time as sending and receiving do (decision 0009). What the look would find, a
    connection that died while the environment slept, the command finds too, and is tried again.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._kept: list[Any] = []

    def execute_command(self, *args: Any, **options: Any) -> Any:
        try:
            connection = self._kept.pop()
        except IndexError:
            connection = self.connection_pool.get_connection()

        def ask() -> Any:
            connection.send_command(*args, **options)
            return self.parse_response(connection, args[0], **options)  # type: ignore[no-untyped-call]

        try:
            return connection.retry.call_with_retry(ask, lambda _: connection.disconnect())
        finally:
            self._kept.append(connection)


class _Cluster(RedisCluster):
    """Gives a node that hangs no second helping of the budget; a lost connection is made anew."""

    ERRORS_ALLOW_RETRY = (  # type: ignore[assignment]  # typed by its very members upstream
        redis.ConnectionError,
        ClusterDownError,
        SlotNotCoveredError,
    )


def connect(*, url: str, cluster: bool, timeout_ms: int) -> RedisClient:
    """Return a client that connects on first use, decodes to text and never waits past its budget.

    One reconnect is tried at once, because a Lambda environment that slept wakes up with a dead
    connection; the scripts are idempotent, so repeating one whose answer was lost is safe. Bytes
    that are no text arrive as replacement characters: one bad value must not cost a whole pipeline.
    The client of a cluster learns its slots here and now.

    Raises:
        UnavailableError: no node of the cluster answers.
    """
    timeout = timeout_ms / 1000
    options: dict[str, Any] = {
        "decode_responses": True,
        "encoding_errors": "replace",
        "socket_timeout": timeout,
        "socket_connect_timeout": timeout,
        "socket_keepalive": True,
        "health_check_interval": 0,
        "protocol": 2,
    }
    if cluster:
        try:
            return _Cluster.from_url(url, retry=Retry(NoBackoff(), 1), **options)
        except (RedisClusterException, redis.RedisError) as error:
            raise UnavailableError("live positions do not answer") from error
    retry = Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))
    return _Kept.from_url(url, retry=retry, command_packer=_Packer(), **options)
