"""One stack: its servers, started side by side, stopped in the reverse of what leans on what."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from reprise_local import facts
from reprise_local.console import Action
from reprise_local.facts import Facts
from reprise_local.keys import GRANTS_PUBLIC_FILE
from reprise_local.locks import exclusive
from reprise_local.paths import StackFolder
from reprise_local.ports import Ports, ports_of
from reprise_local.servers import (
    CassandraServer,
    DocsServer,
    EdgeServer,
    LocalStackServer,
    PostgresServer,
    RedisServer,
    Server,
)
from reprise_local.servers.edge import EdgeSources

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
        self.edge = self.edge_of()
        self.docs = DocsServer(folder=path / "docs", port=self.ports.docs) if kept else None

    @property
    def servers(self) -> tuple[Server, ...]:
        docs = (self.docs,) if self.docs else ()
        return (self.redis, self.postgres, self.cassandra, *docs, self.edge, self.localstack)

    @property
    def media_url(self) -> str:
        """How players of this machine reach signed files, without a slash behind."""
        return f"{self.edge.url}/media"

    def edge_of(self, *, country: str = "US", debug_country: bool = False) -> EdgeServer:
        """Return the stack's edge, with every viewer in this country.

        It starts once its keys and `deploy.json` are there.
        """
        folder = self.folder
        sources = EdgeSources(
            s3=self.localstack.endpoint,
            keys=folder.keys / GRANTS_PUBLIC_FILE,
            config=folder.deploy_config,
            facts=folder.facts,
            country=country,
            debug_country=debug_country,
        )
        return EdgeServer(
            folder=folder.path / "edge",
            port=self.ports.edge,
            sources=sources,
            store_port=self.ports.edge_store,
        )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let one command at a time change this stack."""
        busy = f"another reprise command is working on the {self.name} stack: wait for it"
        with exclusive(self.folder.lock, busy=busy):
            yield

    def starts(self, *, cloud: bool = True, attach: bool = False) -> dict[str, Action]:
        """Return the steps that start what does not run yet and end when it answers.

        They may run side by side. Without `cloud` there is neither LocalStack nor the edge in
        front of it. With `attach` they start nothing but the docs page and the edge: somebody else
        did.
        """
        clouds, ours = (self.localstack, self.edge), (self.docs, self.edge)
        return {
            server.title: partial(_attach if attach and server not in ours else _start, server)
            for server in self.servers
            if cloud or server not in clouds
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
            return
        gone: Facts = {}
        if self.localstack.title not in running:
            gone |= {"apiUrl": None, "endpointUrl": None}
        if self.edge.title not in running:
            gone |= {"edgeUrl": None}
        if gone:
            facts.write(self.folder, facts.read(self.folder) | gone)

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
            "edgeUrl": None,
            "docsUrl": self.docs.url if self.docs else None,
        }


def _attach(server: Server) -> str:
    server.attach()
    return f"found on port {server.port}"


def _start(server: Server) -> str:
    before = server.identity
    server.start()
    if before is None:
        return f"port {server.port}"
    return "runs already" if server.identity == before else "replaced, it was of older make"
