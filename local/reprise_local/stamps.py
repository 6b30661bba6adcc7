"""Knows what is done already: a stamp holds the digest of what it was done from."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_PASSED_OVER = {"__pycache__", "node_modules", "cdk.out", ".local", "build"}


def digest(paths: Iterable[Path], *, extra: str = "") -> str:
    """Return one digest of the names and contents of these files and folders."""
    total = hashlib.sha256(extra.encode())
    for top in paths:
        for file in _files(top):
            name = str(file.relative_to(top.parent)).encode()
            total.update(len(name).to_bytes(4) + name)
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _files(top: Path) -> Iterator[Path]:
    if top.is_file():
        yield top
        return
    for file in sorted(top.rglob("*")):
        parts = file.relative_to(top).parts
        litter = any(part in _PASSED_OVER or part.endswith(".egg-info") for part in parts)
        if file.is_file() and not litter:
            yield file


def is_done(stamp: Path, wanted: str) -> bool:
    try:
        return stamp.read_text(encoding="utf-8") == wanted
    except OSError:
        return False


def done(stamp: Path, wanted: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted, encoding="utf-8")


def undo(stamp: Path) -> None:
    stamp.unlink(missing_ok=True)
