"""Processes that we own: each leads a group of its own, is known by its start time, is ended by us.

A pid alone is not an identity, because the kernel gives it out again; pid and start time are.
Children that leave the group (or outlive their leader) are found by a mark in their environment.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

MARK = "REPRISE_STARTED_AS"
"""Environment variable whose value names the folder of the server that a process belongs to."""


@dataclass(frozen=True, slots=True)
class Identity:
    """One process among all that ever had its pid. `started` is in clock ticks since boot."""

    pid: int
    started: int

    @property
    def alive(self) -> bool:
        return start_ticks(self.pid) == self.started


def start_ticks(pid: int) -> int | None:
    """Return when a process started, or None where it is gone or only its zombie is left."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[0] in {"Z", "X"} else int(fields[19])


def spawn(
    *,
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    run_as: str | None = None,
    cwd: Path | None = None,
) -> Identity:
    """Start a server in a group of its own; its output goes to `server.log` in its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(  # the caller ends it, maybe from another process
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=cwd or folder,
            env={**environment, MARK: str(folder)},
            start_new_session=True,
            user=run_as,
            group=run_as,
            extra_groups=[] if run_as else None,
        )
    # Polled elsewhere by pid and start time; the handle must not warn when it is collected.
    process.returncode = 0
    identity = Identity(pid=process.pid, started=start_ticks(process.pid) or 0)
    remember(folder=folder, identity=identity)
    return identity


def remember(*, folder: Path, identity: Identity) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "process.json").write_text(json.dumps(asdict(identity)), encoding="utf-8")


def recall(folder: Path) -> Identity | None:
    """Return the process that was started in this folder, dead or alive, or None."""
    try:
        facts = json.loads((folder / "process.json").read_text(encoding="utf-8"))
        return Identity(pid=facts["pid"], started=facts["started"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def marked(folder: Path) -> Iterator[Identity]:
    """Yield every living process whose environment says that it was started in this folder."""
    wanted = f"{MARK}={folder}".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        started = start_ticks(int(entry.name)) if wanted in environment else None
        if started is not None:
            yield Identity(pid=int(entry.name), started=started)


def send(identity: Identity, number: signal.Signals) -> None:
    """Signal the group of a process, where it is still that process."""
    if identity.alive:
        with suppress(ProcessLookupError):
            os.killpg(identity.pid, number)


def reap(pid: int) -> None:
    """Collect the exit of a process where it is our own child, so that no zombie stays."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def wait_gone(identity: Identity, *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while identity.alive:
        reap(identity.pid)
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    reap(identity.pid)
    return True


def end(folder: Path, *, polite: signal.Signals = signal.SIGTERM, seconds: float = 20) -> bool:
    """End what was started in this folder and all its children; say whether anything ran."""
    leader = recall(folder)
    ran = leader is not None and leader.alive
    if leader is not None and ran:
        send(leader, signal.SIGCONT)
        send(leader, polite)
        if not wait_gone(leader, seconds=seconds):
            send(leader, signal.SIGKILL)
            wait_gone(leader, seconds=5)
    for orphan in marked(folder):
        ran = True
        with suppress(ProcessLookupError):
            os.kill(orphan.pid, signal.SIGKILL)
        wait_gone(orphan, seconds=5)
    (folder / "process.json").unlink(missing_ok=True)
    return ran


def last_lines(folder: Path, *, count: int = 3) -> str:
    """Return the end of a server's log, for the message about its failed start."""
    try:
        lines = (folder / "server.log").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "no log"
    return " | ".join(line.strip() for line in lines[-count:] if line.strip()) or "empty log"
