"""From an answer to Cassandra and the event queue: at once, and by the schedule alone."""

import json
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.e2e.api_client import PHONE, ApiClient, Player
from tests.e2e.cloud import Aws, Durable, Live, eventually, microseconds
from tests.e2e.conftest import SCHEDULE_PATIENCE, Waiting
from tests.e2e.people import Person

pytestmark = pytest.mark.cloud

PROMISED = 2.0
PATIENCE = 10.0
"""A busy machine may be slow; the promise is measured and shown."""
SCHEMA = Path(__file__).parents[2] / "events/schemas/playback.viewing.v1.json"


@pytest.fixture(scope="module")
def warm(people: Any, film: str, durable: Durable) -> None:
    """Start the functions of the path once, so that what is measured is not their start."""
    tv = people.someone().on()
    place = Player(tv, film).act("start", position=900.0).report("paused", plays=30)["place"]
    durable.await_rev(place, of=tv.profile_id, within=30.0)


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("state", ["paused", "stopped"])
def test_a_pause_and_a_stop_are_durable_at_once(
    tv: ApiClient, film: str, durable: Durable, figures: dict[str, list[float]], state: str
) -> None:
    player = Player(tv, film).act("start", position=1200.0)
    took = []
    for _ in range(7):
        player.act("resume", position=player.position).plays(30)
        place = player.report(state)["place"]
        took.append(durable.await_rev(place, of=tv.profile_id, within=PATIENCE))
        row = durable.place(tv.profile_id, film)
        assert (row.rev, row.position) == (place["rev"], place["position"])
    figures[f"{state} to Cassandra, after the answer"] = took
    assert sorted(took)[len(took) // 2] < PROMISED


def test_marks_and_hiding_and_batches_are_durable_at_once(
    tv: ApiClient, film: str, durable: Durable
) -> None:
    batch = {"reports": [Player(tv, film).act("start", position=1200.0).next(plays=30)]}
    (result,) = tv.must("POST", "/stream/progress/batch", batch)["results"]
    durable.await_rev(result["place"], of=tv.profile_id, within=PATIENCE)
    tv.must("DELETE", f"/continue-watching/{film}")
    eventually(
        lambda: durable.place(tv.profile_id, film).hidden,
        within=PATIENCE,
        otherwise="the hidden title is not durable",
    )
    place = tv.must("PUT", f"/videos/{film}/watched")["place"]
    durable.await_rev(place, of=tv.profile_id, within=PATIENCE)
    assert durable.place(tv.profile_id, film).completed


def test_all_three_tables_hold_what_the_api_says(
    person: Person, tv: ApiClient, film: str, durable: Durable
) -> None:
    Player(tv, film).act("start", position=1200.0).plays(30)
    phone = Player(person.on(PHONE), film).act("resume", position=1230.0)
    place = phone.report("stopped", plays=40)["place"]
    durable.await_rev(place, of=person.profile_id, within=PATIENCE)
    (viewing,) = durable.viewings(person.profile_id)
    (entry,) = tv.history()
    assert (viewing.position, viewing.duration, viewing.completed) == (1270.0, 6420.0, False)
    assert int(viewing.watched_at.timestamp()) == microseconds(entry["startedAt"]) // 1_000_000
    assert durable.by_device(person.profile_id, film) == {"tv-1": 1230.0, "phone-1": 1270.0}


def test_what_was_evicted_from_redis_comes_back_from_cassandra(
    tv: ApiClient, film: str, durable: Durable, live: Live
) -> None:
    player = Player(tv, film).act("start", position=1200.0)
    place = player.report("stopped", plays=30)["place"]
    durable.await_rev(place, of=tv.profile_id, within=PATIENCE)
    eventually(
        lambda: not live.marks(tv.profile_id), within=PATIENCE, otherwise="it is still marked"
    )
    live.client.delete(*live.keys(tv.profile_id))
    assert [item["resumePosition"] for item in tv.row()] == [1230.0]
    assert len(tv.history()) == 1
    again = player.report("stopped")
    assert (again["place"]["rev"], again["place"]["position"]) == (place["rev"] + 1, 1230.0)


def published(aws: Aws, client: ApiClient, rev: int) -> list[dict[str, Any]]:
    """Return all events of a profile once that of this revision is among them."""
    events = aws.events(client.profile_id)
    return events if any(event["rev"] >= rev for event in events) else []


def test_each_durable_change_is_one_event_with_what_was_watched(
    tv: ApiClient, film: str, durable: Durable, aws: Aws
) -> None:
    player = Player(tv, film).act("start", position=5900.0)
    player.plays(30)
    place = player.report("paused", plays=30)["place"]
    durable.await_rev(place, of=tv.profile_id, within=PATIENCE)
    ended = player.report("stopped", plays=120)["place"]
    assert ended["completed"] is True
    events = eventually(
        lambda: published(aws, tv, ended["rev"]),
        within=PATIENCE,
        otherwise="the stop is not published",
    )
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for event in events:
        validator.validate(event)
    watched = [interval for event in events for interval in event["intervals"]]
    assert sum(end - start for start, end, _ in watched) == 180.0
    assert {playback_id for _, _, playback_id in watched} == {player.playback_id}
    assert len({event["eventId"] for event in events}) == len(events)
    completed = [start for event in events for start in event["completedViewings"]]
    assert completed == [events[-1]["viewingStartedAt"]]
    assert (events[-1]["videoId"], events[-1]["state"]) == (film, "stopped")
    assert events[-1]["changedAt"] == ended["changedAt"]


def test_a_place_that_cannot_be_written_is_set_aside_and_comes_back_by_the_redrive_command(
    tv: ApiClient, film: str, durable: Durable, live: Live, aws: Aws
) -> None:
    player = Player(tv, film).act("start", position=1200.0)
    player.plays(30)
    (key,) = (key for key in live.keys(tv.profile_id) if ":place:" in key)
    live.client.hset(key, "rev", str(2**40))  # more than the column holds
    player.report("paused")
    quarantined = f"{key.partition(':')[0]}:quarantined"
    member = f"{tv.profile_id}:{film}"
    eventually(
        lambda: live.client.zscore(quarantined, member),
        within=PATIENCE,
        otherwise="the poison item is not set aside",
    )
    assert durable.place(tv.profile_id, film) is None
    live.client.hset(key, "rev", "7")
    eventually(
        lambda: (
            aws.invoke("RedriveQuarantinedFunction", {"limit": 1000})
            and live.client.zscore(quarantined, member) is None
        ),
        within=PATIENCE,
        otherwise="the redrive command did not find it",
    )
    place = {"videoId": film, "episodeId": None, "rev": 7}
    durable.await_rev(place, of=tv.profile_id, within=PATIENCE)
    assert durable.place(tv.profile_id, film).position == 1230.0


def test_heartbeats_become_durable_by_the_schedule_alone(
    waiting: Waiting, durable: Durable, aws: Aws, figures: dict[str, list[float]]
) -> None:
    after: Future[float] = waiting.durable_after
    took = after.result(timeout=SCHEDULE_PATIENCE + 10)
    figures["heartbeats to Cassandra by the schedule"] = [took]
    profile_id, video_id = waiting.person.profile_id, waiting.place["videoId"]
    row = durable.place(profile_id, video_id)
    assert (row.rev, row.position) == (10, waiting.place["position"])
    assert len(durable.viewings(profile_id)) == 1
    events = eventually(
        lambda: aws.events(profile_id), within=PATIENCE, otherwise="nothing is published"
    )
    assert len(events) <= 2, "ten heartbeats are one change, two where the schedule cut between"
    assert sum(end - start for event in events for start, end, _ in event["intervals"]) == 300.0
