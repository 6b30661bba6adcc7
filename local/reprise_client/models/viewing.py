from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.change import Change
    from ..models.device import Device


T = TypeVar("T", bound="Viewing")


@_attrs_define
class Viewing:
    """One viewing of the history.

    Attributes:
        video_id (str):
        episode_id (None | str):
        title (str):
        started_at (datetime.datetime):
        last_watched_at (datetime.datetime):
        position (float):
        duration (float):
        completed (bool):
        device (Device): The device of a place, as its session named it.
        changes (list[Change]):
    """

    video_id: str
    episode_id: None | str
    title: str
    started_at: datetime.datetime
    last_watched_at: datetime.datetime
    position: float
    duration: float
    completed: bool
    device: Device
    changes: list[Change]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        video_id = self.video_id

        episode_id: None | str
        episode_id = self.episode_id

        title = self.title

        started_at = self.started_at.isoformat()

        last_watched_at = self.last_watched_at.isoformat()

        position = self.position

        duration = self.duration

        completed = self.completed

        device = self.device.to_dict()

        changes = []
        for changes_item_data in self.changes:
            changes_item = changes_item_data.to_dict()
            changes.append(changes_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "videoId": video_id,
                "episodeId": episode_id,
                "title": title,
                "startedAt": started_at,
                "lastWatchedAt": last_watched_at,
                "position": position,
                "duration": duration,
                "completed": completed,
                "device": device,
                "changes": changes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.change import Change
        from ..models.device import Device

        d = dict(src_dict)
        video_id = d.pop("videoId")

        def _parse_episode_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        episode_id = _parse_episode_id(d.pop("episodeId"))

        title = d.pop("title")

        started_at = datetime.datetime.fromisoformat(d.pop("startedAt"))

        last_watched_at = datetime.datetime.fromisoformat(d.pop("lastWatchedAt"))

        position = d.pop("position")

        duration = d.pop("duration")

        completed = d.pop("completed")

        device = Device.from_dict(d.pop("device"))

        changes = []
        _changes = d.pop("changes")
        for changes_item_data in _changes:
            changes_item = Change.from_dict(changes_item_data)

            changes.append(changes_item)

        viewing = cls(
            video_id=video_id,
            episode_id=episode_id,
            title=title,
            started_at=started_at,
            last_watched_at=last_watched_at,
            position=position,
            duration=duration,
            completed=completed,
            device=device,
            changes=changes,
        )

        viewing.additional_properties = d
        return viewing

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
