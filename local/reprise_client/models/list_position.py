from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ListPosition")


@_attrs_define
class ListPosition:
    """The body of `PUT /my-list/{videoId}`, which may be left out. Without `position` a new title goes to the front, and
    one that is in the list stays.

        Attributes:
            position (int | Unset):  Default: 0.
    """

    position: int | Unset = 0

    def to_dict(self) -> dict[str, Any]:
        position = self.position

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if position is not UNSET:
            field_dict["position"] = position

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        position = d.pop("position", UNSET)

        list_position = cls(
            position=position,
        )

        return list_position
