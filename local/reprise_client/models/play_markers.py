from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PlayMarkers")


@_attrs_define
class PlayMarkers:
    """Media seconds, null where nobody marked them.

    Attributes:
        intro_start (float | None):
        intro_end (float | None):
        credits_start (float | None):
    """

    intro_start: float | None
    intro_end: float | None
    credits_start: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        intro_start: float | None
        intro_start = self.intro_start

        intro_end: float | None
        intro_end = self.intro_end

        credits_start: float | None
        credits_start = self.credits_start

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "introStart": intro_start,
                "introEnd": intro_end,
                "creditsStart": credits_start,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_intro_start(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        intro_start = _parse_intro_start(d.pop("introStart"))

        def _parse_intro_end(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        intro_end = _parse_intro_end(d.pop("introEnd"))

        def _parse_credits_start(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        credits_start = _parse_credits_start(d.pop("creditsStart"))

        play_markers = cls(
            intro_start=intro_start,
            intro_end=intro_end,
            credits_start=credits_start,
        )

        play_markers.additional_properties = d
        return play_markers

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
