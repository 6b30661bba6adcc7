from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.other_position import OtherPosition
    from ..models.place import Place


T = TypeVar("T", bound="Progress")


@_attrs_define
class Progress:
    """What one report did, and when to send the next.

    Attributes:
        place (None | Place):
        moved (bool):
        reason (None | str):
        next_report_seconds (int):
        other (OtherPosition | Unset): Where the superseded report itself was, for a client to offer beside the place.
    """

    place: None | Place
    moved: bool
    reason: None | str
    next_report_seconds: int
    other: OtherPosition | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.place import Place

        place: dict[str, Any] | None
        if isinstance(self.place, Place):
            place = self.place.to_dict()
        else:
            place = self.place

        moved = self.moved

        reason: None | str
        reason = self.reason

        next_report_seconds = self.next_report_seconds

        other: dict[str, Any] | Unset = UNSET
        if not isinstance(self.other, Unset):
            other = self.other.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "place": place,
                "moved": moved,
                "reason": reason,
                "nextReportSeconds": next_report_seconds,
            }
        )
        if other is not UNSET:
            field_dict["other"] = other

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.other_position import OtherPosition
        from ..models.place import Place

        d = dict(src_dict)

        def _parse_place(data: object) -> None | Place:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                place_type_0 = Place.from_dict(data)

                return place_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Place, data)

        place = _parse_place(d.pop("place"))

        moved = d.pop("moved")

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        next_report_seconds = d.pop("nextReportSeconds")

        _other = d.pop("other", UNSET)
        other: OtherPosition | Unset
        if isinstance(_other, Unset):
            other = UNSET
        else:
            other = OtherPosition.from_dict(_other)

        progress = cls(
            place=place,
            moved=moved,
            reason=reason,
            next_report_seconds=next_report_seconds,
            other=other,
        )

        progress.additional_properties = d
        return progress

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
