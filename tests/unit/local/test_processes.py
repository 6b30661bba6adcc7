"""A process is ended by who started it, with all its children, and never a stranger."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reprise_local import processes
from reprise_local.processes import Identity

SLEEP = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('ready', flush=True); time.sleep(60)"
)
PARENT = (
    "import subprocess, sys, time; "
    f"subprocess.Popen([sys.executable, '-c', {SLEEP!r}], start_new_session=True); "
    "print('ready', flush=True); time.sleep(60)"
)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    processes.end(tmp_path, polite=signal.SIGKILL)


def start(folder: Path, script: str) -> Identity:
    identity = processes.spawn(
        command=[sys.executable, "-c", script], folder=folder, environment={"PATH": "/usr/bin"}
    )
    deadline = time.monotonic() + 10
    while "ready" in script and "ready" not in (folder / "server.log").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return identity


def test_what_was_started_is_found_again_and_ended(folder: Path) -> None:
    identity = start(folder, SLEEP)
    assert processes.recall(folder) == identity
    assert identity.alive
    assert processes.end(folder)
    assert not identity.alive
    assert processes.recall(folder) is None


def test_a_process_that_ignores_a_polite_signal_is_killed(folder: Path) -> None:
    identity = start(folder, STUBBORN)
    assert processes.end(folder, seconds=0.2)
    assert not identity.alive


def test_a_child_that_left_the_group_is_ended_too(folder: Path) -> None:
    start(folder, PARENT)
    family = list(processes.marked(folder))
    assert len(family) == 2
    assert processes.end(folder)
    assert not any(member.alive for member in family)


def test_a_pid_that_was_given_out_again_is_not_ours(folder: Path) -> None:
    mine = processes.start_ticks(os.getpid())
    assert mine is not None
    processes.remember(folder=folder, identity=Identity(pid=os.getpid(), started=mine - 1))
    assert not processes.end(folder)


def test_a_broken_note_about_a_process_is_no_process(folder: Path) -> None:
    (folder / "process.json").write_text("{not json")
    assert processes.recall(folder) is None
