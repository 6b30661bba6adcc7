"""One command line for every benchmark: progress on stderr, findings on stdout or as JSON."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from bench.figures import Section

type Arguments = Callable[[argparse.ArgumentParser], None]
type Run = Callable[[argparse.Namespace], Section]


def note(text: str) -> None:
    """Say what is going on, over the line before where someone is watching."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


def say(text: str) -> None:
    """Say something that stays."""
    note("")
    print(text, file=sys.stderr, flush=True)


def main(
    run: Run, *, about: str | None, arguments: Callable[[argparse.ArgumentParser], None]
) -> None:
    """Parse the command line, run one benchmark, and print what it found."""
    parser = argparse.ArgumentParser(description=about)
    arguments(parser)
    parser.add_argument("--json", type=Path, help="write the findings here, not as text")
    options = parser.parse_args()
    section = run(options)
    note("")
    if options.json:
        options.json.write_text(section.to_json(), encoding="utf-8")
    else:
        print("\n".join(section.lines()))
