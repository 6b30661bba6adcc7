"""The ports of each stack, and who holds one that we want."""

import os
import shutil
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import astuple, dataclass

from reprise_local.errors import LocalError


@dataclass(frozen=True, slots=True)
class Ports:
    """Loopback ports of one stack, all away from the usual ones but LocalStack's own."""

    localstack: int
    redis: int
    cassandra: int
    cassandra_storage: int
    postgres: int
    edge: int
    edge_store: int
    docs: int


OFFSET = "REPRISE_PORT_OFFSET"
"""The variable that moves every port, so that two checkouts run on one machine."""

_PORTS = {
    "dev": Ports(
        localstack=4566,
        redis=16379,
        cassandra=19042,
        cassandra_storage=17000,
        postgres=15432,
        edge=18080,
        edge_store=18070,
        docs=18090,
    ),
    "test": Ports(
        localstack=14566,
        redis=26379,
        cassandra=29042,
        cassandra_storage=27000,
        postgres=25432,
        edge=28080,
        edge_store=28070,
        docs=28090,
    ),
}

STACKS = tuple(_PORTS)
HIGHEST_OFFSET = 65_535 - max(max(astuple(ports)) for ports in _PORTS.values())


def ports_of(stack: str, *, environment: Mapping[str, str] = os.environ) -> Ports:
    """Return the ports of `dev` or `test`.

    Raises:
        LocalError: the offset asked for is no number of ports.
    """
    text = environment.get(OFFSET, "0")
    offset = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= offset <= HIGHEST_OFFSET:
        raise LocalError(
            f"{OFFSET} is {text!r}, not a number from 0 to {HIGHEST_OFFSET}",
            mend=f"unset {OFFSET}",
        )
    return Ports(*(port + offset for port in astuple(_PORTS[stack])))


def free_port() -> int:
    """Return a port that nothing listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_taken(port: int) -> bool:
    """Say whether something listens on this port of any address that covers loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def holder(port: int) -> str:
    """Name what listens on a port, as well as this user may see it."""
    if shutil.which("ss") is None:
        return "another process"
    listing = subprocess.run(
        ["ss", "-Hltnp", f"sport = :{port}"], capture_output=True, text=True, check=False
    ).stdout
    _, _, users = listing.partition("users:((")
    if not users:
        return "another user's process"
    name = users.split('"')[1]
    pid = users.partition("pid=")[2].partition(",")[0]
    return f"{name} (process {pid})"


def require_free(*, port: int, purpose: str) -> None:
    """Raises:
    LocalError: the port is taken; says by what.
    """
    if is_taken(port):
        raise LocalError(
            f"port {port} for {purpose} is taken by {holder(port)}",
            mend=f"ss -ltnp 'sport = :{port}'  # end what holds it, then try again",
        )
