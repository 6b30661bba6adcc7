from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.artwork_kind import ArtworkKind, check_artwork_kind

T = TypeVar("T", bound="Artwork")


@_attrs_define
class Artwork:
    """A picture; variants of a kind show the same title differently.

    Attributes:
        kind (ArtworkKind):
        variant (str):
        url (str):
    """

    kind: ArtworkKind
    variant: str
    url: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        kind: str = self.kind

        variant = self.variant

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kind": kind,
                "variant": variant,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = check_artwork_kind(d.pop("kind"))

        variant = d.pop("variant")

        url = d.pop("url")

        artwork = cls(
            kind=kind,
            variant=variant,
            url=url,
        )

        artwork.additional_properties = d
        return artwork

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
