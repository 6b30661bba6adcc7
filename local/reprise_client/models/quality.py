from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Quality")


@_attrs_define
class Quality:
    """A rendition as it was measured; `bitrate` is the peak of any segment, per second.

    Attributes:
        quality (str):
        bitrate (int):
        width (int):
        height (int):
        url (str):
    """

    quality: str
    bitrate: int
    width: int
    height: int
    url: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        quality = self.quality

        bitrate = self.bitrate

        width = self.width

        height = self.height

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "quality": quality,
                "bitrate": bitrate,
                "width": width,
                "height": height,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        quality = d.pop("quality")

        bitrate = d.pop("bitrate")

        width = d.pop("width")

        height = d.pop("height")

        url = d.pop("url")

        quality = cls(
            quality=quality,
            bitrate=bitrate,
            width=width,
            height=height,
            url=url,
        )

        quality.additional_properties = d
        return quality

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
