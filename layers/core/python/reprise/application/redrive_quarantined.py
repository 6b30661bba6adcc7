"""Give poison items another chance, once what made them poison is mended: an operator's command."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reprise.application.ports import (
    DirtyBuffer,
    DurablePlaces,
    EventPublisher,
    FlushQueue,
    ProfileRegister,
    QuarantinedItem,
    QuarantineQueue,
)
from reprise.domain.flush import event_of, urgent_order


@dataclass(frozen=True, slots=True)
class RedriveReport:
    """`redriven` are dirty again; `restored` had no live state and were written as the message has
    them; `gone` had neither, or nothing is left to do for them; `kept` failed and stay in the
    queue. `notes` say what a person has to mend before another redrive helps."""

    redriven: int
    restored: int
    gone: int
    kept: int
    notes: list[str] = field(default_factory=list)


def redrive_quarantined(
    *,
    buffer: DirtyBuffer,
    durable: DurablePlaces,
    publisher: EventPublisher,
    quarantine: QuarantineQueue,
    queue: FlushQueue,
    profiles: ProfileRegister,
    limit: int,
    now_us: int,
) -> RedriveReport:
    """Redrive up to `limit` messages of the dead-letter queue.

    A state from a message is days old perhaps; written with its own timestamps it can't replace
    anything newer. A live state that was damaged is flushed if it can be read by now, because
    somebody mended it or a newer report replaced it; else its message goes back as it is. What is
    of a profile that was erased is dropped.

    Raises:
        UnavailableError: a store or queue does not answer; messages come back by themselves.
    """
    taken = quarantine.take(limit=limit)
    erased = _of_the_erased(taken, profiles=profiles)
    left = [message for message in taken if message not in erased]
    notes = _notes_on_damaged(left, buffer=buffer)
    messages = [message for message in left if message.receipt not in notes]
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
    gone = [*erased, *(message for message in others if message.item is None)]
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
        kept=len(taken) - len(settled),
        notes=list(notes.values()),
    )


def _of_the_erased(
    messages: Sequence[QuarantinedItem], *, profiles: ProfileRegister
) -> Sequence[QuarantinedItem]:
    if not messages:
        return ()
    there = profiles.existing(profile_ids={message.profile_id for message in messages})
    return [message for message in messages if message.profile_id not in there]


def _notes_on_damaged(
    messages: Sequence[QuarantinedItem], *, buffer: DirtyBuffer
) -> Mapping[str, str]:
    """Return a line per message, by receipt, whose state is still damaged."""
    notes = {}
    for message in messages:
        if message.damaged:
            damage = buffer.damage(profile_id=message.profile_id, item_id=message.item_id)
            if damage is not None:
                notes[message.receipt] = f"{message.profile_id}:{message.item_id} {damage}"
    return notes


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
