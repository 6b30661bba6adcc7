from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.hit_type import HitType, check_hit_type

T = TypeVar("T", bound="Hit")


@_attrs_define
class Hit:
    """A title that was found; `score` runs from 0 to 1, which is the very name.

    Attributes:
        video_id (str):
        title (str):
        type_ (HitType):
        score (float):
    """

    video_id: str
    title: str
    type_: HitType
    score: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        video_id = self.video_id

        title = self.title

        type_: str = self.type_

        score = self.score

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "videoId": video_id,
                "title": title,
                "type": type_,
                "score": score,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        video_id = d.pop("videoId")

        title = d.pop("title")

        type_ = check_hit_type(d.pop("type"))

        score = d.pop("score")

        hit = cls(
            video_id=video_id,
            title=title,
            type_=type_,
            score=score,
        )

        hit.additional_properties = d
        return hit

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
