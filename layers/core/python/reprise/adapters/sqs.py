"""One way to reach an SQS queue: a client made late, batches of ten, and plain failures."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from reprise.adapters import aws_clients
from reprise.adapters.aws_clients import Client
from reprise.domain.errors import UnavailableError

PER_BATCH = 10
BATCH_BYTES = 240_000
"""Of bodies in one call; below every limit SQS has had."""

THREADS = 8
RECEIVE_WAIT_SECONDS = 1


def connect() -> Client:
    """Return a client that answers or fails within a few seconds."""
    return aws_clients.connect(
        "sqs", connect_seconds=1, read_seconds=3, attempts=3, connections=THREADS
    )


class SqsQueue:
    """A queue by its URL. Safe to use from several threads."""

    def __init__(self, *, url: str, connect: Callable[[], Client] = connect) -> None:
        self._url = url
        self._connect = connect
        self._client: Client = None

    def send(self, bodies: Sequence[str]) -> Sequence[int]:
        """Send each body as a message and return the indexes of those that failed."""
        batches = list(_batches(bodies))
        if len(batches) == 1:
            return self._send(bodies, batches[0])
        if not batches:
            return ()
        self._open()
        with ThreadPoolExecutor(min(THREADS, len(batches))) as threads:
            failed = threads.map(partial(self._send, bodies), batches)
            return [index for indexes in failed for index in indexes]

    def receive(self, *, limit: int) -> Sequence[tuple[str, str]]:
        """Return up to `limit` (receipt, body), each once; fewer where the queue has no more.

        Raises:
            UnavailableError: the queue does not answer.
        """
        found: list[tuple[str, str]] = []
        while len(found) < limit:
            answer = self._call(
                "receive_message",
                MaxNumberOfMessages=min(PER_BATCH, limit - len(found)),
                WaitTimeSeconds=RECEIVE_WAIT_SECONDS,
            )
            messages = answer.get("Messages", [])
            if not messages:
                break
            found.extend((message["ReceiptHandle"], message["Body"]) for message in messages)
        return found

    def delete(self, receipts: Sequence[str]) -> None:
        """Delete received messages. What can't be deleted is delivered again.

        Raises:
            UnavailableError: the queue does not answer.
        """
        for start in range(0, len(receipts), PER_BATCH):
            entries = [
                {"Id": str(index), "ReceiptHandle": receipt}
                for index, receipt in enumerate(receipts[start : start + PER_BATCH])
            ]
            self._call("delete_message_batch", Entries=entries)

    def _send(self, bodies: Sequence[str], indexes: Sequence[int]) -> Sequence[int]:
        entries = [{"Id": str(index), "MessageBody": bodies[index]} for index in indexes]
        try:
            answer = self._call("send_message_batch", Entries=entries)
        except UnavailableError:
            return indexes
        return [int(failure["Id"]) for failure in answer.get("Failed", [])]

    def _call(self, operation: str, **arguments: Any) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        try:
            return getattr(self._open(), operation)(QueueUrl=self._url, **arguments)
        except (BotoCoreError, ClientError) as error:
            raise UnavailableError("a queue does not answer") from error

    def _open(self) -> Client:
        if self._client is None:
            self._client = self._connect()
        return self._client


def _batches(bodies: Sequence[str]) -> Iterator[Sequence[int]]:
    batch: list[int] = []
    size = 0
    for index, body in enumerate(bodies):
        length = len(body.encode())
        if batch and (len(batch) == PER_BATCH or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(index)
        size += length
    if batch:
        yield batch
