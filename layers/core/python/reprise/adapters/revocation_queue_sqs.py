"""`RevocationQueue` in SQS: a thousand revocations a message, well below the size it may have."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from reprise.adapters import sqs
from reprise.adapters.aws_clients import Client
from reprise.domain.errors import UnavailableError
from reprise.domain.revocations import Revocation

PER_MESSAGE = 1000
"""Some 75 KB; SQS takes 256."""


class SqsRevocationQueue:
    """Delivered at least once, in any order; both are harmless."""

    def __init__(self, *, url: str, connect: Callable[[], Client] = sqs.connect) -> None:
        self._queue = sqs.SqsQueue(url=url, connect=connect)

    def send(self, *, revocations: Sequence[Revocation]) -> None:
        """Raises:
        UnavailableError: at least one message was not sent.
        """
        starts = range(0, len(revocations), PER_MESSAGE)
        messages = [body_of(revocations[start : start + PER_MESSAGE]) for start in starts]
        if self._queue.send([json.dumps(body, separators=(",", ":")) for body in messages]):
            raise UnavailableError("the revocation queue did not take a message")


def body_of(revocations: Sequence[Revocation]) -> dict[str, Any]:
    """Return what a message says; instants are Unix seconds."""
    return {
        "revocations": [
            {"holder": each.holder, "revokedAt": each.revoked_at, "until": each.until}
            for each in revocations
        ]
    }
