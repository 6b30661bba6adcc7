from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.device import Device


T = TypeVar("T", bound="Change")


@_attrs_define
class Change:
    """One line of why a place is where it is.

    Attributes:
        at (datetime.datetime):
        position (float):
        device (Device): The device of a place, as its session named it.
        moved (bool):
        rule (str):
    """

    at: datetime.datetime
    position: float
    device: Device
    moved: bool
    rule: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        at = self.at.isoformat()

        position = self.position

        device = self.device.to_dict()

        moved = self.moved

        rule = self.rule

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "position": position,
                "device": device,
                "moved": moved,
                "rule": rule,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.device import Device

        d = dict(src_dict)
        at = datetime.datetime.fromisoformat(d.pop("at"))

        position = d.pop("position")

        device = Device.from_dict(d.pop("device"))

        moved = d.pop("moved")

        rule = d.pop("rule")

        change = cls(
            at=at,
            position=position,
            device=device,
            moved=moved,
            rule=rule,
        )

        change.additional_properties = d
        return change

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
