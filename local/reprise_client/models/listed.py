from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.listed_type import ListedType, check_listed_type

T = TypeVar("T", bound="Listed")


@_attrs_define
class Listed:
    """One title of my list. `position` counts from 0 what the viewer is shown. `leavesAt` is null unless the title leaves
    the viewer's region within 30 days.

        Attributes:
            video_id (str):
            title (str):
            type_ (ListedType):
            position (int):
            added_at (datetime.datetime):
            artwork_url (str):
            leaves_at (datetime.datetime | None):
    """

    video_id: str
    title: str
    type_: ListedType
    position: int
    added_at: datetime.datetime
    artwork_url: str
    leaves_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        video_id = self.video_id

        title = self.title

        type_: str = self.type_

        position = self.position

        added_at = self.added_at.isoformat()

        artwork_url = self.artwork_url

        leaves_at: None | str
        if isinstance(self.leaves_at, datetime.datetime):
            leaves_at = self.leaves_at.isoformat()
        else:
            leaves_at = self.leaves_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "videoId": video_id,
                "title": title,
                "type": type_,
                "position": position,
                "addedAt": added_at,
                "artworkUrl": artwork_url,
                "leavesAt": leaves_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        video_id = d.pop("videoId")

        title = d.pop("title")

        type_ = check_listed_type(d.pop("type"))

        position = d.pop("position")

        added_at = datetime.datetime.fromisoformat(d.pop("addedAt"))

        artwork_url = d.pop("artworkUrl")

        def _parse_leaves_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                leaves_at_type_0 = datetime.datetime.fromisoformat(data)

                return leaves_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        leaves_at = _parse_leaves_at(d.pop("leavesAt"))

        listed = cls(
            video_id=video_id,
            title=title,
            type_=type_,
            position=position,
            added_at=added_at,
            artwork_url=artwork_url,
            leaves_at=leaves_at,
        )

        listed.additional_properties = d
        return listed

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
