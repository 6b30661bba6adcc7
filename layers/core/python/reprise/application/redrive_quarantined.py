"""Give poison items another chance, once what made them poison is mended: an operator's command."""

from collections.abc import Sequence
from dataclasses import dataclass

from reprise.application.ports import (
    DirtyBuffer,
    DurablePlaces,
    EventPublisher,
    FlushQueue,
    QuarantinedItem,
    QuarantineQueue,
)
from reprise.domain.flush import event_of, urgent_order


@dataclass(frozen=True, slots=True)
class RedriveReport:
    """`redriven` are dirty again; `restored` had no live state and were written as the message has
    them; `gone` had neither; `kept` failed and stay in the queue."""

    redriven: int
    restored: int
    gone: int
    kept: int


def redrive_quarantined(
    *,
    buffer: DirtyBuffer,
    durable: DurablePlaces,
    publisher: EventPublisher,
    quarantine: QuarantineQueue,
    queue: FlushQueue,
    limit: int,
    now_us: int,
) -> RedriveReport:
    """Redrive up to `limit` messages of the dead-letter queue.

    A state from a message is days old perhaps; written with its own timestamps it can't replace
    anything newer.

    Raises:
        UnavailableError: a store or queue does not answer; messages come back by themselves.
    """
    messages = quarantine.take(limit=limit)
    redriven = [
        message
        for message in messages
        if buffer.redrive(profile_id=message.profile_id, item_id=message.item_id)
    ]
    if redriven:
        queue.send(
            orders=[
                urgent_order(profile_id=message.profile_id, item_ids=[message.item_id])
                for message in redriven
            ]
        )
    others = [message for message in messages if message not in redriven]
    gone = [message for message in others if message.item is None]
    restored = _restore(
        [message for message in others if message.item is not None],
        durable=durable,
        publisher=publisher,
        now_us=now_us,
    )
    settled = [*redriven, *gone, *restored]
    quarantine.discard(receipts=[message.receipt for message in settled])
    return RedriveReport(
        redriven=len(redriven),
        restored=len(restored),
        gone=len(gone),
        kept=len(messages) - len(settled),
    )


def _restore(
    messages: Sequence[QuarantinedItem],
    *,
    durable: DurablePlaces,
    publisher: EventPublisher,
    now_us: int,
) -> Sequence[QuarantinedItem]:
    """Write and publish what only the messages still hold; return those that got through."""
    items = [message.item for message in messages if message.item is not None]
    if not items:
        return ()
    failed = set(durable.write(items=items, now=now_us))
    written = [item for item in items if (item.profile_id, item.item_id) not in failed]
    unpublished = set(publisher.publish(events=[event_of(item) for item in written]))
    durable_keys = {
        (item.profile_id, item.item_id)
        for item in written
        if event_of(item).event_id not in unpublished
    }
    return [
        message for message in messages if (message.profile_id, message.item_id) in durable_keys
    ]
