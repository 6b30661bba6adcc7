from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.markers import Markers


T = TypeVar("T", bound="Edition")


@_attrs_define
class Edition:
    """A cut. What plays is `main`.

    Attributes:
        name (str):
        duration_seconds (float):
        markers (Markers): Media seconds, null where nobody marked them.
    """

    name: str
    duration_seconds: float
    markers: Markers
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        duration_seconds = self.duration_seconds

        markers = self.markers.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "durationSeconds": duration_seconds,
                "markers": markers,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.markers import Markers

        d = dict(src_dict)
        name = d.pop("name")

        duration_seconds = d.pop("durationSeconds")

        markers = Markers.from_dict(d.pop("markers"))

        edition = cls(
            name=name,
            duration_seconds=duration_seconds,
            markers=markers,
        )

        edition.additional_properties = d
        return edition

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
