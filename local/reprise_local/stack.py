"""One stack: its servers, started side by side, stopped in the reverse of what leans on what."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from reprise_local import facts
from reprise_local.console import Action
from reprise_local.facts import Facts
from reprise_local.locks import exclusive
from reprise_local.paths import StackFolder
from reprise_local.ports import Ports, ports_of
from reprise_local.servers import (
    CassandraServer,
    DocsServer,
    LocalStackServer,
    PostgresServer,
    RedisServer,
    Server,
)

KEYSPACE = "reprise"


class Stack:
    """The servers of `dev` or `test`: same shape, ports and data of their own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = StackFolder(name)
        self.ports: Ports = ports_of(name)
        kept = name == "dev"
        path = self.folder.path
        self.redis = RedisServer(folder=path / "redis", port=self.ports.redis, keep=kept)
        self.postgres = PostgresServer(
            folder=path / "postgres", port=self.ports.postgres, durable=kept
        )
        self.cassandra = CassandraServer(
            folder=path / "cassandra",
            port=self.ports.cassandra,
            storage_port=self.ports.cassandra_storage,
            keyspace=KEYSPACE,
        )
        self.localstack = LocalStackServer(folder=path / "localstack", port=self.ports.localstack)
        self.docs = DocsServer(folder=path / "docs", port=self.ports.docs) if kept else None

    @property
    def servers(self) -> tuple[Server, ...]:
        docs = (self.docs,) if self.docs else ()
        return (self.redis, self.postgres, self.cassandra, *docs, self.localstack)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let one command at a time change this stack."""
        busy = f"another reprise command is working on the {self.name} stack: wait for it"
        with exclusive(self.folder.lock, busy=busy):
            yield

    def starts(self, *, cloud: bool = True, attach: bool = False) -> dict[str, Action]:
        """Return the steps that start what does not run yet and end when it answers.

        They may run side by side. With `attach` they start nothing but the docs page: somebody
        else did.
        """
        chosen = [server for server in self.servers if cloud or server is not self.localstack]
        return {
            server.title: partial(_attach if attach and server is not self.docs else _start, server)
            for server in chosen
        }

    def stop(self) -> list[str]:
        """End everything that this stack started, LocalStack first: it may be calling the rest.

        Returns the titles of what ran.
        """
        ended = [self.localstack.title] if self.localstack.stop() else []
        others = [server for server in self.servers if server is not self.localstack]
        with ThreadPoolExecutor(max_workers=len(others)) as pool:
            ran = list(pool.map(lambda server: server.stop(), others))
        return [*ended, *(server.title for server, was in zip(others, ran, strict=True) if was)]

    def forget_what_ended(self) -> None:
        """Let `stack.json` promise nothing that does not run any more."""
        running = {server.title for server in self.servers if server.running}
        if not self.folder.facts.exists():
            return
        if self.redis.title not in running:
            facts.forget(self.folder)
        elif self.localstack.title not in running:
            known = facts.read(self.folder)
            facts.write(self.folder, known | {"apiUrl": None, "endpointUrl": None})

    def reset(self) -> None:
        """Stop and delete all data; the installed tools stay."""
        self.stop()
        self.postgres.erase()
        shutil.rmtree(self.folder.path, ignore_errors=True)
        facts.forget(self.folder)

    def stores(self) -> Facts:
        """Return the part of `stack.json` that is known before anything is deployed."""
        return {
            "apiUrl": None,
            "redisUrl": self.redis.url,
            "cassandra": {
                "host": "127.0.0.1",
                "port": self.ports.cassandra,
                "keyspace": KEYSPACE,
            },
            "postgresUrl": self.postgres.url,
            "accounts": [],
            "catalog": None,
            "endpointUrl": None,
            "docsUrl": self.docs.url if self.docs else None,
        }


def _attach(server: Server) -> str:
    server.attach()
    return f"found on port {server.port}"


def _start(server: Server) -> str:
    note = "runs already" if server.running else f"port {server.port}"
    server.start()
    return note
