from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.report_act_kind import ReportActKind, check_report_act_kind
from ..models.report_state import ReportState, check_report_state
from ..types import UNSET, Unset

T = TypeVar("T", bound="Report")


@_attrs_define
class Report:
    """The body of `POST /stream/progress`, and one report of a batch.

    Attributes:
        video_id (str):
        playback_id (str):
        seq (int):
        act (int):
        act_kind (ReportActKind):
        played_since_act (float):
        position (float):
        state (ReportState):
        event_time (datetime.datetime):
        episode_id (str | Unset):
        intervals (list[list[float]] | Unset):
    """

    video_id: str
    playback_id: str
    seq: int
    act: int
    act_kind: ReportActKind
    played_since_act: float
    position: float
    state: ReportState
    event_time: datetime.datetime
    episode_id: str | Unset = UNSET
    intervals: list[list[float]] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        video_id = self.video_id

        playback_id = self.playback_id

        seq = self.seq

        act = self.act

        act_kind: str = self.act_kind

        played_since_act = self.played_since_act

        position = self.position

        state: str = self.state

        event_time = self.event_time.isoformat()

        episode_id = self.episode_id

        intervals: list[list[float]] | Unset = UNSET
        if not isinstance(self.intervals, Unset):
            intervals = []
            for intervals_item_data in self.intervals:
                intervals_item = []
                for intervals_item_item_data in intervals_item_data:
                    intervals_item_item: float
                    intervals_item_item = intervals_item_item_data
                    intervals_item.append(intervals_item_item)

                intervals.append(intervals_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "videoId": video_id,
                "playbackId": playback_id,
                "seq": seq,
                "act": act,
                "actKind": act_kind,
                "playedSinceAct": played_since_act,
                "position": position,
                "state": state,
                "eventTime": event_time,
            }
        )
        if episode_id is not UNSET:
            field_dict["episodeId"] = episode_id
        if intervals is not UNSET:
            field_dict["intervals"] = intervals

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        video_id = d.pop("videoId")

        playback_id = d.pop("playbackId")

        seq = d.pop("seq")

        act = d.pop("act")

        act_kind = check_report_act_kind(d.pop("actKind"))

        played_since_act = d.pop("playedSinceAct")

        position = d.pop("position")

        state = check_report_state(d.pop("state"))

        event_time = datetime.datetime.fromisoformat(d.pop("eventTime"))

        episode_id = d.pop("episodeId", UNSET)

        _intervals = d.pop("intervals", UNSET)
        intervals: list[list[float]] | Unset = UNSET
        if _intervals is not UNSET:
            intervals = []
            for intervals_item_data in _intervals:
                intervals_item = []
                _intervals_item = intervals_item_data
                for intervals_item_item_data in _intervals_item:

                    def _parse_intervals_item_item(data: object) -> float:
                        return cast(float, data)

                    intervals_item_item = _parse_intervals_item_item(intervals_item_item_data)

                    intervals_item.append(intervals_item_item)

                intervals.append(intervals_item)

        report = cls(
            video_id=video_id,
            playback_id=playback_id,
            seq=seq,
            act=act,
            act_kind=act_kind,
            played_since_act=played_since_act,
            position=position,
            state=state,
            event_time=event_time,
            episode_id=episode_id,
            intervals=intervals,
        )

        return report
