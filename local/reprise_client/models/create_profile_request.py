from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="CreateProfileRequest")


@_attrs_define
class CreateProfileRequest:
    """The body of `POST /profiles`. Without `maturityLevel` it is as high as may be given.

    Attributes:
        name (str):
        kids (bool | Unset):  Default: False.
        maturity_level (int | Unset):  Default: 5.
        language (str | Unset):  Default: 'en'.
        avatar (str | Unset):  Default: 'heron'.
        pin (str | Unset):
    """

    name: str
    kids: bool | Unset = False
    maturity_level: int | Unset = 5
    language: str | Unset = "en"
    avatar: str | Unset = "heron"
    pin: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        kids = self.kids

        maturity_level = self.maturity_level

        language = self.language

        avatar = self.avatar

        pin = self.pin

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
            }
        )
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

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        kids = d.pop("kids", UNSET)

        maturity_level = d.pop("maturityLevel", UNSET)

        language = d.pop("language", UNSET)

        avatar = d.pop("avatar", UNSET)

        pin = d.pop("pin", UNSET)

        create_profile_request = cls(
            name=name,
            kids=kids,
            maturity_level=maturity_level,
            language=language,
            avatar=avatar,
            pin=pin,
        )

        return create_profile_request
