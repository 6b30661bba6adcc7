"""One runtime process with its group, its output and its memory.

The process leads a session of its own, so that whatever the function starts is stopped,
continued and killed with it.
"""

import contextlib
import math
import os
import select
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from reprise_executor.guard import Guard

_LOG_LIMIT = 4 * 1024 * 1024
_CHUNK = 65536


class FunctionProcess:
    """Started on construction; `end` must be called, also after it exited by itself."""

    def __init__(
        self, *, command: Sequence[str], variables: Mapping[str, str], folder: Path, guard: Guard
    ) -> None:
        self._guard = guard
        self._output, output = os.pipe()
        self._wake_reader, self._wake_writer = os.pipe()
        for reader in (self._output, self._wake_reader):
            os.set_blocking(reader, False)
        self._open = True
        self._written = bytearray()
        self._process = subprocess.Popen(
            command,
            env=dict(variables),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        os.close(output)
        guard.enrol(self._process.pid)

    def attend(self, seconds: float) -> None:
        """Take in output until there is some, `wake` is called, or `seconds` have passed."""
        watched = select.poll()
        watched.register(self._wake_reader, select.POLLIN)
        if self._open:
            watched.register(self._output, select.POLLIN)
        ready = [descriptor for descriptor, _ in watched.poll(math.ceil(seconds * 1000))]
        if self._wake_reader in ready:
            os.read(self._wake_reader, _CHUNK)
        if self._output in ready:
            self._take_in()

    def wake(self) -> None:
        """Make `attend` return; called by other threads."""
        with contextlib.suppress(OSError):
            os.write(self._wake_writer, b"!")

    def drain(self) -> str:
        """Return and forget everything written so far."""
        if self._open:
            self._take_in()
        text = self._written.decode(errors="replace")
        self._written.clear()
        return text

    def exited(self) -> bool:
        """Whether the process is over; it stays a zombie, so its group id is not reused."""
        if self._process.returncode is not None:
            return True
        state = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return state is not None

    def peak_memory_mb(self) -> int:
        """The most memory it ever held, in MB, rounded up; 0 when it is over."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        except OSError:
            return 0
        kilobytes = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
        return -(-int(kilobytes[0]) // 1024) if kilobytes else 0

    def freeze(self) -> None:
        """Stop the group's clock, as Lambda does between calls."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let the group run again."""
        self._signal(signal.SIGCONT)

    def end(self) -> int:
        """Kill the whole group and return the exit code, negative for a signal."""
        self._signal(signal.SIGKILL)
        code = self._process.wait()
        self._guard.dismiss(self._process.pid)
        return code

    def close(self) -> None:
        """Give the pipes back; after `end` and the last `drain`."""
        for descriptor in (self._output, self._wake_reader, self._wake_writer):
            os.close(descriptor)
        self._open = False

    def _take_in(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(self._output, _CHUNK):
                if len(self._written) < _LOG_LIMIT:
                    self._written += chunk
            self._open = False

    def _signal(self, number: signal.Signals) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
