"""Runs ffmpeg in a process group of its own that never outlives what asked for it."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from reprise_local import processes
from reprise_local.errors import LocalError

MEND = "sudo apt-get install ffmpeg (or make install)"
_TIME = "out_time_us="
_PROBE_SECONDS = 60
_QUIET = ["-hide_banner", "-nostdin", "-v", "error", "-y", "-progress", "pipe:1", "-nostats"]


def program(name: str) -> str:
    """Raises:
    LocalError: it is not installed; carries the command that installs it.
    """
    found = shutil.which(name)
    if found is None:
        raise LocalError(f"{name} is not installed", mend=MEND)
    return found


def capture(name: str, arguments: Sequence[str]) -> tuple[int, str, str]:
    """Run a short command and return its exit code, what it wrote, and what it complained of."""
    command = [program(name), *arguments]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PROBE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LocalError(f"{name} has not answered for {_PROBE_SECONDS} s") from error
    return done.returncode, done.stdout, done.stderr


def run(
    arguments: Sequence[str],
    *,
    folder: Path,
    title: str,
    progress: Callable[[float], None] = lambda _: None,
) -> None:
    """Run to the end in `folder`; `progress` is called with the media seconds that are done.

    The process is recorded in the folder (`process.json`) while it runs, and its group is ended
    when this call is.

    Raises:
        LocalError: it failed; carries its last words.
    """
    complaints = folder / "ffmpeg.log"
    with complaints.open("w+b") as log, _started(arguments, folder, log) as process:
        assert process.stdout is not None
        for line in process.stdout:
            time = line.strip().removeprefix(_TIME)
            if line.startswith(_TIME) and time.isdigit():
                progress(int(time) / 1e6)
        code = process.wait()
    if code != 0:
        raise LocalError(f"{title} failed: {_last_words(complaints, code)}")
    complaints.unlink()


def end_now(folder: Path) -> None:
    """End what another thread of this process runs in this folder; its call fails."""
    identity = processes.recall(folder)
    if identity:
        processes.send(identity, signal.SIGKILL)


def end_recorded(folder: Path) -> None:
    """End what a killed run of ours may have left running in this folder."""
    processes.end(folder, seconds=2)


@contextmanager
def _started(
    arguments: Sequence[str], folder: Path, log: IO[bytes]
) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [program("ffmpeg"), *_QUIET, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        cwd=folder,
        env={**os.environ, processes.MARK: str(folder)},
        text=True,
        start_new_session=True,
    )
    identity = processes.Identity(process.pid, processes.start_ticks(process.pid) or 0)
    processes.remember(folder=folder, identity=identity)
    try:
        yield process
    finally:
        processes.send(identity, signal.SIGKILL)
        process.wait()
        if process.stdout:
            process.stdout.close()
        (folder / "process.json").unlink(missing_ok=True)


def _last_words(log: Path, code: int) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    said = [line.strip() for line in lines if line.strip()]
    if code < 0 and not said:
        return f"ended by {signal.Signals(-code).name}"
    return said[-1][:300] if said else f"exit code {code}"
