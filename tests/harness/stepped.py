"""A flusher that stops before each call of a port, so that a test decides what happens there."""

import threading
from collections.abc import Callable
from typing import Any


class Crash(BaseException):
    """The process dies here: nothing of it catches this."""


class Stepped:
    """Runs `work` in a thread of its own, one port call at a time.

    `work` gets a function that wraps a port. `waits_for` names the call before which it stands,
    None once it is through.
    """

    def __init__(self, work: Callable[[Callable[[Any], Any]], None]) -> None:
        self.waits_for: str | None = None
        self._go, self._stands = threading.Semaphore(0), threading.Semaphore(0)
        self._dead = False
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()
        self._stands.acquire()

    def step(self) -> None:
        """Let the call happen that it stands before, up to the next one."""
        if self.waits_for is not None:
            self._go.release()
            self._stands.acquire()
        if self._error is not None:
            raise self._error

    def crash(self) -> None:
        """Let it die before the call that it stands before."""
        self._dead = True
        while self.waits_for is not None:
            self.step()
        self._thread.join()

    def _run(self, work: Callable[[Callable[[Any], Any]], None]) -> None:
        try:
            work(lambda port: _Gated(port, self._arrive))
        except Crash:
            pass
        except Exception as error:  # noqa: BLE001 - raised again in the test's own thread
            self._error = error
        finally:
            self.waits_for = None
            self._stands.release()

    def _arrive(self, name: str) -> None:
        self.waits_for = name
        self._stands.release()
        self._go.acquire()
        if self._dead:
            raise Crash


class _Gated:
    def __init__(self, port: Any, arrive: Callable[[str], None]) -> None:
        self._port = port
        self._arrive = arrive

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._port, name)

        def call(**arguments: Any) -> Any:
            self._arrive(name)
            return method(**arguments)

        return call
