"""Publications as they were uploaded, kept on disk: LocalStack forgets its buckets when it ends.

They lie in the folder of their stack, so that they go with its data, and share their bytes with the
workshop they were made in for as long as that has them. Which of them count, the catalog says: what
none of its rows names any more goes once the last player that may read it has ended.
"""

import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from reprise.adapters.publications_redis import media_of
from reprise.domain.grants import GRANT_SECONDS
from reprise.domain.media import MEDIA_FOLDER, Runtime
from reprise_local.errors import LocalError
from reprise_local.media.package import MANIFEST, Package

MARGIN_SECONDS = 600
_LEAST_FREE = 1 << 20
_RECORD, _RETIRED, _PART = ".json", ".retired", ".part"


@dataclass(frozen=True, slots=True)
class Record:
    """What people said when they published it: `source` is their file's name."""

    source: str
    runtime: Runtime


@dataclass(frozen=True, slots=True)
class KeptPackage:
    package: Package
    record: Record


class Kept:
    """The publications of one stack, by their paths. Folders without their manifest are not seen.

    Raises `LocalError` where the disk refuses.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, package: Package, record: Record) -> Package:
        """Keep a publication and return it as it is kept."""
        folder = self._at(package.media.path)
        with disk_told(folder):
            if self.find(package.media.path) is None:
                self._put(package.files, folder)
            said = asdict(record) | {"sizes": _sizes(_files(folder))}
            _beside(folder, _RECORD).write_text(json.dumps(said, indent=1), encoding="utf-8")
            _beside(folder, _RETIRED).unlink(missing_ok=True)
        return Package(package.media, {name: folder / name for name in package.files})

    def find(self, path: str) -> KeptPackage | None:
        """Return what was published under this path, None where it is not whole any more."""
        folder = self._at(path)
        try:
            media = media_of(json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
            said = json.loads(_beside(folder, _RECORD).read_text(encoding="utf-8"))
            record = Record(said["source"], Runtime(**said["runtime"]))
            files = _files(folder)
            whole = media.path == path and _sizes(files) == said["sizes"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return KeptPackage(Package(media, files), record) if whole else None

    def due(self, *, named: Collection[str], now: float) -> list[str]:
        """Return the paths that nobody names and whose last reader has ended by `now` (Unix).

        One that is met without a name for the first time is read for as long as a grant lasts and
        the film besides: its player may have begun just before.
        """
        paths = []
        for folder in self._versions():
            path = f"{MEDIA_FOLDER}{folder.relative_to(self._folder).as_posix()}"
            stamp = _beside(folder, _RETIRED)
            with disk_told(folder):
                if path in named:
                    stamp.unlink(missing_ok=True)
                elif not stamp.exists():
                    stamp.write_text(f"{now:.0f}", encoding="utf-8")
                elif float(stamp.read_text(encoding="utf-8")) + _lasting(folder) <= now:
                    paths.append(path)
        return paths

    def forget(self, path: str) -> None:
        """Delete a publication; what is left of it after a crash is deleted the next time."""
        folder = self._at(path)
        with disk_told(folder):
            gone = _beside(folder, _PART)
            if folder.exists():
                shutil.rmtree(gone, ignore_errors=True)
                folder.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)
            for suffix in (_RECORD, _RETIRED):
                _beside(folder, suffix).unlink(missing_ok=True)

    def _put(self, files: Mapping[str, Path], folder: Path) -> None:
        part = _beside(folder, _PART)
        shutil.rmtree(part, ignore_errors=True)
        for name, path in files.items():
            target = part / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _share(path, target)
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)

    def _versions(self) -> Iterator[Path]:
        for manifest in sorted(self._folder.glob(f"*/*/*/{MANIFEST}")):
            if manifest.parent.suffix != _PART:
                yield manifest.parent

    def _at(self, path: str) -> Path:
        return self._folder / path.removeprefix(MEDIA_FOLDER)


@contextmanager
def disk_told(path: Path) -> Iterator[None]:
    """Turn what the disk complains of into ours; `path` is said where it names no file.

    ffmpeg does not always say that the disk is full, and writes empty files then.
    """
    try:
        yield
    except LocalError as error:
        if shutil.disk_usage(path if path.exists() else path.parent).free >= _LEAST_FREE:
            raise
        message = f"the disk of {path} is full: {error.message}"
        raise LocalError(message, mend=f"df -h {path}") from error
    except OSError as error:
        where, why = error.filename or path, error.strerror or error
        raise LocalError(f"the disk refuses {where}: {why}", mend=f"df -h {path.parent}") from error


def _share(path: Path, target: Path) -> None:
    """Give a file a second name, but for playlists: those on top are written anew in place."""
    if path.suffix not in {".m3u8", ".json"}:
        try:
            os.link(path, target)
        except OSError:
            pass  # another disk, or one without links
        else:
            return
    shutil.copyfile(path, target)


def _files(folder: Path) -> Mapping[str, Path]:
    """Return the files by their names below the folder, the manifest last."""
    files = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    return {name: path for name, path in files.items() if name != MANIFEST} | {
        MANIFEST: folder / MANIFEST
    }


def _sizes(files: Mapping[str, Path]) -> dict[str, int]:
    return {name: path.stat().st_size for name, path in files.items()}


def _lasting(folder: Path) -> float:
    try:
        facts = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return GRANT_SECONDS + MARGIN_SECONDS + float(facts["duration"])
    except (ValueError, KeyError, TypeError):
        return GRANT_SECONDS + MARGIN_SECONDS


def _beside(folder: Path, suffix: str) -> Path:
    return folder.with_name(f"{folder.name}{suffix}")
