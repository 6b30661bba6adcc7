"""The rules that machines check, as tests: one run of the tests tells everything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reprise_local.testing import CHECKS

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("title", CHECKS)
def test_the_house_rules_hold(title: str) -> None:
    program, *arguments = CHECKS[title]
    done = subprocess.run(
        [Path(sys.executable).parent / program, *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([".", "layers/core/python"])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"\n{done.stdout}{done.stderr}"
