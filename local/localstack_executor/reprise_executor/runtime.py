"""One life of a runtime process: its start, its init, the calls it answers, its end.

Between calls the process group is stopped by a signal, as Lambda freezes an environment, so
that a background thread or a heartbeat that would not run on AWS does not run here either.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from pathlib import Path
from threading import Condition

from reprise_executor.guard import Guard
from reprise_executor.process import FunctionProcess
from reprise_executor.runtime_api import Dispatch, RuntimeApi

_LOOK_EVERY_SECONDS = 0.05


class End(Enum):
    """Why a wait for the runtime process was over."""

    SETTLED = auto()
    TIMED_OUT = auto()
    EXITED = auto()
    OUT_OF_MEMORY = auto()


class Runtime:
    """The desk behind one Runtime API server. Times are of `time.monotonic`."""

    def __init__(
        self,
        *,
        command: Sequence[str],
        variables: Mapping[str, str],
        folder: Path,
        memory_mb: int,
        guard: Guard,
    ) -> None:
        self._changed = Condition()
        self._memory_mb = memory_mb
        self._queued: Dispatch | None = None
        self._open_request = ""
        self._ready = False
        self._closed = False
        self.payload: bytes | None = None
        self.failed = False
        self.init_error: bytes | None = None
        self.refused_size = 0
        self.peak_memory_mb = 0
        self._api = RuntimeApi(self)
        self._process = FunctionProcess(
            command=command,
            variables={**variables, "AWS_LAMBDA_RUNTIME_API": self._api.address},
            folder=folder,
            guard=guard,
        )

    def await_ready(self, *, until: float) -> End:
        """Wait until the process asks for a call, or `init_error` says why it never will."""
        return self._watch(lambda: self._ready or self.init_error is not None, until)

    def run(self, dispatch: Dispatch, *, until: float) -> End:
        """Hand the call over and wait for `payload`, or for `refused_size`."""
        with self._changed:
            self.payload, self.failed, self.refused_size = None, False, 0
            self._open_request = dispatch.call.request_id
            self._queued = dispatch
            self._process.thaw()
            self._changed.notify_all()
        return self._watch(lambda: self.payload is not None or self.refused_size > 0, until)

    def alive(self) -> bool:
        return not self._process.exited()

    def output(self) -> str:
        """What the function wrote since the last time."""
        return self._process.drain()

    def end(self) -> tuple[int, str]:
        """Kill what still runs; return the exit code and the last output."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._api.close()
        code = self._process.end()
        output = self._process.drain()
        self._process.close()
        return code, output

    def next_call(self) -> Dispatch | None:
        """See `Desk`. The process is frozen while it waits here."""
        with self._changed:
            self._ready = True
            self._process.wake()
            if self._queued is None:
                self._process.freeze()
            self._changed.wait_for(lambda: self._queued is not None or self._closed)
            dispatch, self._queued = self._queued, None
            return None if self._closed else dispatch

    def answered(self, request_id: str, payload: bytes) -> bool:
        """See `Desk`."""
        return self._settle(request_id, payload, failed=False)

    def failed_call(self, request_id: str, payload: bytes) -> bool:
        """See `Desk`."""
        return self._settle(request_id, payload, failed=True)

    def refused(self, request_id: str, size: int) -> None:
        """See `Desk`."""
        with self._changed:
            if request_id == self._open_request:
                self.refused_size = size
                self._process.wake()

    def init_failed(self, payload: bytes) -> None:
        """See `Desk`."""
        with self._changed:
            self.init_error = payload
            self._process.wake()

    def _settle(self, request_id: str, payload: bytes, *, failed: bool) -> bool:
        with self._changed:
            if request_id != self._open_request or self.refused_size:
                return False
            self._open_request = ""
            self._ready = False
            self.payload, self.failed = payload, failed
            self._process.wake()
            return True

    def _watch(self, settled: Callable[[], bool], until: float) -> End:
        look = time.monotonic() + _LOOK_EVERY_SECONDS
        while not settled():
            now = time.monotonic()
            if now >= until:
                return End.TIMED_OUT
            if now >= look:
                look = now + _LOOK_EVERY_SECONDS
                if self._over_memory():
                    return End.OUT_OF_MEMORY
            self._process.attend(min(until, look) - now)
            if self._process.exited():
                return End.SETTLED if settled() else End.EXITED
        return End.OUT_OF_MEMORY if self._over_memory() else End.SETTLED

    def _over_memory(self) -> bool:
        self.peak_memory_mb = max(self.peak_memory_mb, self._process.peak_memory_mb())
        return self.peak_memory_mb > self._memory_mb
