"""What the launcher tells the executor, read from LocalStack's own environment."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

RUNTIME_PYTHON = "REPRISE_RUNTIME_PYTHON"
EXECUTOR = "LAMBDA_RUNTIME_EXECUTOR"
EXECUTOR_NAME = "process"

_PROBE = "import sys, awslambdaric, boto3; print('python%d.%d' % sys.version_info[:2])"


class ExecutorSetupError(RuntimeError):
    """The stack was started with settings that cannot run a function."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The interpreter that stands in for AWS's runtime, and its name at Lambda."""

    python: Path
    runtime: str


def from_env(environ: Mapping[str, str]) -> Settings:
    """Check the settings and the interpreter they name; raise with what to mend."""
    chosen = environ.get(EXECUTOR, "")
    if chosen != EXECUTOR_NAME:
        raise ExecutorSetupError(
            f"{EXECUTOR} is {chosen or 'not set'}; LocalStack would fall back to Docker. "
            f"Start it with {EXECUTOR}={EXECUTOR_NAME}."
        )
    value = environ.get(RUNTIME_PYTHON, "")
    if not value:
        raise ExecutorSetupError(
            f"{RUNTIME_PYTHON} is not set; it names the interpreter of the functions' runtime, "
            "a virtual environment with local/runtime/requirements.txt installed."
        )
    return Settings(python=Path(value), runtime=_runtime_name(value))


def _runtime_name(python: str) -> str:
    try:
        probe = subprocess.run(
            [python, "-c", _PROBE],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
            env={"PATH": "/usr/bin:/bin"},
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", "") or str(error)
        raise ExecutorSetupError(
            f"{RUNTIME_PYTHON}={python} cannot import awslambdaric and boto3: {said.strip()}"
        ) from error
    return probe.stdout.strip()
