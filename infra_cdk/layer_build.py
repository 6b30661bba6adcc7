"""Layers without Docker: wheels for Lambda's system, laid out, trimmed and compiled.

A layer is a function of its pinned requirements, the processor and this recipe, so it is built
once, kept under the hash of those three, and never built twice on one machine. Modules are
compiled with hash-checked bytecode: `/opt` is read-only on Lambda, so what is not compiled here
would be compiled again by every cold start, and timestamps would make each build different.
"""

import compileall
import hashlib
import py_compile
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra_cdk.refusals import RefusedError

RECIPE = "1"
BUILDS_KEPT = 5
PYTHON = (3, 13)
PLATFORMS = ("manylinux_2_28", "manylinux2014", "manylinux_2_17")
WHEEL_PROCESSORS = {"x86_64": "x86_64", "arm64": "aarch64"}

UNUSED_FOLDERS = ("__pycache__", "tests", "bin")
UNUSED_SUFFIXES = (".pyi", ".pyx", ".pxd", ".c", ".h", ".pyc")
UNUSED_METADATA = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
"""Names and licences of a distribution stay: some packages ask for their own version."""


def build_wheels(*, name: str, requirements: Path, architecture: str, into: Path) -> Path:
    """Return the folder of a layer of pinned wheels, building it where it is not there yet.

    Raises `RefusedError` where a requirement has no wheel for the platform or pip cannot fetch it.
    """
    key = _digest(requirements.read_bytes(), architecture.encode())
    target = into / f"{name}-{architecture}-{key}"
    if not target.is_dir():
        with _unfinished(into) as unfinished:
            _install(requirements=requirements, architecture=architecture, into=unfinished)
            _trim(unfinished)
            _finish(unfinished, target)
    return target


def build_sources(*, name: str, source: Path, into: Path) -> Path:
    """Return the folder of a layer of our own modules (`source/python`)."""
    files = sorted(path for path in (source / "python").rglob("*") if _is_source(path))
    parts = [part for path in files for part in (_relative(path, source), path.read_bytes())]
    target = into / f"{name}-{_digest(*parts)}"
    if not target.is_dir():
        with _unfinished(into) as unfinished:
            for path in files:
                copy = unfinished / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
            _finish(unfinished, target)
        _forget_oldest(into, f"{name}-*")
    return target


def _forget_oldest(into: Path, pattern: str) -> None:
    """Keep the last few builds: our modules change with every edit, and an assembly has copies."""
    builds = sorted(into.glob(pattern), key=lambda folder: folder.stat().st_mtime)
    for folder in builds[:-BUILDS_KEPT]:
        shutil.rmtree(folder, ignore_errors=True)


def _is_source(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"


def _relative(path: Path, root: Path) -> bytes:
    return path.relative_to(root).as_posix().encode()


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256(f"{RECIPE} {PYTHON}".encode())
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.hexdigest()[:16]


@contextmanager
def _unfinished(into: Path) -> Iterator[Path]:
    """Give a folder beside the finished ones, so that finishing is one rename."""
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into, prefix=".building-") as folder:
        yield Path(folder) / "layer"


def _install(*, requirements: Path, architecture: str, into: Path) -> None:
    processor = WHEEL_PROCESSORS[architecture]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile"]
    command += ["--require-hashes", "--only-binary", ":all:", "--implementation", "cp"]
    command += ["--python-version", ".".join(map(str, PYTHON)), "--target", str(into / "python")]
    for platform in PLATFORMS:
        command += ["--platform", f"{platform}_{processor}"]
    command += ["--requirement", str(requirements)]
    # What pip is told here comes from this repository; nobody else's words reach the command.
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise RefusedError(
            f"pip could not install {requirements} for {architecture}: {reason}; check the "
            "network and that each pin has a wheel",
        )


def _trim(layer: Path) -> None:
    for folder in [path for path in layer.rglob("*") if path.name in UNUSED_FOLDERS]:
        if folder.is_dir():
            shutil.rmtree(folder)
    for path in [path for path in layer.rglob("*") if path.is_file()]:
        metadata = path.parent.name.endswith(".dist-info") and path.name in UNUSED_METADATA
        if metadata or path.suffix in UNUSED_SUFFIXES:
            path.unlink()


def _finish(unfinished: Path, target: Path) -> None:
    if sys.version_info[:2] == PYTHON:
        compileall.compile_dir(
            unfinished,
            quiet=2,
            stripdir=str(unfinished),
            prependdir="/opt",
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
    try:
        unfinished.rename(target)
    except OSError:
        # Another synthesis finished the same layer first; its files are the same as ours.
        if not target.is_dir():
            raise
