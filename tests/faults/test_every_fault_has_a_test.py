"""The numbers of the fault matrix that these tests stand for, kept complete."""

import ast
import re
from pathlib import Path

PROMISED = {*range(1, 19), *range(21, 35)}
"""19 and 20, a token that expires and a root certificate that changes, need AWS itself."""


def numbers_in(module: Path) -> set[int]:
    """Return the numbers at the start of the tests' docstrings: `11.`, `2 and 5:`, `21, Redis.`."""
    numbers: set[int] = set()
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            start = re.match(r"\d+( and \d+)*", ast.get_docstring(node) or "")
            numbers |= {int(number) for number in re.findall(r"\d+", start[0])} if start else set()
    return numbers


def test_every_promised_fault_of_the_matrix_has_a_test() -> None:
    modules = Path(__file__).parent.glob("test_*.py")
    assert set().union(*map(numbers_in, modules)) == PROMISED
