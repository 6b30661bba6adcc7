"""`make check` and `make test`: everything, on a stack of its own, ended when it is done."""

import os
import subprocess
import sys
from collections.abc import Sequence

from reprise_local.console import console
from reprise_local.paths import ROOT
from reprise_local.stack import Stack

_BIN = ROOT / ".venv" / "bin"
_CHECKS = {
    "ruff": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "import-linter": ["lint-imports"],
    "mypy": ["mypy", "."],
}


def check() -> list[str]:
    """Run every linter to its end, show what it says, and return the names of those that failed."""
    failed = []
    for title, (program, *arguments) in _CHECKS.items():
        console.rule(title, align="left", style="dim")
        if _call([str(_BIN / program), *arguments]) != 0:
            failed.append(title)
    return failed


def run_pytest(stack: Stack | None, arguments: Sequence[str]) -> int:
    """Run pytest against this stack's servers, and return its exit code.

    Coverage gates hold for whole runs: a chosen part can't cover everything.
    """
    gates = [] if arguments else ["--cov", "--cov-report=term-missing:skip-covered"]
    environment = {}
    if stack is not None:
        environment["REPRISE_TEST_STACK"] = str(stack.folder.facts)
    return _call([str(_BIN / "python"), "-m", "pytest", *gates, *arguments], **environment)


def _call(command: Sequence[str], **environment: str) -> int:
    sys.stdout.flush()
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=False).returncode
