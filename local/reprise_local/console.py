"""What the command shows while it works: one line a step, live where there is a terminal."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

type Action = Callable[[], str]
"""A step of its own; what it returns is the note of its finished line."""

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


@dataclass(slots=True)
class Step:
    """One running step; `note` is what its finished line says beside the time."""

    title: str
    note: str = ""


class Steps:
    """The list of steps of one command. Steps may run in threads of their own."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not sys.stdout.isatty(),
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Show a step while its block runs, and how long it took when it is done."""
        task: TaskID = self._progress.add_task(title, total=None)
        began = time.monotonic()
        step = Step(title)
        try:
            yield step
        except BaseException:
            self._print(f"[red]✗[/] {title}")
            raise
        finally:
            self._progress.remove_task(task)
        took = time.monotonic() - began
        note = f" · {step.note}" if step.note else ""
        self._print(f"[green]✓[/] {title}{note} [dim]({took:.1f} s)[/]")

    def together(self, actions: Mapping[str, Action]) -> None:
        """Run steps side by side; what an action returns is the note of its line.

        All of them end before the first failure is raised.
        """

        def one(title: str, action: Action) -> None:
            with self.step(title) as step:
                step.note = action()

        with ThreadPoolExecutor(max_workers=max(1, len(actions))) as pool:
            running = [pool.submit(one, title, action) for title, action in actions.items()]
        for future in running:
            future.result()

    def say(self, text: str) -> None:
        self._print(text)

    def _print(self, text: str) -> None:
        self._progress.console.print(text)
