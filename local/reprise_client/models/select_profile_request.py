from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="SelectProfileRequest")


@_attrs_define
class SelectProfileRequest:
    """The body of `POST /profiles/{id}/select`, which may be left out where there is no PIN.

    Attributes:
        pin (str | Unset):
    """

    pin: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        pin = self.pin

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if pin is not UNSET:
            field_dict["pin"] = pin

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        pin = d.pop("pin", UNSET)

        select_profile_request = cls(
            pin=pin,
        )

        return select_profile_request
