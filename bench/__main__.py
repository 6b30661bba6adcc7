"""Run benchmarks, each in a process of its own, and print or commit the table of results.

`python -m bench --write` measures everything in full and rewrites `bench/results.md`; with names,
it measures these and leaves the others in it as this checkout found them last.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import machine
from bench.console import say
from bench.figures import Section, Table
from bench.findings import Finding, kept
from bench.stores import versions

RESULTS = Path(__file__).parent / "results.md"
BUSY_CORES = 0.3
"""More of somebody else's work than this, and absolute numbers say little."""

QUICK = {
    "progress": ("--blocks", "10", "--calls", "300"),
    "flush": ("--items", "10000"),
    "continue_watching": ("--blocks", "10", "--calls", "200"),
    "manifest": ("--blocks", "10", "--calls", "100"),
    "signing": ("--blocks", "10", "--calls", "100"),
    "edge": ("--blocks", "5", "--calls", "20"),
    "identity": ("--blocks", "3", "--calls", "10"),
    "search": ("--titles", "10000", "--blocks", "5"),
    "imports": ("--repeats", "3"),
    "day": ("--viewers", "1000", "--hours", "0.5"),
}


def main() -> None:
    """Run what was asked for; exit code 1 where a number is not held."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", choices=[[], *QUICK], help=f"of {', '.join(QUICK)}"
    )
    parser.add_argument("--quick", action="store_true", help="small runs, for a busy machine")
    parser.add_argument("--write", action="store_true", help=f"rewrite {RESULTS.name}")
    options = parser.parse_args()
    facts = (*machine.facts(), *versions())
    findings = [_measure(name, quick=options.quick) for name in options.names or QUICK]
    if options.write:
        found = findings if options.quick else kept(QUICK)
        RESULTS.write_text("\n".join(_document(facts, found)) + "\n", encoding="utf-8")
    else:
        print("\n".join(_document(facts, findings)))
    missed = [target for each in findings for target in each.section.targets if not target.met]
    for target in missed:
        say(f"missed: {target.what}: {target.measured} where {target.wanted} is wanted")
    sys.exit(1 if missed else 0)


def _measure(name: str, *, quick: bool) -> Finding:
    arguments = QUICK[name] if quick else ()
    others = machine.cores_used()
    say(f"{name} … ({others:.1f} cores busy with other work)")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="reprise-bench-") as folder:
        answer = Path(folder) / "section.json"
        command = [sys.executable, "-m", f"bench.{name}", *arguments]
        subprocess.run([*command, "--json", str(answer)], check=True)
        section = Section.from_json(answer.read_text(encoding="utf-8"))
    finding = Finding.now(
        command=" ".join(("python", "-m", f"bench.{name}", *arguments)),
        section=section,
        seconds=time.monotonic() - began,
        others=others,
    )
    if not quick:
        finding.keep(name)
    return finding


def _document(facts: Sequence[tuple[str, str]], findings: Sequence[Finding]) -> Iterator[str]:
    quiet = max(each.others or 0.0 for each in findings) <= BUSY_CORES
    yield "# Benchmark results"
    yield ""
    yield (
        "Made by `make bench` (`python -m bench --write`). Every number is compared with a"
        " reference of the same run; ratios carry over to other machines, absolute times do not."
        " All servers ran on this machine."
    )
    yield ""
    if not quiet:
        yield (
            "**The machine was busy with other work** (see *other work* below): ratios are rough"
            " and absolute times too long."
        )
        yield ""
    yield from Table(("machine", ""), tuple(facts)).lines()
    yield ""
    rows = tuple(
        (f"`{each.command}`", each.at, f"{each.seconds:,.0f} s", _cores(each.others))
        for each in findings
    )
    columns = ("command", "measured", "took", "other work just before")
    yield from Table(columns, rows).lines()
    for finding in findings:
        yield ""
        yield from finding.section.lines()


def _cores(used: float | None) -> str:
    return "not measured" if used is None else f"{used:.1f} cores"


if __name__ == "__main__":
    main()
