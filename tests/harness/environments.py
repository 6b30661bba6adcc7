"""Functions as Lambda runs them: each a fresh module with wiring of its own, on real stores.

A `Function` is one execution environment. Loading one is a cold start; what it connected to stays
open until `close`, as in an environment that waits for its next event.
"""

import importlib.util
import itertools
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Self
from unittest import mock

from reprise.adapters.flush_queue_sqs import body_of
from reprise.adapters.publisher_log import LogPublisher
from reprise.domain.flush import FlushOrder
from tests.fakes.flush_queue import FakeFlushQueue
from tests.fakes.quarantine import FakeQuarantine
from tests.harness.functions import ENVIRONMENT, Answer, Context, captured

FUNCTIONS = Path(__file__).parents[2] / "functions"
_numbers = itertools.count()


def environment(
    *,
    redis_url: str | None = None,
    cassandra_port: int | None = None,
    postgres_url: str | None = None,
    **variables: str,
) -> Mapping[str, str]:
    """Return what a function is told; a store that is not named refuses connections."""
    named = {
        "REDIS_URL": redis_url,
        "CASSANDRA_PORT": None if cassandra_port is None else str(cassandra_port),
        "POSTGRES_URL": postgres_url,
    }
    return {
        **ENVIRONMENT,
        "EVENT_QUEUE_URL": "log:",
        "REPORTS_PER_MINUTE": "1000000",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        **{name: value for name, value in named.items() if value is not None},
        **variables,
    }


class Function:
    """One execution environment of `<area>/<verb_noun>`.

    Queues stand in memory (`queue`, `quarantine`), and events go to the log, unless `real_queues`
    asks for SQS.
    """

    def __init__(
        self, folder: str, variables: Mapping[str, str], *, real_queues: bool = False
    ) -> None:
        self.folder = folder
        self.queue = FakeFlushQueue()
        self.quarantine = FakeQuarantine()
        self.module = load_fresh(folder, variables)
        self.wiring: Any = getattr(self.module, "wiring", None)
        if not real_queues:
            self._stand_in()

    def _stand_in(self) -> None:
        for name in ("queue", "quarantine"):
            if hasattr(type(self.wiring), name):
                setattr(self.wiring, name, getattr(self, name))
        if hasattr(type(self.wiring), "publisher"):
            self.wiring.publisher = LogPublisher(write=_write_to_log)

    def call(self, event: object) -> tuple[Any, str]:
        """Return what the handler returned, and what it wrote to its log."""
        with captured() as log:
            result = self.module.lambda_handler(event, Context())
        return result, log.getvalue()

    def request(self, event: Mapping[str, Any]) -> Answer:
        """Return what the client of a route gets."""
        answer, log = self.call(event)
        headers = {name: ", ".join(values) for name, values in answer["multiValueHeaders"].items()}
        body = json.loads(answer["body"]) if answer["body"] else None
        return Answer(status=answer["statusCode"], headers=headers, body=body, log=log)

    def consume(self, orders: Sequence[FlushOrder]) -> "Consumed":
        """Deliver flush orders as one batch of the queue."""
        result, log = self.call(sqs_event([json.dumps(body_of(order)) for order in orders]))
        failed = [failure["itemIdentifier"] for failure in result["batchItemFailures"]]
        return Consumed(failed=failed, log=log)

    def close(self) -> None:
        """End every connection that the environment opened."""
        for port in list(vars(self.wiring or object).values()):
            for part in (port, *_parts(port)):
                client = getattr(part, "client", part)
                if client is not self.wiring and hasattr(client, "close"):
                    client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Consumed:
    """What became of a batch of orders: the numbers of the failed ones, and the log."""

    def __init__(self, *, failed: Sequence[str], log: str) -> None:
        self.failed = failed
        self.log = log
        self.lines = [json.loads(line) for line in log.splitlines()]
        self.events = [line for line in self.lines if line.get("type") == "playback.viewing.v1"]

    def measured(self, name: str) -> float:
        """Return a metric, summed over the lines that have it."""
        return sum(float(line.get(name, 0)) for line in self.lines if line.get("message") == "work")


def sqs_event(bodies: Sequence[str]) -> dict[str, Any]:
    """Return what Lambda's poller hands over for these messages; their ids are 0, 1, 2 …"""
    return {
        "Records": [
            {
                "messageId": str(number),
                "receiptHandle": f"receipt-{number}",
                "body": body,
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:flush",
                "awsRegion": "us-east-1",
            }
            for number, body in enumerate(bodies)
        ]
    }


def _write_to_log(line: str) -> None:
    """Write where the log is now; it is another for each captured call."""
    sys.stdout.write(line)


def load_fresh(folder: str, variables: Mapping[str, str]) -> ModuleType:
    """Load a handler anew, as a cold start does, told these variables."""
    path = FUNCTIONS / folder / "handler.py"
    spec = importlib.util.spec_from_file_location(f"environment_{next(_numbers)}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with mock.patch.dict(os.environ, variables):
        spec.loader.exec_module(module)
    return module


def _parts(port: object) -> Sequence[Any]:
    names = ("_calls", "_connection", "_postgres", "_source")
    found = [part for name in names if (part := getattr(port, name, None)) is not None]
    return [*found, *(part for each in found if (part := getattr(each, "_postgres", None)))]
