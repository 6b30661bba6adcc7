from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.grant import Grant
    from ..models.manifest_experiments import ManifestExperiments
    from ..models.next_ import Next
    from ..models.play_markers import PlayMarkers
    from ..models.quality import Quality
    from ..models.subtitles import Subtitles


T = TypeVar("T", bound="Manifest")


@_attrs_define
class Manifest:
    """Everything that a player needs to play one item; `episodeId` is null for a film. `resumeKnown` is false where the
    place could not be looked up now, or only an older copy of it: a player that knows better keeps its own.
    `storyboardUrl` is null where there is none, `next` after the last episode and for films.

        Attributes:
            video_id (str):
            episode_id (None | str):
            playback_id (str):
            title (str):
            duration (float):
            resume_position (float):
            resume_known (bool):
            markers (PlayMarkers): Media seconds, null where nobody marked them.
            segment_duration (int):
            manifest_url (str):
            qualities (list[Quality]):
            storyboard_url (None | str):
            subtitles (list[Subtitles]):
            grant (Grant): Leave to fetch every file of the title until `expiresAt`, as a query or as cookies. Fetch the
                next one at `refreshAt`; one that fails then may be repeated until this one expires.
            next_ (Next | None):
            experiments (ManifestExperiments):
            generated_at (datetime.datetime):
    """

    video_id: str
    episode_id: None | str
    playback_id: str
    title: str
    duration: float
    resume_position: float
    resume_known: bool
    markers: PlayMarkers
    segment_duration: int
    manifest_url: str
    qualities: list[Quality]
    storyboard_url: None | str
    subtitles: list[Subtitles]
    grant: Grant
    next_: Next | None
    experiments: ManifestExperiments
    generated_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.next_ import Next

        video_id = self.video_id

        episode_id: None | str
        episode_id = self.episode_id

        playback_id = self.playback_id

        title = self.title

        duration = self.duration

        resume_position = self.resume_position

        resume_known = self.resume_known

        markers = self.markers.to_dict()

        segment_duration = self.segment_duration

        manifest_url = self.manifest_url

        qualities = []
        for qualities_item_data in self.qualities:
            qualities_item = qualities_item_data.to_dict()
            qualities.append(qualities_item)

        storyboard_url: None | str
        storyboard_url = self.storyboard_url

        subtitles = []
        for subtitles_item_data in self.subtitles:
            subtitles_item = subtitles_item_data.to_dict()
            subtitles.append(subtitles_item)

        grant = self.grant.to_dict()

        next_: dict[str, Any] | None
        if isinstance(self.next_, Next):
            next_ = self.next_.to_dict()
        else:
            next_ = self.next_

        experiments = self.experiments.to_dict()

        generated_at = self.generated_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "videoId": video_id,
                "episodeId": episode_id,
                "playbackId": playback_id,
                "title": title,
                "duration": duration,
                "resumePosition": resume_position,
                "resumeKnown": resume_known,
                "markers": markers,
                "segmentDuration": segment_duration,
                "manifestUrl": manifest_url,
                "qualities": qualities,
                "storyboardUrl": storyboard_url,
                "subtitles": subtitles,
                "grant": grant,
                "next": next_,
                "experiments": experiments,
                "generatedAt": generated_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.grant import Grant
        from ..models.manifest_experiments import ManifestExperiments
        from ..models.next_ import Next
        from ..models.play_markers import PlayMarkers
        from ..models.quality import Quality
        from ..models.subtitles import Subtitles

        d = dict(src_dict)
        video_id = d.pop("videoId")

        def _parse_episode_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        episode_id = _parse_episode_id(d.pop("episodeId"))

        playback_id = d.pop("playbackId")

        title = d.pop("title")

        duration = d.pop("duration")

        resume_position = d.pop("resumePosition")

        resume_known = d.pop("resumeKnown")

        markers = PlayMarkers.from_dict(d.pop("markers"))

        segment_duration = d.pop("segmentDuration")

        manifest_url = d.pop("manifestUrl")

        qualities = []
        _qualities = d.pop("qualities")
        for qualities_item_data in _qualities:
            qualities_item = Quality.from_dict(qualities_item_data)

            qualities.append(qualities_item)

        def _parse_storyboard_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        storyboard_url = _parse_storyboard_url(d.pop("storyboardUrl"))

        subtitles = []
        _subtitles = d.pop("subtitles")
        for subtitles_item_data in _subtitles:
            subtitles_item = Subtitles.from_dict(subtitles_item_data)

            subtitles.append(subtitles_item)

        grant = Grant.from_dict(d.pop("grant"))

        def _parse_next_(data: object) -> Next | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                next_type_0 = Next.from_dict(data)

                return next_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Next | None, data)

        next_ = _parse_next_(d.pop("next"))

        experiments = ManifestExperiments.from_dict(d.pop("experiments"))

        generated_at = datetime.datetime.fromisoformat(d.pop("generatedAt"))

        manifest = cls(
            video_id=video_id,
            episode_id=episode_id,
            playback_id=playback_id,
            title=title,
            duration=duration,
            resume_position=resume_position,
            resume_known=resume_known,
            markers=markers,
            segment_duration=segment_duration,
            manifest_url=manifest_url,
            qualities=qualities,
            storyboard_url=storyboard_url,
            subtitles=subtitles,
            grant=grant,
            next_=next_,
            experiments=experiments,
            generated_at=generated_at,
        )

        manifest.additional_properties = d
        return manifest

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
