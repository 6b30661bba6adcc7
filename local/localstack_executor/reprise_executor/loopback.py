"""Makes LocalStack listen where it is told to.

Its server takes the port of `GATEWAY_LISTEN` and leaves the address out, for IPv4: a cloud meant
for this machine would answer the whole network, with every function and secret in it.
"""

from types import SimpleNamespace
from typing import Any

from localstack import config
from localstack.runtime.server import twisted as server
from twisted.internet import endpoints


def listen_where_told() -> None:
    """Bind the gateway to the addresses of `GATEWAY_LISTEN`. Once per process, before it starts."""
    hosts = {told.port: told.host for told in config.GATEWAY_LISTEN}

    def on_host(reactor: Any, port: int) -> Any:
        return endpoints.TCP4ServerEndpoint(reactor, port, interface=hosts[port])

    server.endpoints = SimpleNamespace(
        TCP4ServerEndpoint=on_host, TCP6ServerEndpoint=endpoints.TCP6ServerEndpoint
    )
