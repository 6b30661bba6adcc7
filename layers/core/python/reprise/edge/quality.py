"""How well a playback went, as players tell it in the spirit of CMCD (CTA-5004): no store.

Metrics are by network, by title, and by both. The title is the one that the playback was begun
with, joined by `playbackId`, so that nobody can make metrics up; playbacks themselves are fields of
the same line, to be searched.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from reprise.application.report_quality import Heard
from reprise.edge import observability
from reprise.edge.powertools import MetricUnit
from reprise.edge.requests import Id, Instant

ERRORS = 16
_HOUR_MS, _DAY_MS = 3_600_000, 86_400_000

ErrorCode = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]


class PlaybackQualityBody(BaseModel):
    """The body of `POST /analytics/playback`: what happened since the player told last.

    `startupMs` is from the wish to play to the first picture, told once; `bitrateKbps` the average
    of what was shown. `errors` are the player's own codes.
    """

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    playback_id: Id
    video_id: Id
    startup_ms: Annotated[int, Field(strict=True, ge=0, le=_HOUR_MS)] | None = None
    rebuffer_count: Annotated[int, Field(strict=True, ge=0, le=10_000)] = 0
    rebuffer_ms: Annotated[int, Field(strict=True, ge=0, le=_DAY_MS)] = 0
    bitrate_kbps: Annotated[int, Field(strict=True, ge=0, le=1_000_000)] | None = None
    dropped_frames: Annotated[int, Field(strict=True, ge=0, le=10_000_000)] = 0
    errors: Annotated[list[ErrorCode], Field(max_length=ERRORS)] = []
    network: Literal["wifi", "cellular", "ethernet", "unknown"] = "unknown"
    event_time: Instant


def measure(told: PlaybackQualityBody, heard: Heard, *, by_title: bool) -> None:
    """Measure it on the request's own line: by network and, where `by_title`, by title too."""
    observability.split_by(network=told.network)
    if by_title and heard.playback is not None:
        observability.split_by(titleId=heard.playback.video_id)
        observability.split_by(titleId=heard.playback.video_id, network=told.network)
    observability.count("Rebuffers", told.rebuffer_count)
    observability.gauge("RebufferTime", told.rebuffer_ms, MetricUnit.Milliseconds)
    observability.count("DroppedFrames", told.dropped_frames)
    observability.count("PlaybackErrors", len(told.errors))
    if told.startup_ms is not None:
        observability.gauge("StartupTime", told.startup_ms, MetricUnit.Milliseconds)
    if told.bitrate_kbps is not None:
        observability.gauge("Bitrate", told.bitrate_kbps, MetricUnit.KilobitsPerSecond)


def facts_of(told: PlaybackQualityBody, heard: Heard) -> dict[str, Any]:
    """Return what the line says beside its metrics. `eventTime` is µs by the player's clock."""
    return {
        "sessionProved": heard.proved,
        "joined": heard.playback is not None,
        "playbackId": told.playback_id,
        "videoId": told.video_id,
        "eventTime": told.event_time,
        "errors": told.errors,
    }
