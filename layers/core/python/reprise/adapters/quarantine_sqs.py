"""`QuarantineQueue` in SQS: what a person has to look at, with the state as it was."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reprise.adapters import sqs
from reprise.adapters.aws_clients import Client
from reprise.adapters.dirty_codec import dirty_from_hash, dirty_to_hash, member_of
from reprise.adapters.place_codec import CorruptPlaceError
from reprise.application.ports import QuarantinedItem
from reprise.domain.errors import UnavailableError
from reprise.domain.flush import DamagedItem
from reprise.domain.playstate import DirtyItem

REASON_CHARACTERS = 500
RAW_FIELDS = 100
RAW_CHARACTERS = (50_000, 1_000, 200)
"""How much of each field of a damaged state travels: the most with which the message fits."""


class SqsQuarantine:
    """The dead-letter queue of poison items. The live state stays in Redis; this is the notice."""

    def __init__(self, *, url: str, connect: Callable[[], Client] = sqs.connect) -> None:
        self._queue = sqs.SqsQueue(url=url, connect=connect)

    def put(self, *, items: Sequence[DirtyItem], reason: Mapping[tuple[str, str], str]) -> None:
        self._send([_body(item, reason.get((item.profile_id, item.item_id), "")) for item in items])

    def put_damaged(self, *, items: Sequence[DamagedItem]) -> None:
        """Tell of states that can't be read, with their fields as they are, long ones cut."""
        self._send([_damaged_body(item) for item in items])

    def take(self, *, limit: int) -> Sequence[QuarantinedItem]:
        """Return messages; one that is not ours is left where it is and comes back."""
        received = self._queue.receive(limit=limit)
        return [item for receipt, body in received if (item := _message(receipt, body))]

    def discard(self, *, receipts: Sequence[str]) -> None:
        self._queue.delete(receipts)

    def _send(self, bodies: Sequence[str]) -> None:
        if self._queue.send(bodies):
            raise UnavailableError("the quarantine did not take an item")


def _body(item: DirtyItem, reason: str) -> str:
    body: dict[str, Any] = {
        "profileId": item.profile_id,
        "itemId": item.item_id,
        "reason": reason[:REASON_CHARACTERS],
        "state": dirty_to_hash(item),
    }
    text = json.dumps(body)
    return text if len(text) <= sqs.BATCH_BYTES else json.dumps(body | {"state": None})


def _damaged_body(item: DamagedItem) -> str:
    return next(
        text
        for most in RAW_CHARACTERS
        if len(text := json.dumps(_damaged(item, most))) <= sqs.BATCH_BYTES
        or most == RAW_CHARACTERS[-1]
    )


def _damaged(item: DamagedItem, most: int) -> dict[str, Any]:
    fields = list(item.fields.items())[:RAW_FIELDS]
    return {
        "profileId": item.profile_id,
        "itemId": item.item_id,
        "reason": item.reason[:REASON_CHARACTERS],
        "raw": {name[:REASON_CHARACTERS]: value[:most] for name, value in fields},
    }


def _message(receipt: str, body: str) -> QuarantinedItem | None:
    try:
        fields = json.loads(body)
        profile_id, item_id = str(fields["profileId"]), str(fields["itemId"])
        member = member_of(profile_id=profile_id, item_id=item_id)
        damaged = "raw" in fields
        state = None if damaged else fields["state"]
        item = None if state is None else dirty_from_hash(member, state)
    except (ValueError, KeyError, TypeError, CorruptPlaceError):
        return None
    return QuarantinedItem(
        receipt=receipt, profile_id=profile_id, item_id=item_id, item=item, damaged=damaged
    )
