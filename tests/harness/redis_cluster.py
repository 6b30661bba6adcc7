"""A Redis Cluster of one node: the only way to see that scripts and pipelines stay in one slot."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis

READY_WITHIN_SECONDS = 10.0


@contextmanager
def redis_cluster(folder: Path) -> Iterator[str]:
    """Start a node that owns all slots, yield its URL, and end it."""
    port = _free_port()
    process = subprocess.Popen(
        [
            "redis-server",
            *("--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)),
            *("--cluster-enabled", "yes", "--save", "", "--appendonly", "no"),
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        with redis.Redis(port=port, protocol=2) as node:
            _form(node)
        yield f"redis://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def _form(node: Any) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    formed = False
    while time.monotonic() < deadline:
        try:
            if not formed:
                node.execute_command("CLUSTER ADDSLOTSRANGE", 0, 16383)
                formed = True
            if node.execute_command("CLUSTER INFO")["cluster_state"] == "ok":
                return
        except redis.ConnectionError:
            pass
        time.sleep(0.05)
    raise TimeoutError("the Redis cluster did not form")


def _free_port() -> int:
    """Return a free port whose bus port, 10,000 above, is a port too."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port < 55_000:
            return port
