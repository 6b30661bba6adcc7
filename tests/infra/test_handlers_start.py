"""Every handler starts with exactly what the template tells it, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra_cdk.kinds import Function, Need
from infra_cdk.routes import FUNCTIONS
from tests.infra.conftest import ROOT, Stage, Template

START = "import handler; assert callable(handler.lambda_handler)"
OF_AN_EDGE = {
    Need.SIGN_GRANTS: {"MEDIA_URL": "https://media.example.org/media"},
    Need.KEEP_EDGE_STORE: {"EDGE_STORE_ARN": "arn:aws:cloudfront::123456789012:key-value-store/s"},
}
KEY_SET = '{"keys": [{"kty": "RSA"}]}'


@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.folder)
def test_a_handler_starts_with_the_local_variables(row: Function, local: Template) -> None:
    start(row, local, stage="local")


@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.folder)
def test_a_handler_starts_with_the_variables_of_an_aws_stage(
    row: Function, staging: Template
) -> None:
    """Its edge is deployed after it, and what leans on that is deployed once more then."""
    edge = {need: told for need, told in OF_AN_EDGE.items() if need in row.needs}
    more = {name: value for told in edge.values() for name, value in told.items()}
    start(row, staging, more, stage="staging")


@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.folder)
def test_lambda_takes_no_more_than_four_kilobytes_of_variables(
    row: Function, any_stage: Stage
) -> None:
    variables = _variables(row, any_stage.service, stage=any_stage.name)
    assert sum(len(name) + len(value) for name, value in variables.items()) < 4096 - 1024


def start(
    row: Function, template: Template, more: Mapping[str, str] | None = None, *, stage: str
) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "layers" / "core" / "python"),
        "AWS_REGION": "us-east-1",
        **_variables(row, template, stage=stage),
        **(more or {}),
    }
    done = subprocess.run(
        [sys.executable, "-c", START],
        cwd=Path(ROOT, "functions", row.folder),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


def _variables(row: Function, template: Template, *, stage: str) -> dict[str, str]:
    """Return a function's variables with something plausible for what CloudFormation fills in."""
    found = template.function(row.deployed_name(stage=stage)).properties["Environment"]["Variables"]
    return {
        name: value if isinstance(value, str) else _filled(name) for name, value in found.items()
    }


def _filled(name: str) -> str:
    if name == "JWKS":
        return KEY_SET
    if name == "REDIS_URL":
        return "rediss://cache.example.org:6379/0"
    return f"https://{name.lower().replace('_', '-')}.example.org"
