"""The edge of a stack: what it serves and trusts there, and how to run it in the foreground."""

import os
from typing import NoReturn

from reprise_local.keys import ensure_grant_keys
from reprise_local.ports import require_free
from reprise_local.servers import EdgeServer
from reprise_local.servers.edge import EdgeSources
from reprise_local.stack import Stack


def edge_of(stack: Stack, *, country: str = "US", debug_country: bool = False) -> EdgeServer:
    """Return the stack's edge; its keys are made here where there are none."""
    _, keys = ensure_grant_keys(stack.folder.keys)
    sources = EdgeSources(
        s3=stack.localstack.endpoint,
        keys=keys,
        config=stack.folder.deploy_config,
        facts=stack.folder.facts,
        country=country,
        debug_country=debug_country,
    )
    return EdgeServer(folder=stack.folder.path / "edge", port=stack.ports.edge, sources=sources)


def run(stack: Stack, *, country: str, debug_country: bool) -> NoReturn:
    """Become the edge until it is interrupted.

    Raises:
        LocalError: its port is taken; says by what.
    """
    edge = edge_of(stack, country=country, debug_country=debug_country)
    require_free(port=edge.port, purpose=edge.title)
    program, *arguments = edge.command()
    os.execve(program, [program, *arguments], {**edge.environment()})  # noqa: S606
