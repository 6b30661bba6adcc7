"""The completion queue: each viewing counts once, and one bad message keeps no other back."""

import json
from typing import Any

import pytest

from reprise.adapters.event_codec import event_to_json
from reprise.domain.playstate import ViewingEvent
from reprise.domain.preferences import Completions
from reprise.edge.consumers import BadMessageError
from reprise.edge.viewing_events import read_completions
from tests.flush_builders import make_place
from tests.harness.functions import World

STARTED = 1_795_123_456_123_457


@pytest.fixture
def world() -> World:
    return World()


def event(world: World, *viewings: int, **overrides: Any) -> str:
    place = make_place(video_id=world.film.id, item_id=world.film.id, duration=5400.0)
    told = ViewingEvent(
        event_id="e-1",
        profile_id=world.viewer.profile_id,
        place=place,
        intervals=(),
        completed_viewings=viewings,
    )
    return json.dumps(json.loads(event_to_json(told)) | overrides)


def consume(world: World, *bodies: str) -> tuple[list[str], list[dict[str, Any]]]:
    records = [
        {"messageId": f"m-{number}", "body": body, "eventSource": "aws:sqs"}
        for number, body in enumerate(bodies, start=1)
    ]
    answer, log = world.call("playstate/note_completions", {"Records": records})
    lines = [json.loads(line) for line in log.splitlines()]
    failed = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
    return failed, [line for line in lines if line.get("message") == "work"]


def test_an_event_is_read_to_the_microsecond(world: World) -> None:
    assert read_completions(event(world, STARTED, STARTED + 1)) == Completions(
        profile_id=world.viewer.profile_id,
        video_id=world.film.id,
        item_id=world.film.id,
        duration=5400.0,
        viewings=(STARTED, STARTED + 1),
    )


def test_a_viewing_counts_once_in_one_batch_and_in_the_next(world: World) -> None:
    body = event(world, STARTED)
    failed, lines = consume(world, body, body)
    assert failed == []
    assert [line["noted"] for line in lines] == [1, 0]
    assert [line["CompletionsNoted"] for line in lines] == [1, 0]
    assert consume(world, event(world, STARTED, STARTED, STARTED + 1))[1][0]["noted"] == 1
    assert len(world.preferences.noted) == 2


def test_a_message_that_is_no_event_fails_alone(world: World) -> None:
    failed, _ = consume(world, "not JSON", event(world, STARTED), "{}")
    assert failed == ["m-1", "m-3"]
    assert len(world.preferences.noted) == 1


def test_while_the_store_is_away_every_completion_comes_again(world: World) -> None:
    world.preferences.down = True
    assert consume(world, event(world, STARTED), event(world))[0] == ["m-1"]
    world.preferences.down = False
    assert consume(world, event(world, STARTED))[0] == []
    assert len(world.preferences.noted) == 1


def test_a_profile_that_was_deleted_is_neither_counted_nor_poison(world: World) -> None:
    world.preferences.forget(world.viewer.profile_id)
    failed, lines = consume(world, event(world, STARTED))
    assert (failed, lines[0]["noted"], lines[0]["told"]) == ([], 0, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "playback.viewing.v2"},
        {"profileId": "nobody"},
        {"itemId": None},
        {"duration": 0},
        {"duration": "5400"},
        {"completedViewings": ["yesterday"]},
        {"completedViewings": ["2026-11-21T20:15:00.000000"]},
        {"completedViewings": None},
    ],
)
def test_what_no_flush_publishes_is_refused(world: World, changes: dict[str, Any]) -> None:
    with pytest.raises(BadMessageError):
        read_completions(event(world, STARTED, **changes))


def test_an_event_that_gained_a_field_is_still_read(world: World) -> None:
    assert read_completions(event(world, STARTED, later="field")).viewings == (STARTED,)
