"""The ports of a stack, and how a second checkout moves them."""

from dataclasses import astuple

import pytest

from reprise_local.errors import LocalError
from reprise_local.ports import HIGHEST_OFFSET, OFFSET, ports_of


def test_both_stacks_and_a_moved_pair_run_side_by_side() -> None:
    environments: list[dict[str, str]] = [{}, {OFFSET: "1"}]
    sets = [
        set(vars_of(stack, environment))
        for stack in ("dev", "test")
        for environment in environments
    ]
    assert len(set().union(*sets)) == sum(map(len, sets))


def vars_of(stack: str, environment: dict[str, str]) -> list[int]:
    return list(astuple(ports_of(stack, environment=environment)))


@pytest.mark.parametrize("offset", ["-1", "x", "", "1.5", str(HIGHEST_OFFSET + 1)])
def test_an_offset_that_moves_a_port_nowhere_is_refused_with_what_mends_it(offset: str) -> None:
    with pytest.raises(LocalError, match=OFFSET) as refusal:
        ports_of("test", environment={OFFSET: offset})
    assert refusal.value.mend == f"unset {OFFSET}"
