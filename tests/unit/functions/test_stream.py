"""What players' reports are answered, field by field as on the wire."""

import json

import pytest

from tests.builders import PHONE, TV, make_viewer
from tests.harness.functions import World

PROGRESS = "stream/record_progress"
BATCH = "stream/record_batch"


@pytest.fixture
def world() -> World:
    return World()


def test_a_report_is_answered_with_the_place_that_stands(world: World) -> None:
    event = world.event("POST", "/stream/progress", body=world.report())
    answer = world.request(PROGRESS, event)
    assert answer.status == 200
    place = answer.body.pop("place")
    assert answer.body == {"moved": True, "reason": None, "nextReportSeconds": 30}
    assert place.pop("changedAt") == "2026-11-18T11:06:40.000000Z"
    assert place == {
        "videoId": world.film.id,
        "episodeId": None,
        "position": 1234.5,
        "duration": 5400.0,
        "state": "playing",
        "completed": False,
        "hidden": False,
        "rev": 1,
        "playbackId": "pb-1",
        "device": {"id": TV.id, "type": TV.type, "name": TV.name},
    }


def test_an_episode_is_named_beside_its_series(world: World) -> None:
    episode = world.series.items[0].id
    body = world.report(videoId=world.series.id, episodeId=episode)
    answer = world.request(PROGRESS, world.event("POST", "/stream/progress", body=body))
    assert answer.body["place"]["videoId"] == world.series.id
    assert answer.body["place"]["episodeId"] == episode


def test_a_duplicate_is_answered_with_its_reason(world: World) -> None:
    event = world.event("POST", "/stream/progress", body=world.report())
    world.request(PROGRESS, event)
    answer = world.request(PROGRESS, event)
    assert (answer.status, answer.body["moved"], answer.body["reason"]) == (200, False, "duplicate")
    assert "other" not in answer.body


def test_positions_are_kept_to_the_millisecond_and_never_as_minus_zero(world: World) -> None:
    for seq, (sent, kept) in enumerate([(1.23456, 1.235), (-0.0, 0.0), (7, 7.0)], start=1):
        body = world.report(seq=seq, position=sent, intervals=[])
        answer = world.request(PROGRESS, world.event("POST", "/stream/progress", body=body))
        assert json.dumps(answer.body["place"]["position"]) == json.dumps(kept)


def test_a_superseded_replay_offers_its_own_position_beside_the_place(world: World) -> None:
    phone = make_viewer(account_id=world.viewer.account_id, profile_id=world.viewer.profile_id)
    world.live.sign_in(phone, device=PHONE)
    online = world.event("POST", "/stream/progress", body=world.report(position=3000.0))
    world.request(PROGRESS, online)
    replay = world.report(playbackId="pb-2", position=2000.0, eventTime="2026-11-10T10:00:00Z")
    headers = {"Authorization": f"Bearer {world.token(phone)}"}
    event = world.event(
        "POST", "/stream/progress/batch", body={"reports": [replay]}, headers=headers
    )
    answer = world.request(BATCH, event)
    result = answer.body["results"][0]
    assert (result["moved"], result["reason"]) == (False, "superseded")
    assert result["place"]["position"] == 3000.0
    assert result["other"] == {
        "position": 2000.0,
        "device": {"id": PHONE.id, "type": PHONE.type, "name": PHONE.name},
        "eventTime": "2026-11-10T10:00:00.000000Z",
    }


def test_a_batch_is_answered_in_order_and_the_unknown_in_its_place(world: World) -> None:
    reports = [world.report(seq=1), world.report(videoId="gone"), world.report(seq=2)]
    event = world.event("POST", "/stream/progress/batch", body={"reports": reports})
    answer = world.request(BATCH, event)
    assert [result["reason"] for result in answer.body["results"]] == [None, "unknown_item", None]
    assert answer.body["results"][1]["place"] is None
    assert answer.body["nextReportSeconds"] == 30


def test_an_unknown_title_is_404_and_a_forbidden_one_403_with_its_reason(world: World) -> None:
    unknown = world.event("POST", "/stream/progress", body=world.report(videoId="gone"))
    assert world.request(PROGRESS, unknown).status == 404
    kid = make_viewer(policy=world.viewer.policy.decode("US|premium|2|1"))
    world.live.sign_in(kid)
    body = world.report(videoId=world.series.id, episodeId=world.series.items[0].id)
    headers = {"Authorization": f"Bearer {world.token(kid)}"}
    answer = world.request(
        PROGRESS, world.event("POST", "/stream/progress", body=body, headers=headers)
    )
    assert (answer.status, answer.body["reason"]) == (403, "kids")
    assert world.live.states == {}


def test_a_revoked_session_is_401_at_once(world: World) -> None:
    event = world.event("POST", "/stream/progress", body=world.report())
    world.live.revoke(world.viewer)
    answer = world.request(PROGRESS, event)
    assert answer.status == 401
    assert answer.body["type"] == "/problems/unauthenticated"


def test_a_store_that_is_down_is_503_with_retry_after(world: World) -> None:
    world.live.down = True
    event = world.event("POST", "/stream/progress", body=world.report())
    answer = world.request(PROGRESS, event)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert answer.body["type"] == "/problems/unavailable"


def test_too_many_reports_are_429_with_retry_after(world: World) -> None:
    world.live.sent[world.viewer.session_id] = 120
    event = world.event("POST", "/stream/progress", body=world.report())
    answer = world.request(PROGRESS, event)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "60")


def test_reports_are_counted_as_accepted_or_by_the_reason_of_refusal(world: World) -> None:
    event = world.event("POST", "/stream/progress", body=world.report())
    accepted = world.request(PROGRESS, event).lines
    assert [line.get("ReportsAccepted") for line in accepted] == [1]
    refused = world.request(PROGRESS, event).lines
    assert refused[0]["reason"] == "duplicate"
    assert refused[0]["ReportsRefused"] == [1.0]
    assert refused[0]["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["service", "reason"]]
    assert refused[1]["rule"] == "duplicate"
