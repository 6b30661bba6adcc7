"""Redis as a cache that must not lose what is dirty: evicts only what has a TTL."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import redis as redis_driver
from redis.backoff import NoBackoff
from redis.retry import Retry

from reprise_local.errors import LocalError
from reprise_local.servers.base import Server


class RedisServer(Server):
    """A `redis-server` as ElastiCache would be: `volatile-lru`, never touching keys without TTL.

    `keep` saves on a polite stop and loads on start, so that a developer's stack sleeps and wakes.
    """

    title = "Redis"
    patience = 20

    def __init__(
        self, *, folder: Path, port: int, max_memory: str = "512mb", keep: bool = False
    ) -> None:
        super().__init__(folder=folder, port=port)
        self.max_memory = max_memory
        self.keep = keep

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> Sequence[str]:
        program = shutil.which("redis-server")
        if program is None:
            raise LocalError("redis-server is not installed", mend="make install")
        options = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "dir": str(self.folder),
            "save": "",
            "appendonly": "no",
            "maxmemory": self.max_memory,
            "maxmemory-policy": "volatile-lru",
            "daemonize": "no",
            "shutdown-on-sigterm": "save" if self.keep else "nosave",
        }
        return [
            program,
            *(part for name, value in options.items() for part in (f"--{name}", value)),
        ]

    def answers(self) -> bool:
        client = redis_driver.Redis(
            port=self.port,
            socket_timeout=1,
            socket_connect_timeout=1,
            protocol=2,
            retry=Retry(NoBackoff(), 0),
        )
        try:
            return bool(client.ping())
        except redis_driver.RedisError:
            return False
        finally:
            client.close()
