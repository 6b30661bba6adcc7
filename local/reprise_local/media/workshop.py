"""Where the steps of one ingest leave their results, each kept with a stamp of its inputs.

A step works in `<name>.part`, which becomes `<name>` when it is done: what has its name is whole.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from reprise_local import stamps
from reprise_local.media import ffmpeg

RECIPE = 1
"""Part of every stamp: raise it when the same inputs are to give other results."""

_EDGE_BYTES = 1 << 20


def fingerprint(path: Path) -> str:
    """Return what tells this file from others: its size, its first and its last mebibyte.

    Reading all of a film takes as long as encoding minutes of it.
    """
    size = path.stat().st_size
    total = hashlib.sha256(size.to_bytes(8))
    with path.open("rb") as file:
        total.update(file.read(_EDGE_BYTES))
        file.seek(max(0, size - _EDGE_BYTES))
        total.update(file.read())
    return total.hexdigest()


def stamp_of(*inputs: object) -> str:
    text = json.dumps([RECIPE, *inputs], default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class Workshop:
    """The folder of one item."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, name: str) -> Path:
        return self.folder / name

    def part(self, name: str) -> Path:
        """Where a step works until it is done."""
        return self.folder / f"{name}.part"

    def has(self, name: str, stamp: str) -> bool:
        return self.path(name).is_dir() and stamps.is_done(self._stamp(name), stamp)

    def make(self, name: str, stamp: str, work: Callable[[Path], None]) -> None:
        """Do a step unless it is done; `work` fills the folder that it is given."""
        if self.has(name, stamp):
            return
        part = self.part(name)
        ffmpeg.end_recorded(part)
        for old in (part, self.path(name)):
            shutil.rmtree(old, ignore_errors=True)
        stamps.undo(self._stamp(name))
        part.mkdir()
        work(part)
        part.rename(self.path(name))
        stamps.done(self._stamp(name), stamp)

    def keep_only(self, wanted: Mapping[str, str]) -> None:
        """Delete the results of steps that are not among these (stamps by name)."""
        for entry in self.folder.iterdir():
            if entry.is_dir() and entry.name not in wanted:
                ffmpeg.end_recorded(entry)
                shutil.rmtree(entry)
                stamps.undo(self._stamp(entry.name))

    def _stamp(self, name: str) -> Path:
        return self.folder / f"{name}.stamp"
