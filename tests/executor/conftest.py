"""A private LocalStack with the process executor, once for all of these tests.

It is not the deployed test stack: environments must be reaped after seconds here, and some
tests kill it.
"""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.executor.cloud import Cloud, LocalStack

_TOOLS = Path(__file__).parents[2] / ".local" / "tools"
_MEND = "there is no interpreter at {path}; run `make test`, or see local/localstack_executor"
KEEP_ALIVE_MS = 2000


def _interpreter(variable: str, folder: str) -> Path:
    path = Path(os.environ.get(variable) or _TOOLS / folder / "bin" / "python")
    if not path.exists():
        pytest.fail(_MEND.format(path=path), pytrace=False)
    return path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def runtime_python() -> Path:
    return _interpreter("REPRISE_RUNTIME_PYTHON", "runtime")


@pytest.fixture(scope="session")
def new_localstack(
    tmp_path_factory: pytest.TempPathFactory, runtime_python: Path
) -> Iterator[Callable[..., LocalStack]]:
    """Make a LocalStack that is not started yet; all of them are stopped at the end."""
    made: list[LocalStack] = []

    def make(**settings: str) -> LocalStack:
        made.append(
            LocalStack(
                python=_interpreter("REPRISE_LOCALSTACK_PYTHON", "localstack"),
                folder=tmp_path_factory.mktemp("localstack"),
                port=_free_port(),
                settings={
                    "LAMBDA_RUNTIME_EXECUTOR": "process",
                    "REPRISE_RUNTIME_PYTHON": str(runtime_python),
                    "LAMBDA_KEEPALIVE_MS": str(KEEP_ALIVE_MS),
                    "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC": "1",
                }
                | settings,
            )
        )
        return made[-1]

    yield make
    for localstack in made:
        localstack.stop()


@pytest.fixture(scope="session")
def cloud(new_localstack: Callable[..., LocalStack]) -> Cloud:
    return Cloud(new_localstack().start().endpoint)
