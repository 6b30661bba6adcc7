"""Ends function processes whose LocalStack is gone, however it went.

Run as a script of its own, in its own session, with a pipe from LocalStack as its input: one
line `+<group>` or `-<group>` per process group begun or ended. The pipe closes when LocalStack
ends, even by SIGKILL, and then every group still listed is killed. Standard library only and
run with `-I`, so it starts in milliseconds.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Iterable


def watch(lines: Iterable[str]) -> set[int]:
    """Follow the begun and ended groups to the end of `lines`; return those still running."""
    groups: set[int] = set()
    for line in lines:
        change, group = line[:1], int(line[1:])
        if change == "+":
            groups.add(group)
        else:
            groups.discard(group)
    return groups


def kill_group(group: int) -> None:
    """Kill every process of `group`; one that is already gone is fine."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def main() -> None:
    for group in watch(sys.stdin):
        kill_group(group)


if __name__ == "__main__":
    main()
