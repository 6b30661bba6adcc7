"""Ports that die: at random before or after a call, as the process of a flusher does."""

import random
from collections.abc import Callable
from typing import Any


class KilledError(BaseException):
    """The process is gone; nothing that catches errors catches this."""


class Mortal:
    """A port whose every call may be the last: the call is not made, or its answer is lost."""

    def __init__(self, port: Any, *, dice: random.Random, chance: float) -> None:
        self._port = port
        self._dice = dice
        self._chance = chance

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._port, name)

        def called(**arguments: Any) -> Any:
            self._maybe_die()
            answer = method(**arguments)
            self._maybe_die()
            return answer

        return called

    def _maybe_die(self) -> None:
        if self._dice.random() < self._chance:
            raise KilledError
