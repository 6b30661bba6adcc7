from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.device import Device


T = TypeVar("T", bound="Screen")


@_attrs_define
class Screen:
    """One screen of the account in use; `title` is null where the profile may not be told.

    Attributes:
        playback_id (str):
        device (Device): The device of a place, as its session named it.
        title (None | str):
        since (datetime.datetime):
    """

    playback_id: str
    device: Device
    title: None | str
    since: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        playback_id = self.playback_id

        device = self.device.to_dict()

        title: None | str
        title = self.title

        since = self.since.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "playbackId": playback_id,
                "device": device,
                "title": title,
                "since": since,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.device import Device

        d = dict(src_dict)
        playback_id = d.pop("playbackId")

        device = Device.from_dict(d.pop("device"))

        def _parse_title(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        title = _parse_title(d.pop("title"))

        since = datetime.datetime.fromisoformat(d.pop("since"))

        screen = cls(
            playback_id=playback_id,
            device=device,
            title=title,
            since=since,
        )

        screen.additional_properties = d
        return screen

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
