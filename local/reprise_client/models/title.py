from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.title_type import TitleType, check_title_type

if TYPE_CHECKING:
    from ..models.artwork import Artwork
    from ..models.edition import Edition
    from ..models.markers import Markers
    from ..models.season import Season


T = TypeVar("T", bound="Title")


@_attrs_define
class Title:
    """A title. A film has `durationSeconds`, `markers` and `editions`, a series `seasons`. `rating` is that of the
    viewer's region, else the strictest there is; `maturityLevel` is null where nobody mapped it. `leavesAt` is null
    where the title stays.

        Attributes:
            video_id (str):
            type_ (TitleType):
            title (str):
            original_title (str):
            description (str):
            genres (list[str]):
            rating (None | str):
            maturity_level (int | None):
            release_year (int):
            language (str):
            duration_seconds (float | None):
            markers (Markers | None):
            editions (list[Edition]):
            seasons (list[Season] | None):
            artwork (list[Artwork]):
            leaves_at (datetime.datetime | None):
    """

    video_id: str
    type_: TitleType
    title: str
    original_title: str
    description: str
    genres: list[str]
    rating: None | str
    maturity_level: int | None
    release_year: int
    language: str
    duration_seconds: float | None
    markers: Markers | None
    editions: list[Edition]
    seasons: list[Season] | None
    artwork: list[Artwork]
    leaves_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.markers import Markers

        video_id = self.video_id

        type_: str = self.type_

        title = self.title

        original_title = self.original_title

        description = self.description

        genres = self.genres

        rating: None | str
        rating = self.rating

        maturity_level: int | None
        maturity_level = self.maturity_level

        release_year = self.release_year

        language = self.language

        duration_seconds: float | None
        duration_seconds = self.duration_seconds

        markers: dict[str, Any] | None
        if isinstance(self.markers, Markers):
            markers = self.markers.to_dict()
        else:
            markers = self.markers

        editions = []
        for editions_item_data in self.editions:
            editions_item = editions_item_data.to_dict()
            editions.append(editions_item)

        seasons: list[dict[str, Any]] | None
        if isinstance(self.seasons, list):
            seasons = []
            for seasons_type_0_item_data in self.seasons:
                seasons_type_0_item = seasons_type_0_item_data.to_dict()
                seasons.append(seasons_type_0_item)

        else:
            seasons = self.seasons

        artwork = []
        for artwork_item_data in self.artwork:
            artwork_item = artwork_item_data.to_dict()
            artwork.append(artwork_item)

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
                "type": type_,
                "title": title,
                "originalTitle": original_title,
                "description": description,
                "genres": genres,
                "rating": rating,
                "maturityLevel": maturity_level,
                "releaseYear": release_year,
                "language": language,
                "durationSeconds": duration_seconds,
                "markers": markers,
                "editions": editions,
                "seasons": seasons,
                "artwork": artwork,
                "leavesAt": leaves_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.artwork import Artwork
        from ..models.edition import Edition
        from ..models.markers import Markers
        from ..models.season import Season

        d = dict(src_dict)
        video_id = d.pop("videoId")

        type_ = check_title_type(d.pop("type"))

        title = d.pop("title")

        original_title = d.pop("originalTitle")

        description = d.pop("description")

        genres = cast(list[str], d.pop("genres"))

        def _parse_rating(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        rating = _parse_rating(d.pop("rating"))

        def _parse_maturity_level(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        maturity_level = _parse_maturity_level(d.pop("maturityLevel"))

        release_year = d.pop("releaseYear")

        language = d.pop("language")

        def _parse_duration_seconds(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        duration_seconds = _parse_duration_seconds(d.pop("durationSeconds"))

        def _parse_markers(data: object) -> Markers | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                markers_type_0 = Markers.from_dict(data)

                return markers_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Markers | None, data)

        markers = _parse_markers(d.pop("markers"))

        editions = []
        _editions = d.pop("editions")
        for editions_item_data in _editions:
            editions_item = Edition.from_dict(editions_item_data)

            editions.append(editions_item)

        def _parse_seasons(data: object) -> list[Season] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                seasons_type_0 = []
                _seasons_type_0 = data
                for seasons_type_0_item_data in _seasons_type_0:
                    seasons_type_0_item = Season.from_dict(seasons_type_0_item_data)

                    seasons_type_0.append(seasons_type_0_item)

                return seasons_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Season] | None, data)

        seasons = _parse_seasons(d.pop("seasons"))

        artwork = []
        _artwork = d.pop("artwork")
        for artwork_item_data in _artwork:
            artwork_item = Artwork.from_dict(artwork_item_data)

            artwork.append(artwork_item)

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

        title = cls(
            video_id=video_id,
            type_=type_,
            title=title,
            original_title=original_title,
            description=description,
            genres=genres,
            rating=rating,
            maturity_level=maturity_level,
            release_year=release_year,
            language=language,
            duration_seconds=duration_seconds,
            markers=markers,
            editions=editions,
            seasons=seasons,
            artwork=artwork,
            leaves_at=leaves_at,
        )

        title.additional_properties = d
        return title

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
