"""What benchmarks found, kept so that measuring one anew leaves the others as they stand."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from bench.figures import Section

FOLDER = Path(__file__).parents[1] / ".local" / "bench" / "findings"


@dataclass(frozen=True, slots=True)
class Finding:
    """One benchmark's section, what made it, when (RFC 3339), how long it took (seconds) and how
    many cores others kept busy just before; None where nobody looked."""

    command: str
    section: Section
    at: str
    seconds: float
    others: float | None

    @classmethod
    def now(cls, *, command: str, section: Section, seconds: float, others: float) -> Self:
        at = datetime.now(UTC).isoformat(timespec="minutes")
        return cls(command, section, at, seconds, others)

    def keep(self, name: str) -> None:
        """Let it stand until the same benchmark is measured in full again."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        facts = {
            "command": self.command,
            "section": json.loads(self.section.to_json()),
            "at": self.at,
            "seconds": self.seconds,
            "others": self.others,
        }
        (FOLDER / f"{name}.json").write_text(json.dumps(facts), encoding="utf-8")


def kept(names: Iterable[str]) -> list[Finding]:
    """Return what stands of these benchmarks, in their order."""
    files = (FOLDER / f"{name}.json" for name in names)
    return [_read(file) for file in files if file.exists()]


def _read(file: Path) -> Finding:
    facts: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    section = Section.from_json(json.dumps(facts.pop("section")))
    return Finding(section=section, **facts)
