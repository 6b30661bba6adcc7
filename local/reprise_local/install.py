"""Installs what is missing: each part once, again only when what it is made from has changed."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from reprise_local import debian, stamps
from reprise_local.console import Steps
from reprise_local.errors import LocalError
from reprise_local.locks import exclusive
from reprise_local.paths import CASSANDRA_JARS, LOCALSTACK_VENV, ROOT, RUNTIME_VENV, TOOLS
from reprise_local.shell import run

_EXECUTOR = ROOT / "local" / "localstack_executor"
_RUNTIME = ROOT / "local" / "runtime" / "requirements.txt"
_POM = ROOT / "local" / "cassandra-node" / "pom.xml"
_LITTER = shutil.ignore_patterns("build", "*.egg-info", "__pycache__")
_LOCK = ROOT / "package-lock.json"


def install(steps: Steps, *, cloud: bool = True) -> None:
    """Make everything ready; without `cloud` only what the plain servers need.

    Raises:
        LocalError: something could not be installed.
    """
    with exclusive(TOOLS / "install.lock"):
        with steps.step("Debian packages") as step:
            step.note = debian.install_missing(log=TOOLS / "apt.log")
        parts: dict[str, Callable[[], str]] = {"Cassandra's jars": _cassandra_jars}
        if cloud:
            parts["Node and CDK"] = _node_modules
            parts["LocalStack"] = _localstack
            parts["Lambda runtime"] = _runtime
        steps.together(parts)


def _cassandra_jars() -> str:
    wanted = stamps.digest([_POM])
    stamp = CASSANDRA_JARS.parent / "stamp"
    if stamps.is_done(stamp, wanted):
        return "here already"
    shutil.rmtree(CASSANDRA_JARS, ignore_errors=True)
    run(
        [
            _needed("mvn", "maven"),
            *("-B", "-q", "-f", str(_POM), "dependency:copy-dependencies"),
            f"-DoutputDirectory={CASSANDRA_JARS}",
        ],
        title="fetching Cassandra's jars",
        log=TOOLS / "maven.log",
    )
    stamps.done(stamp, wanted)
    return f"{len(list(CASSANDRA_JARS.glob('*.jar')))} jars"


def _node_modules() -> str:
    wanted = stamps.digest([_LOCK])
    stamp = ROOT / "node_modules" / ".reprise-stamp"
    if stamps.is_done(stamp, wanted):
        return "here already"
    run(
        [_needed("npm", "npm"), "ci", "--no-audit", "--no-fund", "--include=dev"],
        title="npm ci",
        log=TOOLS / "npm.log",
    )
    stamps.done(stamp, wanted)
    return "installed"


def _localstack() -> str:
    """Install LocalStack and our executor; a change of the executor means a reinstall of it."""
    return _venv(
        folder=LOCALSTACK_VENV,
        requirements=_EXECUTOR / "requirements.txt",
        package=_EXECUTOR,
    )


def _runtime() -> str:
    return _venv(folder=RUNTIME_VENV, requirements=_RUNTIME)


def _venv(*, folder: Path, requirements: Path, package: Path | None = None) -> str:
    """Make a virtual environment from a hashed requirements file and maybe a package of ours."""
    third_party = stamps.digest([requirements], extra=sys.version)
    ours = stamps.digest([package]) if package else ""
    if stamps.is_done(folder / "stamp", third_party + ours):
        return "here already"
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
    log = TOOLS / f"pip-{folder.name}.log"
    title = f"installing the {folder.name} environment"
    if not stamps.is_done(folder / "stamp-requirements", third_party):
        _make_venv(folder, title=title, log=log)
        _pip(pip, ["--require-hashes", "-r", str(requirements)], title=title, log=log)
        stamps.done(folder / "stamp-requirements", third_party)
    if package:
        flags = ["--no-deps", "--no-build-isolation", "--force-reinstall"]
        with tempfile.TemporaryDirectory(prefix="reprise-") as scratch:
            # setuptools leaves its litter where it builds: not in the repository.
            copy = shutil.copytree(package, Path(scratch) / package.name, ignore=_LITTER)
            _pip(pip, [*flags, str(copy)], title=title, log=log)
    stamps.done(folder / "stamp", third_party + ours)
    return "installed"


def _make_venv(folder: Path, *, title: str, log: Path) -> None:
    """Make the environment anew unless a whole one of this Python stands there already."""
    python = folder / "bin" / "python"
    question = [str(python), "-c", "import pip, sys; print(sys.version)"]
    if python.exists():
        answer = subprocess.run(question, capture_output=True, text=True, check=False)
        if answer.stdout.strip() == sys.version:
            return
    run([sys.executable, "-m", "venv", "--clear", str(folder)], title=title, log=log)


def _pip(pip: Sequence[str], what: Sequence[str], *, title: str, log: Path) -> None:
    # Our own PYTHONPATH must not make pip believe that something is installed already.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run([*pip, *what], title=title, log=log, environment=environment, cwd=ROOT / "local")


def _needed(program: str, package: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise LocalError(f"{program} is not installed", mend=f"apt-get install {package}")
    return found
