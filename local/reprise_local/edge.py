"""The edge of a stack in the foreground, for other countries than the stack's own edge is in."""

import os
from typing import NoReturn

from reprise_local.keys import ensure_grant_keys
from reprise_local.ports import require_free
from reprise_local.stack import Stack


def run(stack: Stack, *, country: str, debug_country: bool) -> NoReturn:
    """Become the edge until it is interrupted, in the place of the one that the stack started.

    Raises:
        LocalError: its port is taken; says by what.
    """
    stack.edge.stop()
    ensure_grant_keys(stack.folder.keys)
    edge = stack.edge_of(country=country, debug_country=debug_country)
    require_free(port=edge.port, purpose=edge.title)
    edge.prepare()
    program, *arguments = edge.command()
    os.execve(program, [program, *arguments], {**edge.environment()})  # noqa: S606
