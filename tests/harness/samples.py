"""The sample events, filled in for a world of fakes."""

import json
import string
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.harness.functions import EMAIL, PASSWORD, REFRESH_TOKEN, World

SAMPLES = Path(__file__).parents[2] / "events" / "samples"
ANSWERS: dict[str, dict[str, Any]] = json.loads((SAMPLES / "answers.json").read_text())


def filled(sample: str, world: World) -> Any:
    """Return the event as `make invoke` would send it, for this world."""
    text = (SAMPLES / sample).read_text()
    values = {
        "EMAIL": EMAIL,
        "PASSWORD": PASSWORD,
        "FILM": world.film.id,
        "SERIES": world.series.id,
        "EPISODE_1": world.series.items[0].id,
        "PLAYABLE_FILM": world.film.id,
        "PLAYABLE_SERIES": world.series.id,
        "PLAYABLE_EPISODE": world.series.items[0].id,
        "NOW": "2026-11-18T11:06:40Z",
        "UUID": str(uuid4()),
        "ACCESS_TOKEN": world.token(),
        "OTHER_PROFILE_ID": world.other.id,
        "SESSION": world.viewer.session_id,
        "REFRESH_TOKEN": REFRESH_TOKEN,
    }
    if "${ENCODED}" in text:
        values["ENCODED"] = world.encode(best="144p")
    if "${PLAYBACK}" in text:
        values["PLAYBACK"] = playback_of(world)
    return json.loads(string.Template(text).substitute(values))


def playback_of(world: World) -> str:
    """Press play on the film, and return what plays."""
    event = world.event("GET", "/stream/{id}/manifest", path={"id": world.film.id})
    playback_id: str = world.request("stream/play_film", event).body["playbackId"]
    return playback_id


def good_event(folder: str, world: World) -> Any:
    """Return the first good sample of a function."""
    return filled(f"{folder}/{min(p.name for p in (SAMPLES / folder).glob('good*.json'))}", world)
