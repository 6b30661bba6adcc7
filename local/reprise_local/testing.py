"""`make check` and `make test`: everything, on a stack of its own, ended when it is done."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from reprise_local.console import console
from reprise_local.paths import ROOT
from reprise_local.stack import Stack

_BIN = Path(sys.executable).parent
CHECKS = {
    "ruff": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "import-linter": ["lint-imports"],
    "mypy": ["mypy", "."],
}


def check() -> list[str]:
    """Run every linter to its end, show what it says, and return the names of those that failed."""
    failed = []
    for title, (program, *arguments) in CHECKS.items():
        console.rule(title, align="left", style="dim")
        if _call([str(_BIN / program), *arguments]) != 0:
            failed.append(title)
    return failed


@contextmanager
def ended_afterwards(stack: Stack) -> Iterator[None]:
    """Leave running what ran before, end the rest; start from no data where nothing ran."""
    before = {server.title for server in stack.servers if server.running}
    if not before:
        stack.reset()
    try:
        yield
    finally:
        for server in reversed(stack.servers):
            if server.title not in before:
                server.stop()
        stack.forget_what_ended()


def run_pytest(stack: Stack, arguments: Sequence[str]) -> int:
    """Run pytest against this stack's servers, and return its exit code.

    Coverage gates hold for whole runs: a chosen part can't cover everything.
    """
    gates = [] if arguments else ["--cov", "--cov-report=term-missing:skip-covered"]
    return run_module(stack, "pytest", [*gates, *arguments])


def run_module(stack: Stack, module: str, arguments: Sequence[str]) -> int:
    """Run a module of ours that finds the stack by the file that REPRISE_TEST_STACK names."""
    known = {"REPRISE_TEST_STACK": str(stack.folder.facts)}
    return _call([sys.executable, "-m", module, *arguments], **known)


def _call(command: Sequence[str], **environment: str) -> int:
    """Run to the end; an interrupted run is waited for as well, because it ends its own servers."""
    sys.stdout.flush()
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | environment) as process:
        while True:
            with suppress(KeyboardInterrupt):
                return process.wait()
