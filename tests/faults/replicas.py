"""A replica that a test promotes, in step or lagging behind."""

from dataclasses import dataclass

from reprise.adapters.redis_client import RedisClient
from reprise_local.servers import RedisServer
from tests.faults.waiting import eventually


@dataclass(frozen=True, slots=True)
class Replica:
    """A second Redis that follows the test's own until it is promoted."""

    server: RedisServer
    client: RedisClient

    def follow(self, primary: RedisClient, *, port: int) -> None:
        primary.config_set("repl-diskless-sync-delay", 0)
        self.client.replicaof("127.0.0.1", port)
        eventually(lambda: self.client.info("replication")["master_link_status"] == "up")

    def catch_up(self, primary: RedisClient) -> None:
        """Return when it has everything that the primary had; `WAIT` counts its own connection's
        writes, so one is made behind all the others."""
        primary.incr("written-before-waiting")
        assert primary.wait(1, 5_000) == 1

    def promote(self) -> None:
        """Stop following: from now on it has what it had."""
        self.client.replicaof("NO", "ONE")
