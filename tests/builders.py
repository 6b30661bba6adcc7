"""Viewers, titles and reports for tests: defaults plus overrides."""

from typing import Any
from uuid import uuid4

from reprise.domain.catalog import Item, Title, Window
from reprise.domain.identity import Device, PolicyFacts, Viewer
from reprise.domain.playstate import Report

NOW_US = 1_795_000_000_000_000
SECOND = 1_000_000
TV = Device(id="tv-1", type="tv", name="Living room")
PHONE = Device(id="phone-1", type="phone", name="Ana's phone")
ADULT = PolicyFacts(region="US", plan="premium", maturity_level=5, kids=False)
KID = PolicyFacts(region="US", plan="premium", maturity_level=2, kids=True)


def make_viewer(**overrides: Any) -> Viewer:
    """Return a viewer with an account, session and profile nobody else uses."""
    values: dict[str, Any] = {
        "account_id": str(uuid4()),
        "session_id": str(uuid4()),
        "profile_id": str(uuid4()),
        "policy": ADULT,
    }
    return Viewer(**(values | overrides))


def make_report(**overrides: Any) -> Report:
    video_id = overrides.get("video_id", "film-1")
    values: dict[str, Any] = {
        "video_id": video_id,
        "item_id": video_id,
        "playback_id": "pb-tv",
        "seq": 1,
        "act": 1,
        "act_kind": "start",
        "played_since_act": 30.0,
        "position": 1000.0,
        "state": "playing",
        "event_time": NOW_US,
    }
    return Report(**(values | overrides))


def make_film(**overrides: Any) -> Title:
    film_id = overrides.pop("id", None) or str(uuid4())
    duration = overrides.pop("duration", 5400.0)
    credits_start = overrides.pop("credits_start", None)
    values: dict[str, Any] = {
        "id": film_id,
        "type": "film",
        "title": "The Quiet Harbour",
        "rating": "PG",
        "maturity_level": 2,
        "artwork_url": "/art/harbour.jpg",
        "windows": (Window(region="US", starts_at=0, ends_at=None),),
        "items": (
            Item(
                id=film_id,
                title="The Quiet Harbour",
                duration=duration,
                credits_start=credits_start,
            ),
        ),
    }
    return Title(**(values | overrides))


def make_series(*, seasons: tuple[int, ...] = (3, 2), **overrides: Any) -> Title:
    """Return a series with that many episodes per season, each 40 minutes, all aired."""
    items = tuple(
        Item(
            id=str(uuid4()),
            title=f"Episode {number}",
            duration=2400.0,
            season=season,
            episode=number,
        )
        for season, count in enumerate(seasons, start=1)
        for number in range(1, count + 1)
    )
    values: dict[str, Any] = {
        "id": str(uuid4()),
        "type": "series",
        "title": "North Line",
        "rating": "TV-14",
        "maturity_level": 3,
        "artwork_url": "/art/north-line.jpg",
        "windows": (Window(region="US", starts_at=0, ends_at=None),),
        "items": items,
    }
    return Title(**(values | overrides))
