"""The servers behind Reprise on one machine, for stacks and for tests that break them."""

from reprise_local.servers.base import Server
from reprise_local.servers.cassandra import CassandraServer
from reprise_local.servers.docs import DocsServer
from reprise_local.servers.edge import EdgeServer
from reprise_local.servers.localstack import LocalStackServer
from reprise_local.servers.postgres import PostgresServer
from reprise_local.servers.redis import RedisServer

__all__ = [
    "CassandraServer",
    "DocsServer",
    "EdgeServer",
    "LocalStackServer",
    "PostgresServer",
    "RedisServer",
    "Server",
]
