from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.device import Device


T = TypeVar("T", bound="OtherPosition")


@_attrs_define
class OtherPosition:
    """Where the superseded report itself was, for a client to offer beside the place.

    Attributes:
        position (float):
        device (Device): The device of a place, as its session named it.
        event_time (datetime.datetime):
    """

    position: float
    device: Device
    event_time: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        position = self.position

        device = self.device.to_dict()

        event_time = self.event_time.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "position": position,
                "device": device,
                "eventTime": event_time,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.device import Device

        d = dict(src_dict)
        position = d.pop("position")

        device = Device.from_dict(d.pop("device"))

        event_time = datetime.datetime.fromisoformat(d.pop("eventTime"))

        other_position = cls(
            position=position,
            device=device,
            event_time=event_time,
        )

        other_position.additional_properties = d
        return other_position

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
