"""`EventPublisher` that writes lines: for one machine without consumers, and for a look by eye."""

from collections.abc import Callable, Sequence

from reprise.adapters.event_codec import event_to_json
from reprise.domain.playstate import ViewingEvent


class LogPublisher:
    """Hands each event to `write` as a line of JSON; where that raises `OSError`, it failed."""

    def __init__(self, *, write: Callable[[str], object]) -> None:
        self._write = write

    def publish(self, *, events: Sequence[ViewingEvent]) -> Sequence[str]:
        return [event.event_id for event in events if not self._written(event)]

    def _written(self, event: ViewingEvent) -> bool:
        try:
            self._write(event_to_json(event) + "\n")
        except OSError:
            return False
        return True
