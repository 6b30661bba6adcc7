from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.continue_watching_item_type import (
    ContinueWatchingItemType,
    check_continue_watching_item_type,
)

if TYPE_CHECKING:
    from ..models.device import Device


T = TypeVar("T", bound="ContinueWatchingItem")


@_attrs_define
class ContinueWatchingItem:
    """One title of the continue-watching row; the episode's fields are null for a film. `nextUp` marks the next episode to
    start. `leavesAt` is null unless the title leaves the viewer's region within 30 days.

        Attributes:
            video_id (str):
            episode_id (None | str):
            type_ (ContinueWatchingItemType):
            title (str):
            series_title (None | str):
            season (int | None):
            episode (int | None):
            resume_position (float):
            duration (float):
            progress_percent (float):
            next_up (bool):
            last_watched_at (datetime.datetime):
            device (Device): The device of a place, as its session named it.
            artwork_url (str):
            leaves_at (datetime.datetime | None):
    """

    video_id: str
    episode_id: None | str
    type_: ContinueWatchingItemType
    title: str
    series_title: None | str
    season: int | None
    episode: int | None
    resume_position: float
    duration: float
    progress_percent: float
    next_up: bool
    last_watched_at: datetime.datetime
    device: Device
    artwork_url: str
    leaves_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        video_id = self.video_id

        episode_id: None | str
        episode_id = self.episode_id

        type_: str = self.type_

        title = self.title

        series_title: None | str
        series_title = self.series_title

        season: int | None
        season = self.season

        episode: int | None
        episode = self.episode

        resume_position = self.resume_position

        duration = self.duration

        progress_percent = self.progress_percent

        next_up = self.next_up

        last_watched_at = self.last_watched_at.isoformat()

        device = self.device.to_dict()

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
                "episodeId": episode_id,
                "type": type_,
                "title": title,
                "seriesTitle": series_title,
                "season": season,
                "episode": episode,
                "resumePosition": resume_position,
                "duration": duration,
                "progressPercent": progress_percent,
                "nextUp": next_up,
                "lastWatchedAt": last_watched_at,
                "device": device,
                "artworkUrl": artwork_url,
                "leavesAt": leaves_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.device import Device

        d = dict(src_dict)
        video_id = d.pop("videoId")

        def _parse_episode_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        episode_id = _parse_episode_id(d.pop("episodeId"))

        type_ = check_continue_watching_item_type(d.pop("type"))

        title = d.pop("title")

        def _parse_series_title(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        series_title = _parse_series_title(d.pop("seriesTitle"))

        def _parse_season(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        season = _parse_season(d.pop("season"))

        def _parse_episode(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        episode = _parse_episode(d.pop("episode"))

        resume_position = d.pop("resumePosition")

        duration = d.pop("duration")

        progress_percent = d.pop("progressPercent")

        next_up = d.pop("nextUp")

        last_watched_at = datetime.datetime.fromisoformat(d.pop("lastWatchedAt"))

        device = Device.from_dict(d.pop("device"))

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

        continue_watching_item = cls(
            video_id=video_id,
            episode_id=episode_id,
            type_=type_,
            title=title,
            series_title=series_title,
            season=season,
            episode=episode,
            resume_position=resume_position,
            duration=duration,
            progress_percent=progress_percent,
            next_up=next_up,
            last_watched_at=last_watched_at,
            device=device,
            artwork_url=artwork_url,
            leaves_at=leaves_at,
        )

        continue_watching_item.additional_properties = d
        return continue_watching_item

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
