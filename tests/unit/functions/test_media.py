"""The last step of encoding: its line in the log, its output, and refusals that stop it."""

import json
from typing import Any

import pytest

from reprise.domain.errors import UnavailableError
from reprise.domain.packages import Encoding, UnfitPackageError
from reprise.edge.consumers import BadMessageError
from reprise.edge.encodings import read_encoding
from tests.harness.functions import Context as LambdaContext
from tests.harness.functions import World, captured, load
from tests.packaged import VERSION

FOLDER = "media/publish_encoded"


@pytest.fixture
def world() -> World:
    return World()


def event(world: World, **overrides: Any) -> dict[str, Any]:
    body = {
        "titleId": world.film.id,
        "itemId": world.film.id,
        "version": VERSION,
        "best": "1080p",
        "sourceDuration": 5400.0,
        "setDuration": False,
    }
    return {name: value for name, value in (body | overrides).items() if value is not ...}


def test_what_was_encoded_is_what_the_next_manifest_offers(world: World) -> None:
    world.encode()
    output, log = world.call(FOLDER, event(world))
    assert output["qualities"] == ["1080p", "720p", "480p", "360p", "288p", "240p", "144p"]
    assert (output["seconds"], output["subtitles"]) == (5400.0, [])
    [line] = [json.loads(text) for text in log.splitlines()]
    path = f"media/{world.film.id}/{world.film.id}/{VERSION}"
    assert (line["itemId"], line["path"]) == (world.film.id, path)
    assert (line["message"], line["EncodingsPublished"]) == ("work", 1)
    play = world.event("GET", "/stream/{id}/manifest", path={"id": world.film.id})
    manifest = world.request("stream/play_film", play).body
    assert f"{world.film.id}/{VERSION}/" in manifest["manifestUrl"]
    assert "1080p" in {rendition["quality"] for rendition in manifest["qualities"]}


def test_a_refusal_ends_the_execution_with_all_that_is_wrong(world: World) -> None:
    world.encode()
    lost = f"media/{world.film.id}/{world.film.id}/{VERSION}/stream-720p_000000002.cmfv"
    del world.packages.others[lost]
    module = world.wire(load(FOLDER))
    with captured() as log, pytest.raises(UnfitPackageError, match="stream-720p_000000002"):
        module.lambda_handler(event(world), LambdaContext())
    lines = [json.loads(text) for text in log.getvalue().splitlines()]
    told = next(line for line in lines if line.get("message") == "work")
    assert (told["level"], told["error"]) == ("ERROR", "UnfitPackageError")


def test_a_bucket_that_is_away_is_worth_another_try(world: World) -> None:
    world.packages.down = True
    with pytest.raises(UnavailableError):
        world.call(FOLDER, event(world))


def test_an_event_is_read_to_its_last_field(world: World) -> None:
    assert read_encoding(event(world, setDuration=True)) == Encoding(
        world.film.id, world.film.id, VERSION, "1080p", 5400.0, set_duration=True
    )
    least = read_encoding(event(world, sourceDuration=..., setDuration=...))
    assert (least.source_duration, least.set_duration) == (0.0, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"titleId": "../../elsewhere"},
        {"itemId": None},
        {"itemId": "4B6D3C52-3F1E-4C0A-9A55-0F0A51D0A001"},
        {"version": "a/b"},
        {"version": ""},
        {"best": "1440p"},
        {"best": ...},
        {"sourceDuration": -1},
        {"sourceDuration": "nan"},
        {"setDuration": "true"},
        {"key": "film.mov"},
    ],
)
def test_what_no_state_machine_sends_is_refused_by_name(
    world: World, changes: dict[str, Any]
) -> None:
    with pytest.raises(BadMessageError, match=next(iter(changes))):
        read_encoding(event(world, **changes))


@pytest.mark.parametrize("sent", [None, [], "{}", 1])
def test_what_is_no_object_is_refused(sent: object) -> None:
    with pytest.raises(BadMessageError, match="event"):
        read_encoding(sent)
