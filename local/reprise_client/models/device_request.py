from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.device_request_type import DeviceRequestType, check_device_request_type

T = TypeVar("T", bound="DeviceRequest")


@_attrs_define
class DeviceRequest:
    """The device that signs in; every report of the session bears it.

    Attributes:
        id (str):
        type_ (DeviceRequestType):
        name (str):
    """

    id: str
    type_: DeviceRequestType
    name: str

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        type_: str = self.type_

        name = self.name

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "type": type_,
                "name": name,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        type_ = check_device_request_type(d.pop("type"))

        name = d.pop("name")

        device_request = cls(
            id=id,
            type_=type_,
            name=name,
        )

        return device_request
