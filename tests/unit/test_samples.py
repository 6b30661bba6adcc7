"""Every function has good and bad sample events, and answers each as `answers.json` says."""

import json
import string
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from infra_cdk.routes import FUNCTIONS, ROUTES
from reprise.edge.consumers import BadMessageError
from tests.harness.functions import EMAIL, PASSWORD, REFRESH_TOKEN, World, load

SAMPLES = Path(__file__).parents[2] / "events" / "samples"
ANSWERS: dict[str, dict[str, Any]] = json.loads((SAMPLES / "answers.json").read_text())


def filled(sample: str, world: World) -> Any:
    """Return the event as `make invoke` would send it, for this world."""
    values = {
        "EMAIL": EMAIL,
        "PASSWORD": PASSWORD,
        "FILM": world.film.id,
        "SERIES": world.series.id,
        "EPISODE_1": world.series.items[0].id,
        "NOW": "2026-11-18T11:06:40Z",
        "UUID": str(uuid4()),
        "ACCESS_TOKEN": world.token(),
        "OTHER_PROFILE_ID": world.other.id,
        "SESSION": world.viewer.session_id,
        "REFRESH_TOKEN": REFRESH_TOKEN,
        "PLAYBACK": playback_of(world),
    }
    return json.loads(string.Template((SAMPLES / sample).read_text()).substitute(values))


def playback_of(world: World) -> str:
    event = world.event("GET", "/stream/{id}/manifest", path={"id": world.film.id})
    playback_id: str = world.request("stream/play_film", event).body["playbackId"]
    return playback_id


@pytest.mark.parametrize("sample", ANSWERS)
def test_a_sample_is_answered_as_stated(sample: str) -> None:
    world, expected = World(), ANSWERS[sample]
    folder = sample.rpartition("/")[0]
    event = filled(sample, world)
    if "errorType" in expected:
        assert expected["errorType"] == BadMessageError.__name__
        with pytest.raises(BadMessageError):
            world.call(folder, event)
    elif "batchItemFailures" in expected:
        answer, _ = world.call(folder, event)
        failed = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
        assert failed == expected["batchItemFailures"]
    elif "statusCode" in expected:
        assert_http(world, folder, event, expected)
    else:
        assert world.call(folder, event)[0] == expected


def assert_http(world: World, folder: str, event: Any, expected: dict[str, Any]) -> None:
    answer = world.request(folder, event)
    assert answer.status == expected["statusCode"]
    if answer.status >= 400:
        assert answer.body["type"] == expected["type"]
        assert sorted(answer.wrong_fields if "errors" in answer.body else []) == sorted(
            expected.get("fields", [])
        )


@pytest.mark.parametrize("folder", [function.folder for function in FUNCTIONS])
def test_every_function_has_a_good_and_a_bad_sample(folder: str) -> None:
    names = {path.name for path in (SAMPLES / folder).glob("*.json")}
    assert {f"{folder}/{name}" for name in names} <= set(ANSWERS)
    assert any(name.startswith("good") for name in names)
    assert any(name.startswith("bad") for name in names)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.folder)
def test_a_handler_declares_the_route_that_the_infrastructure_gives_it(route: Any) -> None:
    api = load(route.folder).api
    assert api.access == route.access.value
    assert api.methods == {route.path: route.method}
