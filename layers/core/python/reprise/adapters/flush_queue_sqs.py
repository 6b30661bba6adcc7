"""`FlushQueue` in SQS."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from reprise.adapters import sqs
from reprise.adapters.aws_clients import Client
from reprise.domain.errors import UnavailableError
from reprise.domain.flush import FlushOrder


class SqsFlushQueue:
    """Orders to flush. Delivered at least once, in any order; both are harmless."""

    def __init__(self, *, url: str, connect: Callable[[], Client] = sqs.connect) -> None:
        self._queue = sqs.SqsQueue(url=url, connect=connect)

    def send(self, *, orders: Sequence[FlushOrder]) -> None:
        """Send orders.

        Raises:
            UnavailableError: at least one of them was not sent.
        """
        failed = self._queue.send([json.dumps(body_of(order)) for order in orders])
        if failed:
            raise UnavailableError("the flush queue did not take an order")


def body_of(order: FlushOrder) -> dict[str, Any]:
    """Return an order's message; what does not apply is left out."""
    body: dict[str, Any] = {"firstBucket": order.first_bucket, "lastBucket": order.last_bucket}
    if order.profile_id is not None:
        body |= {"profileId": order.profile_id, "itemIds": list(order.item_ids)}
    if order.older_than is not None:
        body["olderThan"] = order.older_than
    return body
