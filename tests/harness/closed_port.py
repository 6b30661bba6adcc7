"""Addresses on loopback where nothing answers."""

import socket


def closed_port() -> int:
    """Return a port that refuses connections."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def closed_redis_url() -> str:
    return f"redis://127.0.0.1:{closed_port()}/0"


def closed_postgres_dsn() -> str:
    return f"postgresql://nobody@127.0.0.1:{closed_port()}/nothing"
