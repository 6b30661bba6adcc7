"""Places and dirty items for the tests of the flush: defaults plus overrides."""

from typing import Any
from uuid import UUID

from reprise.domain.identity import Device
from reprise.domain.playstate import (
    Change,
    DevicePosition,
    DirtyItem,
    Place,
    PlaybackMemory,
    Viewing,
)

NOW_US = 1_795_000_000_000_000
SECOND_US = 1_000_000
PROFILE = "0b3a1c9e-7d55-4d0e-9a52-6a3a55d0a001"
VIDEO = "6f6d9a70-31a5-44c9-8d8c-0c6bb5f0b001"
TV = Device(id="tv-1", type="tv", name="Living room")
PHONE = Device(id="phone-1", type="phone", name="Ana's phone")


def an_id(number: int) -> str:
    """Return the UUID text of a number, the same at every call."""
    return str(UUID(int=(0xABCD << 112) | number))


def make_place(**overrides: Any) -> Place:
    video_id = overrides.get("video_id", VIDEO)
    values: dict[str, Any] = {
        "video_id": video_id,
        "item_id": video_id,
        "rev": 3,
        "changed_at": NOW_US,
        "moved_at": NOW_US,
        "viewed_at": NOW_US,
        "owner": "pb-1",
        "position": 1234.5,
        "duration": 5400.0,
        "state": "playing",
        "completed": False,
        "hidden": False,
        "viewing_started_at": NOW_US - 1300 * SECOND_US,
        "device": TV,
        "event_time": NOW_US - SECOND_US,
        "playbacks": (PlaybackMemory(playback_id="pb-1", last_seq=7, spent_act=2),),
        "changes": (
            Change(
                at=NOW_US // 1000,
                position=1234.5,
                device=TV,
                moved=True,
                rule="owner",
                playback_id="pb-1",
            ),
        ),
    }
    return Place(**(values | overrides))


def make_viewing(**overrides: Any) -> Viewing:
    values: dict[str, Any] = {
        "video_id": VIDEO,
        "item_id": VIDEO,
        "started_at": NOW_US - 9000 * SECOND_US,
        "last_watched_at": NOW_US - 5000 * SECOND_US,
        "position": 5390.0,
        "duration": 5400.0,
        "completed": True,
        "device": PHONE,
        "rev": 2,
        "changed_at": NOW_US - 5000 * SECOND_US,
        "changes": (),
    }
    return Viewing(**(values | overrides))


def make_device_position(**overrides: Any) -> DevicePosition:
    values: dict[str, Any] = {
        "video_id": VIDEO,
        "item_id": VIDEO,
        "device": TV,
        "position": 1234.5,
        "state": "playing",
        "updated_at": NOW_US,
    }
    return DevicePosition(**(values | overrides))


def make_item(**overrides: Any) -> DirtyItem:
    """Return a claimed item; `place` decides its item id where none is given."""
    place = overrides.get("place") or make_place()
    values: dict[str, Any] = {
        "profile_id": PROFILE,
        "item_id": place.item_id,
        "place": place,
        "version": place.changed_at,
        "batch": NOW_US + SECOND_US,
        "dirty_since": NOW_US,
        "attempts": 0,
        "provisional": False,
        "devices": (
            make_device_position(
                video_id=place.video_id, item_id=place.item_id, updated_at=place.changed_at
            ),
        ),
        "intervals": ((1200.0, 1234.5, "pb-1"),),
    }
    return DirtyItem(**(values | overrides))
