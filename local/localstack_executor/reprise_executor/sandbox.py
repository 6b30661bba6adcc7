"""One execution environment: the rules of Lambda's init, invoke and reset.

The init runs before the first call with 10 seconds of its own. If it fails, or the process died
or was killed for its time or memory, the next call starts a fresh process inside that call's
time-out, which is what Lambda does with an environment it resets.
"""

import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from reprise_executor import faults, report
from reprise_executor.calls import Answer, Call, Function
from reprise_executor.faults import Fault
from reprise_executor.guard import Guard
from reprise_executor.runtime import End, Runtime
from reprise_executor.runtime_api import Dispatch

INIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Outcome:
    payload: bytes
    failed: bool
    status: str = ""
    error_type: str = ""


class Sandbox:
    """`start`, then `invoke` one call at a time, then `stop`."""

    def __init__(
        self,
        *,
        function: Function,
        python: Path,
        folder: Path,
        variables: Mapping[str, str],
        guard: Guard,
    ) -> None:
        self._function = function
        self._command = [str(python), "-m", "awslambdaric", function.handler]
        self._folder = folder
        self._variables = variables
        self._guard = guard
        self._lock = Lock()
        self._busy = False
        self._stopped = False
        self._runtime: Runtime | None = None
        self._init_ms: float | None = None
        self._logs: list[str] = []
        self._peak_memory_mb = 0

    def start(self) -> bytes | None:
        """Run the init phase; return the error that the first call would tell, if any."""
        failure = self._initialise(until=time.monotonic() + INIT_SECONDS, phase="init", call=None)
        return failure.payload if failure else None

    def invoke(self, call: Call) -> Answer:
        """Run one call to its end, whatever that is."""
        with self._lock:
            self._busy = True
        try:
            return self._invoke(call)
        finally:
            with self._lock:
                self._busy = False
                stopped = self._stopped
            if stopped:
                self._end_runtime()

    def stop(self) -> None:
        """End the environment, after the call that is running in it."""
        with self._lock:
            self._stopped = True
            busy = self._busy
        if not busy:
            self._end_runtime()

    def logs(self) -> str:
        """What was written and has not been returned with an answer yet."""
        return "".join(self._logs)

    def _invoke(self, call: Call) -> Answer:
        began = time.monotonic()
        until = began + self._function.timeout
        warm = self._warm(until)
        self._log(report.start_line(request_id=call.request_id, version=self._function.version))
        failure = None if warm else self._initialise(until=until, phase="invoke", call=call)
        init_ms, self._init_ms = self._init_ms, None
        outcome = failure or self._run(call, until)
        usage = report.Usage(
            duration_ms=(time.monotonic() - began) * 1000,
            memory_limit_mb=self._function.memory_mb,
            memory_used_mb=self._peak_memory_mb,
            init_ms=init_ms,
        )
        self._log(report.end_line(request_id=call.request_id))
        self._log(
            report.report_line(
                request_id=call.request_id,
                usage=usage,
                status=outcome.status,
                error_type=outcome.error_type,
            )
        )
        logs, self._logs = self.logs(), []
        return Answer(payload=outcome.payload, failed=outcome.failed, logs=logs)

    def _warm(self, until: float) -> bool:
        """Whether a process asks for a call; one that answered and then died does not."""
        if self._runtime is None:
            return False
        if self._runtime.alive() and self._runtime.await_ready(until=until) is End.SETTLED:
            self._log(self._runtime.output())
            return True
        self._end_runtime()
        return False

    def _initialise(self, *, until: float, phase: str, call: Call | None) -> _Outcome | None:
        began = time.monotonic()
        runtime = Runtime(
            command=self._command,
            variables=self._variables,
            folder=self._folder,
            memory_mb=self._function.memory_mb,
            guard=self._guard,
        )
        self._runtime = runtime
        end = runtime.await_ready(until=until)
        init_ms = (time.monotonic() - began) * 1000
        if end is End.SETTLED and runtime.init_error is None:
            self._log(runtime.output())
            self._init_ms = init_ms if phase == "init" else None
            return None
        outcome = self._failed_init(runtime, end, call)
        self._log(
            report.init_report_line(
                init_ms=init_ms,
                phase=phase,
                status=outcome.status,
                error_type=outcome.error_type,
            )
        )
        return outcome

    def _failed_init(self, runtime: Runtime, end: End, call: Call | None) -> _Outcome:
        request_id = call.request_id if call else ""
        if end is End.SETTLED and runtime.init_error is not None:
            self._end_runtime()
            return _Outcome(
                payload=runtime.init_error,
                failed=True,
                status="error",
                error_type=_error_type(runtime.init_error),
            )
        seconds = self._function.timeout if call else INIT_SECONDS
        return self._broken(end, request_id, seconds)

    def _run(self, call: Call, until: float) -> _Outcome:
        runtime = self._runtime
        if runtime is None:
            raise RuntimeError("a call needs an initialised runtime")
        left_ms = math.ceil((until - time.monotonic()) * 1000)
        dispatch = Dispatch(call=call, deadline_ms=int(time.time() * 1000) + left_ms)
        end = runtime.run(dispatch, until=until)
        if end is not End.SETTLED:
            return self._broken(end, call.request_id, self._function.timeout)
        self._peak_memory_mb = max(self._peak_memory_mb, runtime.peak_memory_mb)
        self._log(runtime.output())
        if runtime.refused_size:
            self._end_runtime()  # the runtime client takes the refusal for fatal
            fault = faults.response_too_large(request_id=call.request_id, size=runtime.refused_size)
            return self._told(fault)
        return _Outcome(payload=runtime.payload or b"", failed=runtime.failed)

    def _broken(self, end: End, request_id: str, seconds: float) -> _Outcome:
        code = self._end_runtime()
        match end:
            case End.TIMED_OUT:
                now = datetime.now(UTC)
                fault = faults.timed_out(request_id=request_id, seconds=seconds, now=now)
            case End.OUT_OF_MEMORY:
                fault = faults.out_of_memory(request_id=request_id)
            case _:
                fault = faults.exited(request_id=request_id, code=code)
        return self._told(fault)

    def _told(self, fault: Fault) -> _Outcome:
        self._log(fault.log)
        return _Outcome(
            payload=fault.payload(),
            failed=True,
            status=fault.status,
            error_type="" if fault.status == "timeout" else fault.error_type,
        )

    def _end_runtime(self) -> int:
        if self._runtime is None:
            return 0
        runtime, self._runtime = self._runtime, None
        code, output = runtime.end()
        self._peak_memory_mb = max(self._peak_memory_mb, runtime.peak_memory_mb)
        self._log(output)
        return code

    def _log(self, text: str) -> None:
        if text:
            self._logs.append(text)


def _error_type(payload: bytes) -> str:
    try:
        error = json.loads(payload)
    except ValueError:
        return ""
    return str(error.get("errorType", "")) if isinstance(error, dict) else ""
