"""Installs what is missing: each part once, again only when what it is made from has changed."""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from reprise_local import debian, stamps
from reprise_local.console import Steps
from reprise_local.errors import LocalError
from reprise_local.locks import exclusive
from reprise_local.paths import (
    API_VENV,
    CASSANDRA_JARS,
    DOCS_RENDERER,
    LOCALSTACK_VENV,
    ROOT,
    RUNTIME_VENV,
    TOOLS,
)
from reprise_local.shell import run

_EXECUTOR = ROOT / "local" / "localstack_executor"
_RUNTIME = ROOT / "local" / "runtime" / "requirements.txt"
_POM = ROOT / "local" / "cassandra-node" / "pom.xml"
_LITTER = shutil.ignore_patterns("build", "*.egg-info", "__pycache__")
_LOCK = ROOT / "package-lock.json"
_API_TOOLS = ROOT / "local" / "api_tools" / "requirements.txt"
_RENDERER = "@scalar/api-reference@1.72.1"
_RENDERER_DIGEST = "b86884e6251eed57234f1a62732a5e6303700a5b4d159192a5a5dd003b854378"
_RENDERER_FILE = "package/dist/browser/standalone.js"


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
            parts["API tools"] = _api_tools
            parts["Docs page"] = _docs_page
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


def _api_tools() -> str:
    return _venv(folder=API_VENV, requirements=_API_TOOLS)


def _docs_page() -> str:
    """Fetch the page's renderer: one file of a package whose dependencies are all in that file."""
    stamp = DOCS_RENDERER.with_name("stamp")
    if stamps.is_done(stamp, _RENDERER_DIGEST):
        return "here already"
    title = f"fetching {_RENDERER}"
    with tempfile.TemporaryDirectory(prefix="reprise-") as scratch:
        run(
            [_needed("npm", "npm"), "pack", _RENDERER, "--pack-destination", scratch],
            title=title,
            log=TOOLS / "npm-docs.log",
        )
        (package,) = Path(scratch).glob("*.tgz")
        if hashlib.sha256(package.read_bytes()).hexdigest() != _RENDERER_DIGEST:
            raise LocalError(f"{title}: it is not the package it was", mend="try again")
        with tarfile.open(package) as archive:
            bundle = archive.extractfile(_RENDERER_FILE)
            assert bundle is not None
            DOCS_RENDERER.parent.mkdir(parents=True, exist_ok=True)
            DOCS_RENDERER.write_bytes(bundle.read())
    stamps.done(stamp, _RENDERER_DIGEST)
    return "installed"


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
