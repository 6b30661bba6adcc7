"""`stack.json`: where a stack answers and who may log in, for people, tests and tools."""

import json
from collections.abc import Mapping
from typing import Any

from reprise_local.errors import LocalError
from reprise_local.paths import StackFolder

type Facts = dict[str, Any]


def write(folder: StackFolder, facts: Mapping[str, Any]) -> None:
    folder.facts.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(facts, indent=2, ensure_ascii=False)
    folder.facts.write_text(text + "\n", encoding="utf-8")


def read(folder: StackFolder) -> Facts:
    """Raises:
    LocalError: the stack was never started.
    """
    try:
        facts: Facts = json.loads(folder.facts.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        mend = "make run" if folder.name == "dev" else "make test-servers WITH_CLOUD=1"
        raise LocalError(f"the {folder.name} stack was not started yet", mend=mend) from error
    return facts


def forget(folder: StackFolder) -> None:
    folder.facts.unlink(missing_ok=True)
