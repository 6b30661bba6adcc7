from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.listed import Listed
    from ..models.removal import Removal


T = TypeVar("T", bound="MyList")


@_attrs_define
class MyList:
    """A page of my list. `asOf` is the `changedSince` of the next time. `removed` comes where `changedSince` was asked
    for: the latest 500, each of the last 90 days.

        Attributes:
            items (list[Listed]):
            next_cursor (None | str):
            as_of (datetime.datetime):
            removed (list[Removal] | Unset):
    """

    items: list[Listed]
    next_cursor: None | str
    as_of: datetime.datetime
    removed: list[Removal] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        next_cursor: None | str
        next_cursor = self.next_cursor

        as_of = self.as_of.isoformat()

        removed: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.removed, Unset):
            removed = []
            for removed_item_data in self.removed:
                removed_item = removed_item_data.to_dict()
                removed.append(removed_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "items": items,
                "nextCursor": next_cursor,
                "asOf": as_of,
            }
        )
        if removed is not UNSET:
            field_dict["removed"] = removed

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.listed import Listed
        from ..models.removal import Removal

        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = Listed.from_dict(items_item_data)

            items.append(items_item)

        def _parse_next_cursor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_cursor = _parse_next_cursor(d.pop("nextCursor"))

        as_of = datetime.datetime.fromisoformat(d.pop("asOf"))

        _removed = d.pop("removed", UNSET)
        removed: list[Removal] | Unset = UNSET
        if _removed is not UNSET:
            removed = []
            for removed_item_data in _removed:
                removed_item = Removal.from_dict(removed_item_data)

                removed.append(removed_item)

        my_list = cls(
            items=items,
            next_cursor=next_cursor,
            as_of=as_of,
            removed=removed,
        )

        my_list.additional_properties = d
        return my_list

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
