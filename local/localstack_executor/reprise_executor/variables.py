"""The environment variables a function sees, built from nothing.

LocalStack's own process carries the launcher's variables; a function that worked only because
of one of them would fail on AWS. So nothing is inherited: what AWS sets is set here, and the
function's own variables are laid over it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_NOT_ON_AWS = frozenset({"EDGE_PORT", "AWS_LAMBDA_FUNCTION_TIMEOUT"})


@dataclass(frozen=True, slots=True)
class Places:
    """Where this environment's stand-ins for Lambda's fixed paths are."""

    task: Path
    """`/var/task`: the function's code."""
    opt: Path
    """`/opt`: the merged layers."""
    scratch: Path
    """Home and temporary files, this environment's alone."""
    python: Path
    """The interpreter of the stand-in for AWS's own runtime."""


def function_variables(
    *, offered: Mapping[str, object], own: Mapping[str, object], places: Places, runtime: str
) -> dict[str, str]:
    """Merge what LocalStack offers and the function's `own` variables; all become strings.

    `runtime` is Lambda's name, as `python3.13`. `AWS_LAMBDA_RUNTIME_API` is added at the start.
    """
    variables = {name: str(value) for name, value in offered.items() if not _internal(name)}
    variables |= {
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{runtime}",
        "LAMBDA_TASK_ROOT": str(places.task),
        "LAMBDA_RUNTIME_DIR": str(places.python.parent.parent),
        "PATH": f"{places.python.parent}:/usr/local/bin:/usr/bin:/bin:{places.opt}/bin",
        "LD_LIBRARY_PATH": f"{places.task}:{places.task}/lib:{places.opt}/lib",
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "HOME": str(places.scratch),
        "TMPDIR": str(places.scratch / "tmp"),
    }
    variables |= {name: str(value) for name, value in own.items()}
    variables["PYTHONPATH"] = _search_path(places, runtime, own=str(own.get("PYTHONPATH", "")))
    return variables


def _internal(name: str) -> bool:
    return name.startswith("LOCALSTACK_") or name in _NOT_ON_AWS


def _search_path(places: Places, runtime: str, *, own: str) -> str:
    entries = [
        str(places.task),
        f"{places.opt}/python/lib/{runtime}/site-packages",
        f"{places.opt}/python",
        *([own] if own else []),
    ]
    return ":".join(entries)
