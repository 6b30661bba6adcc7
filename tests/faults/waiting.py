"""Waiting for what servers do in their own time."""

import time
from collections.abc import Callable


def eventually(condition: Callable[[], object], *, seconds: float = 20) -> None:
    """Return when the condition holds.

    Raises:
        AssertionError: it does not in time.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"it did not happen within {seconds} s"
        time.sleep(0.05)
