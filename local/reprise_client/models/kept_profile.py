from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="KeptProfile")


@_attrs_define
class KeptProfile:
    """A profile. `version` is what its ETag says, in quotes.

    Attributes:
        id (str):
        name (str):
        kids (bool):
        maturity_level (int):
        has_pin (bool):
        language (str):
        avatar (str):
        version (int):
    """

    id: str
    name: str
    kids: bool
    maturity_level: int
    has_pin: bool
    language: str
    avatar: str
    version: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        name = self.name

        kids = self.kids

        maturity_level = self.maturity_level

        has_pin = self.has_pin

        language = self.language

        avatar = self.avatar

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "name": name,
                "kids": kids,
                "maturityLevel": maturity_level,
                "hasPin": has_pin,
                "language": language,
                "avatar": avatar,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        name = d.pop("name")

        kids = d.pop("kids")

        maturity_level = d.pop("maturityLevel")

        has_pin = d.pop("hasPin")

        language = d.pop("language")

        avatar = d.pop("avatar")

        version = d.pop("version")

        kept_profile = cls(
            id=id,
            name=name,
            kids=kids,
            maturity_level=maturity_level,
            has_pin=has_pin,
            language=language,
            avatar=avatar,
            version=version,
        )

        kept_profile.additional_properties = d
        return kept_profile

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
