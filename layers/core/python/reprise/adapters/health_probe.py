"""`StoreCheck` for any store: try something cheap, in a thread, and give up after a second."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from reprise.domain.errors import UnavailableError

SECONDS = 1.0
FIRST_SECONDS = 4.0
"""Until a store has answered once: its driver has to be loaded and connected too."""


class Probe:
    """Tries `attempt`, which raises `UnavailableError` where the store does not answer.

    An attempt that hangs keeps its thread; the next ping waits for the same one, so that a store
    that hangs for an hour costs one thread.
    """

    def __init__(self, attempt: Callable[[], object]) -> None:
        self._attempt = attempt
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._pending: Future[object] | None = None
        self._answered = False

    def ping(self) -> bool:
        if self._pending is None or self._pending.done():
            self._pending = self._pool.submit(self._attempt)
        try:
            self._pending.result(timeout=SECONDS if self._answered else FIRST_SECONDS)
        except (UnavailableError, TimeoutError):
            return False
        self._answered = True
        return True
