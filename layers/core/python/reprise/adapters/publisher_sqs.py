"""`EventPublisher` in SQS: one message per event, ten to a call, calls side by side."""

from collections.abc import Callable, Sequence

from reprise.adapters import sqs
from reprise.adapters.aws_clients import Client
from reprise.adapters.event_codec import event_to_json
from reprise.domain.playstate import ViewingEvent


class SqsPublisher:
    def __init__(self, *, url: str, connect: Callable[[], Client] = sqs.connect) -> None:
        self._queue = sqs.SqsQueue(url=url, connect=connect)

    def publish(self, *, events: Sequence[ViewingEvent]) -> Sequence[str]:
        failed = self._queue.send([event_to_json(event) for event in events])
        return [events[index].event_id for index in failed]
