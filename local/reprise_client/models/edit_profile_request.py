from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="EditProfileRequest")


@_attrs_define
class EditProfileRequest:
    """The body of `PATCH /profiles/{id}`: what is left out stays. A `pin` of null removes the PIN; `currentPin` proves it
    where it guards what changes.

        Attributes:
            name (str | Unset):
            kids (bool | Unset):  Default: False.
            maturity_level (int | Unset):  Default: 5.
            language (str | Unset):
            avatar (str | Unset):
            pin (None | str | Unset):
            current_pin (str | Unset):
    """

    name: str | Unset = UNSET
    kids: bool | Unset = False
    maturity_level: int | Unset = 5
    language: str | Unset = UNSET
    avatar: str | Unset = UNSET
    pin: None | str | Unset = UNSET
    current_pin: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        kids = self.kids

        maturity_level = self.maturity_level

        language = self.language

        avatar = self.avatar

        pin: None | str | Unset
        if isinstance(self.pin, Unset):
            pin = UNSET
        else:
            pin = self.pin

        current_pin = self.current_pin

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if kids is not UNSET:
            field_dict["kids"] = kids
        if maturity_level is not UNSET:
            field_dict["maturityLevel"] = maturity_level
        if language is not UNSET:
            field_dict["language"] = language
        if avatar is not UNSET:
            field_dict["avatar"] = avatar
        if pin is not UNSET:
            field_dict["pin"] = pin
        if current_pin is not UNSET:
            field_dict["currentPin"] = current_pin

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name", UNSET)

        kids = d.pop("kids", UNSET)

        maturity_level = d.pop("maturityLevel", UNSET)

        language = d.pop("language", UNSET)

        avatar = d.pop("avatar", UNSET)

        def _parse_pin(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        pin = _parse_pin(d.pop("pin", UNSET))

        current_pin = d.pop("currentPin", UNSET)

        edit_profile_request = cls(
            name=name,
            kids=kids,
            maturity_level=maturity_level,
            language=language,
            avatar=avatar,
            pin=pin,
            current_pin=current_pin,
        )

        return edit_profile_request
