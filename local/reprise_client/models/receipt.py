from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.receipt_removed import ReceiptRemoved


T = TypeVar("T", bound="Receipt")


@_attrs_define
class Receipt:
    """What was removed: rows of each table, and keys and marks of live state, by store.

    Attributes:
        profile_id (str):
        deleted_at (datetime.datetime):
        removed (ReceiptRemoved):
    """

    profile_id: str
    deleted_at: datetime.datetime
    removed: ReceiptRemoved
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        profile_id = self.profile_id

        deleted_at = self.deleted_at.isoformat()

        removed = self.removed.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "profileId": profile_id,
                "deletedAt": deleted_at,
                "removed": removed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.receipt_removed import ReceiptRemoved

        d = dict(src_dict)
        profile_id = d.pop("profileId")

        deleted_at = datetime.datetime.fromisoformat(d.pop("deletedAt"))

        removed = ReceiptRemoved.from_dict(d.pop("removed"))

        receipt = cls(
            profile_id=profile_id,
            deleted_at=deleted_at,
            removed=removed,
        )

        receipt.additional_properties = d
        return receipt

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
