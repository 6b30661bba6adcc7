from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.playback_quality_network import PlaybackQualityNetwork, check_playback_quality_network
from ..types import UNSET, Unset

T = TypeVar("T", bound="PlaybackQuality")


@_attrs_define
class PlaybackQuality:
    """The body of `POST /analytics/playback`: what happened since the player told last. `startupMs` is from the wish to
    play to the first picture, told once; `bitrateKbps` the average of what was shown. `errors` are the player's own
    codes.

        Attributes:
            playback_id (str):
            video_id (str):
            event_time (datetime.datetime):
            startup_ms (int | None | Unset):
            rebuffer_count (int | Unset):  Default: 0.
            rebuffer_ms (int | Unset):  Default: 0.
            bitrate_kbps (int | None | Unset):
            dropped_frames (int | Unset):  Default: 0.
            errors (list[str] | Unset):
            network (PlaybackQualityNetwork | Unset):  Default: 'unknown'.
    """

    playback_id: str
    video_id: str
    event_time: datetime.datetime
    startup_ms: int | None | Unset = UNSET
    rebuffer_count: int | Unset = 0
    rebuffer_ms: int | Unset = 0
    bitrate_kbps: int | None | Unset = UNSET
    dropped_frames: int | Unset = 0
    errors: list[str] | Unset = UNSET
    network: PlaybackQualityNetwork | Unset = "unknown"

    def to_dict(self) -> dict[str, Any]:
        playback_id = self.playback_id

        video_id = self.video_id

        event_time = self.event_time.isoformat()

        startup_ms: int | None | Unset
        if isinstance(self.startup_ms, Unset):
            startup_ms = UNSET
        else:
            startup_ms = self.startup_ms

        rebuffer_count = self.rebuffer_count

        rebuffer_ms = self.rebuffer_ms

        bitrate_kbps: int | None | Unset
        if isinstance(self.bitrate_kbps, Unset):
            bitrate_kbps = UNSET
        else:
            bitrate_kbps = self.bitrate_kbps

        dropped_frames = self.dropped_frames

        errors: list[str] | Unset = UNSET
        if not isinstance(self.errors, Unset):
            errors = self.errors

        network: str | Unset = UNSET
        if not isinstance(self.network, Unset):
            network = self.network

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "playbackId": playback_id,
                "videoId": video_id,
                "eventTime": event_time,
            }
        )
        if startup_ms is not UNSET:
            field_dict["startupMs"] = startup_ms
        if rebuffer_count is not UNSET:
            field_dict["rebufferCount"] = rebuffer_count
        if rebuffer_ms is not UNSET:
            field_dict["rebufferMs"] = rebuffer_ms
        if bitrate_kbps is not UNSET:
            field_dict["bitrateKbps"] = bitrate_kbps
        if dropped_frames is not UNSET:
            field_dict["droppedFrames"] = dropped_frames
        if errors is not UNSET:
            field_dict["errors"] = errors
        if network is not UNSET:
            field_dict["network"] = network

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        playback_id = d.pop("playbackId")

        video_id = d.pop("videoId")

        event_time = datetime.datetime.fromisoformat(d.pop("eventTime"))

        def _parse_startup_ms(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        startup_ms = _parse_startup_ms(d.pop("startupMs", UNSET))

        rebuffer_count = d.pop("rebufferCount", UNSET)

        rebuffer_ms = d.pop("rebufferMs", UNSET)

        def _parse_bitrate_kbps(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        bitrate_kbps = _parse_bitrate_kbps(d.pop("bitrateKbps", UNSET))

        dropped_frames = d.pop("droppedFrames", UNSET)

        errors = cast(list[str], d.pop("errors", UNSET))

        _network = d.pop("network", UNSET)
        network: PlaybackQualityNetwork | Unset
        if isinstance(_network, Unset):
            network = UNSET
        else:
            network = check_playback_quality_network(_network)

        playback_quality = cls(
            playback_id=playback_id,
            video_id=video_id,
            event_time=event_time,
            startup_ms=startup_ms,
            rebuffer_count=rebuffer_count,
            rebuffer_ms=rebuffer_ms,
            bitrate_kbps=bitrate_kbps,
            dropped_frames=dropped_frames,
            errors=errors,
            network=network,
        )

        return playback_quality
