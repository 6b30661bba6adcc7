from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.edition import Edition
    from ..models.markers import Markers


T = TypeVar("T", bound="Episode")


@_attrs_define
class Episode:
    """An episode. One to come is listed too; without an edition, its duration is not known yet.

    Attributes:
        id (str):
        episode (int):
        title (str):
        description (str):
        duration_seconds (float | None):
        air_date (datetime.datetime):
        aired (bool):
        markers (Markers): Media seconds, null where nobody marked them.
        editions (list[Edition]):
    """

    id: str
    episode: int
    title: str
    description: str
    duration_seconds: float | None
    air_date: datetime.datetime
    aired: bool
    markers: Markers
    editions: list[Edition]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        episode = self.episode

        title = self.title

        description = self.description

        duration_seconds: float | None
        duration_seconds = self.duration_seconds

        air_date = self.air_date.isoformat()

        aired = self.aired

        markers = self.markers.to_dict()

        editions = []
        for editions_item_data in self.editions:
            editions_item = editions_item_data.to_dict()
            editions.append(editions_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "episode": episode,
                "title": title,
                "description": description,
                "durationSeconds": duration_seconds,
                "airDate": air_date,
                "aired": aired,
                "markers": markers,
                "editions": editions,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.edition import Edition
        from ..models.markers import Markers

        d = dict(src_dict)
        id = d.pop("id")

        episode = d.pop("episode")

        title = d.pop("title")

        description = d.pop("description")

        def _parse_duration_seconds(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        duration_seconds = _parse_duration_seconds(d.pop("durationSeconds"))

        air_date = datetime.datetime.fromisoformat(d.pop("airDate"))

        aired = d.pop("aired")

        markers = Markers.from_dict(d.pop("markers"))

        editions = []
        _editions = d.pop("editions")
        for editions_item_data in _editions:
            editions_item = Edition.from_dict(editions_item_data)

            editions.append(editions_item)

        episode = cls(
            id=id,
            episode=episode,
            title=title,
            description=description,
            duration_seconds=duration_seconds,
            air_date=air_date,
            aired=aired,
            markers=markers,
            editions=editions,
        )

        episode.additional_properties = d
        return episode

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
