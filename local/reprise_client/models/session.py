from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.device import Device


T = TypeVar("T", bound="Session")


@_attrs_define
class Session:
    """A device that is signed in. `lastSeenAt` is when it last signed in or refreshed its token. `country` is where that
    was, null where it is not known; `current` is the session that asks.

        Attributes:
            id (str):
            device (Device): The device of a place, as its session named it.
            created_at (datetime.datetime):
            last_seen_at (datetime.datetime):
            country (None | str):
            current (bool):
    """

    id: str
    device: Device
    created_at: datetime.datetime
    last_seen_at: datetime.datetime
    country: None | str
    current: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        device = self.device.to_dict()

        created_at = self.created_at.isoformat()

        last_seen_at = self.last_seen_at.isoformat()

        country: None | str
        country = self.country

        current = self.current

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "device": device,
                "createdAt": created_at,
                "lastSeenAt": last_seen_at,
                "country": country,
                "current": current,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.device import Device

        d = dict(src_dict)
        id = d.pop("id")

        device = Device.from_dict(d.pop("device"))

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        last_seen_at = datetime.datetime.fromisoformat(d.pop("lastSeenAt"))

        def _parse_country(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        country = _parse_country(d.pop("country"))

        current = d.pop("current")

        session = cls(
            id=id,
            device=device,
            created_at=created_at,
            last_seen_at=last_seen_at,
            country=country,
            current=current,
        )

        session.additional_properties = d
        return session

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
