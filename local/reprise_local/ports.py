"""The ports of each stack, and who holds one that we want."""

import shutil
import socket
import subprocess
from dataclasses import dataclass

from reprise_local.errors import LocalError


@dataclass(frozen=True, slots=True)
class Ports:
    """Loopback ports of one stack, all away from the usual ones but LocalStack's own."""

    localstack: int
    redis: int
    cassandra: int
    cassandra_storage: int
    postgres: int


PORTS = {
    "dev": Ports(
        localstack=4566, redis=16379, cassandra=19042, cassandra_storage=17000, postgres=15432
    ),
    "test": Ports(
        localstack=14566, redis=26379, cassandra=29042, cassandra_storage=27000, postgres=25432
    ),
}


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
