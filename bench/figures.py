"""What a benchmark found, as data: it travels between processes as JSON and ends as Markdown."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Target:
    """One number that is held to: what was wanted, what was measured."""

    what: str
    wanted: str
    measured: str
    met: bool


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def lines(self) -> Iterator[str]:
        """Yield the Markdown; every column but the first is of numbers."""
        yield _row(self.columns)
        yield _row(("---", *("---:" for _ in self.columns[1:])))
        yield from map(_row, self.rows)


@dataclass(frozen=True, slots=True)
class Section:
    """One benchmark's findings; `how` says in prose what was compared with what."""

    title: str
    how: str
    targets: tuple[Target, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        facts: Mapping[str, Any] = json.loads(text)
        return cls(
            title=facts["title"],
            how=facts["how"],
            targets=tuple(Target(**target) for target in facts["targets"]),
            tables=tuple(
                Table(tuple(table["columns"]), tuple(map(tuple, table["rows"])))
                for table in facts["tables"]
            ),
            notes=tuple(facts["notes"]),
        )

    def lines(self, *, level: int = 2) -> Iterator[str]:
        """Yield the section's Markdown."""
        yield f"{'#' * level} {self.title}"
        yield ""
        yield self.how
        for table in (_target_table(self.targets), *self.tables):
            yield ""
            yield from table.lines()
        for note in self.notes:
            yield ""
            yield note


def micros(seconds: float) -> str:
    return f"{seconds * 1e6:,.0f} µs"


def millis(seconds: float) -> str:
    return f"{seconds * 1e3:,.2f} ms"


def ratio(value: float) -> str:
    return f"{value:.2f} ×"


def percent(fraction: float) -> str:
    return f"{fraction * 100:.0f} %"


def mebibytes(count: float) -> str:
    return f"{count / 2**20:,.0f} MiB"


def _target_table(targets: Sequence[Target]) -> Table:
    rows = ((t.what, t.wanted, t.measured, "yes" if t.met else "**no**") for t in targets)
    return Table(("held to", "target", "measured", "met"), tuple(rows))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
