"""What completes a viewing goes to both readers, and fails where either refuses it."""

import pytest

from reprise.adapters.publisher_fan_out import FanOutPublisher
from reprise.domain.errors import UnavailableError
from reprise.domain.playstate import ViewingEvent
from tests.fakes.publisher import FakePublisher
from tests.flush_builders import make_place


def event(event_id: str, *completed: int) -> ViewingEvent:
    return ViewingEvent(event_id, "profile-1", make_place(), (), completed)


PLAIN, DONE, TWICE = event("plain"), event("done", 1), event("twice", 1, 2)


def test_only_what_completes_a_viewing_goes_to_both() -> None:
    every, completions = FakePublisher(), FakePublisher()
    publisher = FanOutPublisher(every=every, completions=completions)
    assert publisher.publish(events=[PLAIN, DONE, TWICE]) == []
    assert every.events == [PLAIN, DONE, TWICE]
    assert completions.events == [DONE, TWICE]


def test_what_either_refuses_has_failed_once() -> None:
    every, completions = FakePublisher(refused={"plain", "done"}), FakePublisher(refused={"done"})
    publisher = FanOutPublisher(every=every, completions=completions)
    assert publisher.publish(events=[PLAIN, DONE, TWICE]) == ["plain", "done"]
    completions.refused.add("twice")
    assert publisher.publish(events=[TWICE]) == ["twice"]


def test_changes_that_complete_nothing_ask_nothing_of_the_second_reader() -> None:
    publisher = FanOutPublisher(every=FakePublisher(), completions=FakePublisher(down=True))
    assert publisher.publish(events=[PLAIN]) == []
    with pytest.raises(UnavailableError):
        publisher.publish(events=[DONE])
