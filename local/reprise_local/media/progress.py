"""How far an ingest is and how long it will take, on stderr: a bar for people, lines for logs."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from reprise_local.console import errors


class Meter:
    """Steps whose work is known beforehand, in any unit that is proportional to their time.

    A `silent` one shows nothing: its caller has a display of its own.
    """

    def __init__(self, title: str, work: Mapping[str, float], *, silent: bool = False) -> None:
        self._work = work
        self._silent = silent
        self._done = dict.fromkeys(work, 0.0)
        self._lock = Lock()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=errors,
            transient=True,
            disable=silent or not errors.is_terminal,
        )
        self._task: TaskID = self._bar.add_task(title, total=sum(work.values()) or 1)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def reach(self, name: str, fraction: float) -> None:
        """Say how much of a step is done; may be called from its own thread."""
        with self._lock:
            self._done[name] = self._work[name] * min(max(fraction, 0.0), 1.0)
            self._bar.update(self._task, completed=sum(self._done.values()))

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.reach(name, 1.0)
        if not self._silent:
            took = time.monotonic() - began
            self._bar.console.print(f"[green]✓[/] {name} [dim]({took:.1f} s)[/]")
