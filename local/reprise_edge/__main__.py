"""`python -m reprise_edge`: runs the edge in the foreground, on loopback and nowhere else."""

import argparse
import asyncio
import contextlib
import json
import logging
import sys
from collections.abc import Callable, Container, Generator, Sequence
from pathlib import Path
from typing import Literal

import uvicorn

from reprise_edge.app import Edge
from reprise_edge.cache import Memory
from reprise_edge.gateway import Gateway
from reprise_edge.grants import KeyGroup
from reprise_edge.holder_store import KeyValueStore
from reprise_edge.objects import S3
from reprise_edge.store_api import StoreApi
from reprise_edge.upstream import Upstream

HOST = "127.0.0.1"
GRACE_SECONDS = 3


def main(arguments: Sequence[str] | None = None) -> None:
    """Run until ended; exit with one line that says why where it can't."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING)
    store = KeyValueStore(options.holders)
    try:
        edge = build(options, revoked=store)
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.exit(f"edge: it can't start: {type(error).__name__}: {error}")
    server = uvicorn.Server(_config(edge, port=options.port))
    beside = None
    if options.store_port is not None:
        api = StoreApi(store=store, arn=options.store_arn)
        beside = _Beside(_config(api, port=options.store_port, lifespan="off"))
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(server, beside), loop_factory=server.config.get_loop_factory())


class _Beside(uvicorn.Server):
    """A server that ends when another one of its process does: signals are for that one."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


async def _serve(server: uvicorn.Server, beside: uvicorn.Server | None) -> None:
    if beside is None:
        await server.serve()
        return
    async with asyncio.TaskGroup() as servers:
        servers.create_task(beside.serve())
        await server.serve()
        beside.should_exit = True


def _config(
    app: Edge | StoreApi, *, port: int, lifespan: Literal["on", "off"] = "on"
) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=HOST,
        port=port,
        lifespan=lifespan,
        log_config=None,
        access_log=False,
        server_header=False,
        headers=[("Server", "reprise-edge")],
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def build(options: argparse.Namespace, *, revoked: Container[str]) -> Edge:
    """Raises:
    OSError, ValueError, KeyError, TypeError: a file of keys or secrets is missing or damaged.
    """
    keys = json.loads(options.keys.read_text(encoding="utf-8"))["keys"]
    upstream = Upstream()
    return Edge(
        keys=KeyGroup({key["id"]: key["publicKey"] for key in keys}),
        revoked=revoked,
        files=S3(
            upstream,
            options.s3,
            {"media": options.media_bucket, "public": options.public_bucket},
            Memory(options.cache_mebibytes * 2**20),
        ),
        gateway=Gateway(
            upstream,
            api_url=_api_url(options.facts),
            secret=_secret(options.config),
            country=options.country,
            debug_country=options.debug_country,
        ),
        upstream=upstream,
        log=_line,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m reprise_edge", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--s3", required=True, help="endpoint of S3, as http://localhost:4566")
    parser.add_argument("--media-bucket", required=True, help="what needs a grant")
    parser.add_argument("--public-bucket", required=True, help="artwork and the web client")
    parser.add_argument("--keys", type=Path, required=True, help="JSON: the trusted public keys")
    parser.add_argument("--facts", type=Path, required=True, help="stack.json, for apiUrl")
    parser.add_argument("--config", type=Path, required=True, help="deploy.json, for edgeSecret")
    parser.add_argument("--holders", type=Path, required=True, help="where the store is kept")
    parser.add_argument("--store-port", type=int, help="where the store's API answers, if it does")
    parser.add_argument("--store-arn", help="what the store's API calls it")
    parser.add_argument("--cache-mebibytes", type=int, default=128, help="files kept in memory")
    parser.add_argument("--country", type=_country, default="US", help="where every viewer is")
    parser.add_argument(
        "--debug-country",
        action="store_true",
        help="believe the header X-Debug-Country: for tests of regions, never for others",
    )
    return parser


def _country(text: str) -> str:
    if len(text) != 2 or not (text.isascii() and text.isalpha() and text.isupper()):
        raise argparse.ArgumentTypeError("two capital letters, as in DE")
    return text


def _secret(config: Path) -> str:
    secret = json.loads(config.read_text(encoding="utf-8"))["edgeSecret"]
    if not isinstance(secret, str) or not secret:
        raise ValueError(f"edgeSecret in {config} is empty")
    return secret


def _api_url(facts: Path) -> Callable[[], str | None]:
    """Return what finds the API: it moves with each first deployment, while the edge runs on."""
    known: dict[int, str | None] = {}

    def find() -> str | None:
        try:
            version = facts.stat().st_mtime_ns
            if version not in known:
                known.clear()
                known[version] = json.loads(facts.read_text(encoding="utf-8"))["apiUrl"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return known[version]

    return find


def _line(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
