"""What each handler pays before its first answer: import time and modules, beside its libraries.

Every import runs in a fresh interpreter with its byte code cached. A route's libraries are the
modules from outside the project and the standard library that it loaded, imported by name in the
same order; the difference is our own code.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import console
from bench.figures import Section, Table, Target
from reprise_local.paths import ROOT
from tests.harness.functions import ENVIRONMENT

DRIVERS = ("boto3", "botocore", "cassandra", "psycopg", "confluent_kafka")
HOT = ("stream/record_progress", "stream/record_batch", "playstate/list_continue_watching")
FUNCTIONS = ROOT / "functions"

_PROGRAM = """
import json, sys, time
before = set(sys.modules)
started = time.perf_counter()
for name in sys.argv[1:]:
    __import__(name)
took = time.perf_counter() - started
new = [name for name in sys.modules if name not in before]
files = {name: getattr(sys.modules[name], "__file__", None) or "" for name in new}
print(json.dumps({"seconds": took, "files": files}))
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repeats", type=int, default=9, help="fresh interpreters an import")


def run(options: argparse.Namespace) -> Section:
    routes = {
        str(path.parent.relative_to(FUNCTIONS)): path.parent
        for path in sorted(FUNCTIONS.glob("*/*/handler.py"))
    }
    measured = {}
    for name, folder in routes.items():
        console.note(name)
        measured[name] = _measure(folder, options.repeats)
    loaded = {name: sorted(found.drivers) for name, found in measured.items() if name in HOT}
    clean = not any(loaded.values())
    return Section(
        title="Imports",
        how=(
            f"Median of {options.repeats} fresh interpreters an import. Libraries are what the"
            " handler loads from outside the project and the standard library."
        ),
        targets=(
            Target(
                "drivers that the hot path's handlers load",
                "none",
                "none" if clean else json.dumps(loaded),
                clean,
            ),
        ),
        tables=(_table(measured),),
    )


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds and modules of a handler, and of its libraries imported alone."""

    handler: float
    libraries: float
    modules: int
    foreign: int
    drivers: frozenset[str]


def _measure(folder: Path, repeats: int) -> Cost:
    _, files = _import(["handler"], folder)
    foreign = [name for name, file in files.items() if "site-packages" in file]
    turns = [(_import(["handler"], folder)[0], _import(foreign, folder)[0]) for _ in range(repeats)]
    return Cost(
        handler=median(ours for ours, _ in turns),
        libraries=median(theirs for _, theirs in turns),
        modules=len(files),
        foreign=len(foreign),
        drivers=frozenset(name for name in files if name in DRIVERS),
    )


def _import(names: Sequence[str], folder: Path) -> tuple[float, Mapping[str, str]]:
    path = os.pathsep.join((str(folder), str(ROOT / "layers" / "core" / "python")))
    output = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *names],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": path, **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    facts = json.loads(output)
    return facts["seconds"], facts["files"]


def _table(measured: Mapping[str, Cost]) -> Table:
    rows = [
        (
            name,
            f"{cost.handler * 1e3:.0f} ms",
            f"{cost.libraries * 1e3:.0f} ms",
            f"{(cost.handler - cost.libraries) * 1e3:.0f} ms",
            f"{cost.modules:,}",
            f"{cost.foreign:,}",
            ", ".join(sorted(cost.drivers)) or "none",
        )
        for name, cost in measured.items()
    ]
    columns = ("handler", "import", "its libraries", "ours", "modules", "of libraries", "drivers")
    return Table(columns, tuple(rows))


if __name__ == "__main__":
    console.main(run, about=__doc__, arguments=arguments)
