from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.place_state import PlaceState, check_place_state

if TYPE_CHECKING:
    from ..models.device import Device


T = TypeVar("T", bound="Place")


@_attrs_define
class Place:
    """Where a film or an episode stands; `episodeId` is null for a film. `playbackId` is null where an act of the account
    moved it last, and `rev` grows by one with each change.

        Attributes:
            video_id (str):
            episode_id (None | str):
            position (float):
            duration (float):
            state (PlaceState):
            completed (bool):
            hidden (bool):
            rev (int):
            changed_at (datetime.datetime):
            playback_id (None | str):
            device (Device): The device of a place, as its session named it.
    """

    video_id: str
    episode_id: None | str
    position: float
    duration: float
    state: PlaceState
    completed: bool
    hidden: bool
    rev: int
    changed_at: datetime.datetime
    playback_id: None | str
    device: Device
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        video_id = self.video_id

        episode_id: None | str
        episode_id = self.episode_id

        position = self.position

        duration = self.duration

        state: str = self.state

        completed = self.completed

        hidden = self.hidden

        rev = self.rev

        changed_at = self.changed_at.isoformat()

        playback_id: None | str
        playback_id = self.playback_id

        device = self.device.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "videoId": video_id,
                "episodeId": episode_id,
                "position": position,
                "duration": duration,
                "state": state,
                "completed": completed,
                "hidden": hidden,
                "rev": rev,
                "changedAt": changed_at,
                "playbackId": playback_id,
                "device": device,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.device import Device

        d = dict(src_dict)
        video_id = d.pop("videoId")

        def _parse_episode_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        episode_id = _parse_episode_id(d.pop("episodeId"))

        position = d.pop("position")

        duration = d.pop("duration")

        state = check_place_state(d.pop("state"))

        completed = d.pop("completed")

        hidden = d.pop("hidden")

        rev = d.pop("rev")

        changed_at = datetime.datetime.fromisoformat(d.pop("changedAt"))

        def _parse_playback_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        playback_id = _parse_playback_id(d.pop("playbackId"))

        device = Device.from_dict(d.pop("device"))

        place = cls(
            video_id=video_id,
            episode_id=episode_id,
            position=position,
            duration=duration,
            state=state,
            completed=completed,
            hidden=hidden,
            rev=rev,
            changed_at=changed_at,
            playback_id=playback_id,
            device=device,
        )

        place.additional_properties = d
        return place

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
