"""`reprise clients`: typed clients for TypeScript and Python, made of docs/api/openapi.json."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from reprise_local.api_description import DOCUMENT
from reprise_local.errors import LocalError
from reprise_local.paths import API_VENV, NODE, ROOT, TOOLS
from reprise_local.shell import run

PYTHON_CLIENT = ROOT / "local" / "reprise_client"
TYPESCRIPT_SCHEMA = ROOT / "web" / "api" / "schema.d.ts"
COMMAND = "make clients"

_PYTHON_CONFIG = ROOT / "local" / "api_tools" / "python-client.yaml"
_TYPESCRIPT = ROOT / "node_modules" / "openapi-typescript" / "bin" / "cli.js"


def write() -> list[str]:
    """Generate both clients anew; return those that changed.

    Raises:
        LocalError: a generator is missing or failed.
    """
    with _generated() as fresh:
        stale = _stale(fresh)
        for target, made in fresh.items():
            if target in stale:
                _replace(target, made)
    return [str(target.relative_to(ROOT)) for target in stale]


def check() -> None:
    """Raises:
    LocalError: a client is not what the document says.
    """
    with _generated() as fresh:
        stale = [str(target.relative_to(ROOT)) for target in _stale(fresh)]
    if stale:
        raise LocalError(f"{', '.join(stale)}: not what {DOCUMENT.name} says", mend=COMMAND)


def generate_python(into: Path) -> None:
    """Write the package, tidied by the generator's own ruff whatever stands on the PATH."""
    programs = API_VENV / "bin"
    run(
        [
            *(_installed(programs / "openapi-python-client"), "generate"),
            *("--path", str(DOCUMENT), "--meta", "none"),
            *("--output-path", str(into), "--config", str(_PYTHON_CONFIG)),
        ],
        title="generating the Python client",
        log=TOOLS / "python-client.log",
        environment=os.environ | {"PATH": f"{programs}:{os.environ.get('PATH', '')}"},
    )
    for litter in (*into.rglob("__pycache__"), *into.rglob(".ruff_cache")):
        shutil.rmtree(litter, ignore_errors=True)


def generate_typescript(into: Path) -> None:
    run(
        [
            *(_installed(NODE), _installed(_TYPESCRIPT), str(DOCUMENT)),
            *("--output", str(into), "--default-non-nullable=false"),
        ],
        title="generating the TypeScript client",
        log=TOOLS / "typescript-client.log",
    )


@contextmanager
def _generated() -> Iterator[Mapping[Path, Path]]:
    """Yield where each client belongs, and where it was generated."""
    with tempfile.TemporaryDirectory(prefix="reprise-") as scratch:
        made = {
            PYTHON_CLIENT: Path(scratch) / PYTHON_CLIENT.name,
            TYPESCRIPT_SCHEMA: Path(scratch) / TYPESCRIPT_SCHEMA.name,
        }
        generate_python(made[PYTHON_CLIENT])
        generate_typescript(made[TYPESCRIPT_SCHEMA])
        yield made


def _stale(fresh: Mapping[Path, Path]) -> list[Path]:
    return [target for target, made in fresh.items() if _contents(target) != _contents(made)]


def _contents(top: Path) -> Mapping[str, bytes]:
    files = [top] if top.is_file() else sorted(top.rglob("*"))
    return {
        str(file.relative_to(top)): file.read_bytes()
        for file in files
        if file.is_file() and file.suffix != ".pyc"
    }


def _replace(target: Path, made: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if made.is_file():
        shutil.copyfile(made, target)
        return
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(made, target)


def _installed(program: Path) -> str:
    if not program.exists():
        raise LocalError(f"{program.name} is not installed", mend="make install")
    return str(program)
