"""A function in a process of its own that can really be killed, also by itself between two steps.

The child loads the handler, says `{"ready": …}` and then answers each line of its input, an event,
with `{"result": …}`; what the function logs stands between. A `Fatal` step ends the process with
SIGKILL before or after one call of a port, as a power cut would.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

ROOT = Path(__file__).parents[2]
PACKAGES = (".", "layers/core/python", "local")
DRIVERS = {"cassandra", "boto3", "botocore", "psycopg"}


@dataclass(frozen=True, slots=True)
class Fatal:
    """The call of a port that the process does not survive."""

    port: str
    method: str
    when: Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Said:
    """What a child said in answer to an event; `result` is None where it died before."""

    result: Any
    lines: Sequence[dict[str, Any]] = field(default_factory=list)

    @property
    def events(self) -> Sequence[dict[str, Any]]:
        """The change events that it published."""
        return [line for line in self.lines if line.get("type") == "playback.viewing.v1"]

    @property
    def drivers(self) -> Sequence[str]:
        """The heavy drivers that the process had imported by then."""
        drivers: Sequence[str] = self.lines[-1]["drivers"]
        return drivers


class Child:
    """The parent's end of such a process. `seconds_to_load` is its cold start."""

    def __init__(
        self, folder: str, variables: Mapping[str, str], *, fatal: Fatal | None = None
    ) -> None:
        paths = os.pathsep.join(str(ROOT / package) for package in PACKAGES)
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "tests.harness.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": paths, **variables},
            text=True,
            bufsize=1,
        )
        self._write({"folder": folder, "fatal": None if fatal is None else asdict(fatal)})

    def await_ready(self) -> dict[str, Any]:
        """Return what it says of its start."""
        ready: dict[str, Any] = self._read_until("ready").lines[-1]["ready"]
        return ready

    def begin(self, event: object) -> None:
        """Hand it an event, and don't wait."""
        self._write(event)

    def finish(self) -> Said:
        """Return what it said until it answered, or died."""
        return self._read_until("result")

    def call(self, event: object) -> Said:
        self.begin(event)
        return self.finish()

    def kill(self) -> None:
        self._process.kill()

    def await_death(self) -> int:
        """Return how it ended: the negative of the signal."""
        return self._process.wait(timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait(timeout=30)
        for end in (self._process.stdin, self._process.stdout):
            if end is not None and not end.closed:
                end.close()

    def _write(self, document: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(document) + "\n")
        self._process.stdin.flush()

    def _read_until(self, name: str) -> Said:
        assert self._process.stdout is not None
        lines: list[dict[str, Any]] = []
        for text in self._process.stdout:
            line = json.loads(text)
            lines.append(line)
            if name in line:
                return Said(result=line[name], lines=lines)
        return Said(result=None, lines=lines)


def _serve() -> None:
    """Be the child."""
    started = time.perf_counter()
    from tests.harness.environments import Function  # noqa: PLC0415  # part of the cold start
    from tests.harness.functions import Context  # noqa: PLC0415

    told = json.loads(sys.stdin.readline())
    function = Function(told["folder"], os.environ)
    if told["fatal"]:
        _make_mortal(function.wiring, Fatal(**told["fatal"]))
    _say(ready={"seconds": time.perf_counter() - started})
    for line in sys.stdin:
        result = function.module.lambda_handler(json.loads(line), Context())
        _say(
            result=result,
            drivers=sorted({"cassandra", "boto3", "botocore", "psycopg"} & sys.modules.keys()),
        )


def _make_mortal(wiring: Any, fatal: Fatal) -> None:
    setattr(wiring, fatal.port, _Mortal(getattr(wiring, fatal.port), fatal))


class _Mortal:
    """A port one of whose calls is the last thing that its process does."""

    def __init__(self, port: Any, fatal: Fatal) -> None:
        self._port = port
        self._fatal = fatal

    def __getattr__(self, name: str) -> Any:
        return self._die if name == self._fatal.method else getattr(self._port, name)

    def _die(self, *args: Any, **named: Any) -> None:
        if self._fatal.when == "after":
            getattr(self._port, self._fatal.method)(*args, **named)
        os.kill(os.getpid(), signal.SIGKILL)


def _say(**facts: Any) -> None:
    print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    _serve()
