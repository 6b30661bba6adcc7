"""Merged folders standing in for `/var/task` and `/opt`.

AWS unpacks a function's layers one after the other into one `/opt`, so a later layer overwrites
an earlier one file by file and a package may be split over two layers. Separate path entries
would behave otherwise, so the same merge is made here: hard links into one folder per distinct
list of contents. A folder outlives the archive it came from, so a call that is still running
while its function is updated keeps its files.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """An unzipped archive and the digest that names its content."""

    digest: str
    folder: Path


def merged_tree(*, cache: Path, sources: Sequence[Source]) -> Path:
    """Return the folder in which `sources` are laid over each other, the last one winning.

    Made once per distinct sequence of digests; safe against a concurrent caller and a crash
    half way, because the finished folder appears by a rename.
    """
    target = cache / _name(sources)
    if target.is_dir():
        return target
    cache.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=cache))
    draft.chmod(0o755)
    for source in sources:
        _lay(source.folder, draft)
    try:
        draft.rename(target)
    except OSError:
        if not target.is_dir():
            raise
        shutil.rmtree(draft)
    return target


def _name(sources: Sequence[Source]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        digest.update(f"{source.digest}\n".encode())
    return digest.hexdigest()


def _lay(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True, copy_function=_link)


def _link(source: str, target: str) -> None:
    Path(target).unlink(missing_ok=True)
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target)
