"""`EventPublisher` in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reprise.domain.errors import UnavailableError
from reprise.domain.playstate import ViewingEvent


@dataclass(slots=True)
class FakePublisher:
    """`refused` are event ids that fail; `down` fails everything."""

    down: bool = False
    refused: set[str] = field(default_factory=set)
    events: list[ViewingEvent] = field(default_factory=list)

    def publish(self, *, events: Sequence[ViewingEvent]) -> Sequence[str]:
        if self.down:
            raise UnavailableError("the fake publisher is down")
        failed = [event.event_id for event in events if event.event_id in self.refused]
        self.events.extend(event for event in events if event.event_id not in self.refused)
        return failed
