"""`EventPublisher` to more than one reader: a queue has one, who takes what it reads.

Few changes complete a viewing, so who waits for those alone is not woken by all the others.
"""

from collections.abc import Sequence

from reprise.application.ports import EventPublisher
from reprise.domain.playstate import ViewingEvent


class FanOutPublisher:
    """Publishes every event by `every`, and those that complete viewings by `completions` too.

    An event that either refuses has failed, and is published by both again.
    """

    def __init__(self, *, every: EventPublisher, completions: EventPublisher) -> None:
        self._every = every
        self._completions = completions

    def publish(self, *, events: Sequence[ViewingEvent]) -> Sequence[str]:
        failed = set(self._every.publish(events=events))
        completing = [event for event in events if event.completed_viewings]
        if completing:
            failed.update(self._completions.publish(events=completing))
        return [event.event_id for event in events if event.event_id in failed]
