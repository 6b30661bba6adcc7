"""What every server of ours can do: start and answer, stop, be paused, be killed, start again."""

import os
import signal
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from reprise_local import processes
from reprise_local.errors import LocalError
from reprise_local.ports import require_free

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "JAVA_HOME")


class Server(ABC):
    """One server process on loopback with data of its own in one folder.

    Usable as a context manager: started on entry, stopped on exit.
    """

    title: ClassVar[str]
    polite: ClassVar[signal.Signals] = signal.SIGTERM
    patience: ClassVar[float] = 60

    def __init__(self, *, folder: Path, port: int) -> None:
        self.folder = folder.resolve()
        self.port = port

    @abstractmethod
    def command(self) -> Sequence[str]:
        """Return the command line that runs the server in the foreground."""

    @abstractmethod
    def answers(self) -> bool:
        """Say whether the server answers a real request within a second or so."""

    def prepare(self) -> None:
        """Make the folder ready; called before every start."""
        self.folder.mkdir(parents=True, exist_ok=True)

    def environment(self) -> Mapping[str, str]:
        return {name: os.environ[name] for name in _KEPT if name in os.environ}

    def run_as(self) -> str | None:
        """Return the user to start as, where it must not be the current one."""
        return None

    @property
    def identity(self) -> processes.Identity | None:
        found = processes.recall(self.folder)
        return found if found is not None and found.alive else None

    @property
    def running(self) -> bool:
        return self.identity is not None

    def start(self) -> None:
        """Start on the data of before and return when it answers; do nothing where it runs.

        Raises:
            LocalError: the port is taken, or the server does not come up.
        """
        if not self.running:
            require_free(port=self.port, purpose=self.title)
            self.prepare()
            processes.spawn(
                command=self.command(),
                folder=self.folder,
                environment=self.environment(),
                run_as=self.run_as(),
            )
        self.await_answer()

    def attach(self) -> None:
        """Return when a server answers there that somebody else started.

        Raises:
            LocalError: none does.
        """
        deadline = time.monotonic() + self.patience
        while not self.answers():
            if time.monotonic() > deadline:
                raise LocalError(
                    f"no {self.title} answers on port {self.port}",
                    mend="docker compose -f localstack-compose.yml up --detach --build --wait",
                )
            time.sleep(0.5)

    def await_answer(self) -> None:
        """Raises:
        LocalError: the process ended, or did not answer in time.
        """
        deadline = time.monotonic() + self.patience
        while not self.answers():
            identity = processes.recall(self.folder)
            if identity is None or not identity.alive:
                raise LocalError(
                    f"{self.title} ended while starting: {processes.last_lines(self.folder)}",
                    mend=f"less {self.folder / 'server.log'}",
                )
            processes.reap(identity.pid)
            if time.monotonic() > deadline:
                raise LocalError(
                    f"{self.title} did not answer on port {self.port} in {self.patience:.0f} s",
                    mend=f"less {self.folder / 'server.log'}",
                )
            time.sleep(0.1)

    def stop(self) -> bool:
        """End it in good order; say whether it ran."""
        return processes.end(self.folder, polite=self.polite)

    def kill(self) -> None:
        """End it at once, as a power cut of this process would."""
        processes.end(self.folder, polite=signal.SIGKILL)

    def pause(self) -> None:
        """Freeze it: connections stay open and nothing answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        identity = self.identity
        if identity is None:
            raise LocalError(f"{self.title} in {self.folder} does not run")
        processes.send(identity, number)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
