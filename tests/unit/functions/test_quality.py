"""`POST /analytics/playback`: strict facts, measured by network and by the title that was begun."""

from typing import Any

import pytest

from reprise.domain.playback import Playback
from reprise.settings import AnalyticsSettings
from tests.harness.functions import ENVIRONMENT, Answer, World, load

PLAYBACK = "5d1c9d3e-0000-4000-8000-00000000000a"


@pytest.fixture
def world() -> World:
    return World()


def tell(world: World, **facts: Any) -> Answer:
    body = {"playbackId": PLAYBACK, "videoId": world.film.id, "eventTime": "2026-11-21T20:15:00Z"}
    event = world.event("POST", "/analytics/playback", body=body | facts)
    return world.request("analytics/report_playback", event)


def test_what_a_player_tells_is_measured_by_network_and_named_by_title(world: World) -> None:
    answer = tell(
        world,
        startupMs=840,
        rebufferCount=2,
        rebufferMs=1200,
        bitrateKbps=5800,
        droppedFrames=12,
        errors=["segment.timeout"],
        network="cellular",
    )
    assert (answer.status, answer.body) == (202, None)
    (line,) = answer.lines
    measured = {name: line[name] for name in ("StartupTime", "RebufferTime", "Bitrate")}
    assert measured == {"StartupTime": 840, "RebufferTime": 1200, "Bitrate": 5800}
    counted = {name: line[name] for name in ("Rebuffers", "DroppedFrames", "PlaybackErrors")}
    assert counted == {"Rebuffers": 2, "DroppedFrames": 12, "PlaybackErrors": 1}
    assert (line["playbackId"], line["videoId"]) == (PLAYBACK, world.film.id)
    assert (line["network"], line["errors"]) == ("cellular", ["segment.timeout"])
    assert line["sessionProved"] is True


ROUTE = ["service", "route"]


def dimensions(answer: Answer) -> Any:
    (line,) = answer.lines
    return line["_aws"]["CloudWatchMetrics"][0]["Dimensions"]


def test_metrics_are_told_apart_by_network_by_title_and_by_both(world: World) -> None:
    world.playbacks.begin(
        viewer=world.viewer, playback=Playback(PLAYBACK, world.film.id, world.film.id, "h")
    )
    answer = tell(world, startupMs=1, network="wifi")
    assert dimensions(answer) == [
        ROUTE,
        [*ROUTE, "network"],
        [*ROUTE, "titleId"],
        [*ROUTE, "titleId", "network"],
    ]
    (line,) = answer.lines
    assert (line["titleId"], line["network"], line["joined"]) == (world.film.id, "wifi", True)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    units = {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]}
    assert (units["StartupTime"], units["Rebuffers"]) == ("Milliseconds", "Count")


def test_a_title_is_measured_by_what_was_begun_and_not_by_what_is_said(world: World) -> None:
    world.playbacks.begin(
        viewer=world.viewer, playback=Playback(PLAYBACK, world.film.id, world.film.id, "h")
    )
    (line,) = tell(world, videoId="made-up").lines
    assert (line["titleId"], line["videoId"]) == (world.film.id, "made-up")


def test_a_playback_that_nobody_began_makes_no_metric_of_a_title(world: World) -> None:
    answer = tell(world, network="wifi")
    assert dimensions(answer) == [ROUTE, [*ROUTE, "network"]]
    (line,) = answer.lines
    assert line["joined"] is False
    assert "titleId" not in line


def test_a_stage_may_measure_by_network_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    coarse = AnalyticsSettings.from_env(ENVIRONMENT | {"QUALITY_BY_TITLE": "false"})
    monkeypatch.setattr(load("analytics/report_playback"), "SETTINGS", coarse)
    world.playbacks.begin(
        viewer=world.viewer, playback=Playback(PLAYBACK, world.film.id, world.film.id, "h")
    )
    assert dimensions(tell(world, network="wifi")) == [ROUTE, [*ROUTE, "network"]]


def test_what_was_not_told_is_not_measured(world: World) -> None:
    (line,) = tell(world).lines
    assert line["network"] == "unknown"
    assert {"StartupTime", "Bitrate"}.isdisjoint(line)


def test_the_next_request_is_not_told_apart_by_this_ones_network(world: World) -> None:
    tell(world, network="wifi")
    (line,) = tell(world, network="carrier pigeon").lines
    assert line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [ROUTE]
    assert "network" not in line


def test_every_wrong_field_is_named_at_once(world: World) -> None:
    wrong: dict[str, Any] = {
        "startupMs": -1,
        "rebufferCount": 1.5,
        "rebufferMs": "9",
        "bitrateKbps": True,
        "droppedFrames": 10**9,
        "errors": ["e"] * 17,
        "network": "5g",
        "surprise": 1,
    }
    answer = tell(world, **wrong)
    assert answer.status == 400
    assert sorted(answer.wrong_fields) == sorted(wrong)


def test_a_revoked_session_is_not_heard(world: World) -> None:
    world.live.revoke(world.viewer)
    assert tell(world).status == 401


def test_while_live_state_is_away_the_token_is_enough(world: World) -> None:
    world.live.down = True
    answer = tell(world, rebufferCount=3)
    assert answer.status == 202
    assert answer.lines[0]["sessionProved"] is False
    assert answer.lines[0]["Rebuffers"] == 3
