"""Keeps the list of running function processes, so that none outlives LocalStack."""

import contextlib
import subprocess
import sys
from pathlib import Path
from threading import Lock

from reprise_executor import watchdog


class ShuttingDownError(RuntimeError):
    """A function process was asked for while LocalStack is ending."""


class Guard:
    """Names every process group to the watchdog, and can end them all at once."""

    def __init__(self) -> None:
        self._groups: set[int] = set()
        self._lock = Lock()
        self._watchdog: subprocess.Popen[bytes] | None = None
        self._closed = False

    def enrol(self, group: int) -> None:
        """Begin to guard a process group; ends it and raises when everything is ending."""
        with self._lock:
            if self._closed:
                watchdog.kill_group(group)
                raise ShuttingDownError("LocalStack is shutting down")
            self._groups.add(group)
            self._tell(f"+{group}\n")

    def dismiss(self, group: int) -> None:
        """Forget a process group that has ended."""
        with self._lock:
            self._groups.discard(group)
            self._tell(f"-{group}\n")

    def end_all(self) -> None:
        """Kill every guarded group; none can be enrolled afterwards."""
        with self._lock:
            self._closed = True
            for group in self._groups:
                watchdog.kill_group(group)

    def _tell(self, line: str) -> None:
        try:
            self._pipe_to_watchdog(line)
        except BrokenPipeError:
            self._watchdog = None
            self._pipe_to_watchdog("".join(f"+{group}\n" for group in self._groups))

    def _pipe_to_watchdog(self, text: str) -> None:
        if self._watchdog is None:
            self._watchdog = subprocess.Popen(
                [sys.executable, "-I", str(Path(watchdog.__file__))],
                stdin=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
            )
        if self._watchdog.stdin is not None:
            self._watchdog.stdin.write(text.encode())

    def close(self) -> None:
        """End the watchdog too. For tests: LocalStack's end does it by itself."""
        self.end_all()
        if self._watchdog is not None and self._watchdog.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._watchdog.stdin.close()
            self._watchdog.wait()
