"""A MediaConvert job: the ladder of a local ingest, as data.

It repeats the table of `reprise.domain.qualities` and the names of `domain.packages`, which this
package may not import; a test holds one against the other.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

SEGMENT_SECONDS = 4
AUDIO_BITRATE = 96_000
THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT = 160, 90
MAX_THUMBNAILS = 10_000_000
"""As many as MediaConvert can be asked for: one a segment, to the end."""

MEDIA_PREFIX = "media/"
BASE_NAME = "stream"
"""What every file name begins with, whatever the source is called: `stream-720p_000000001.cmfv`."""

WRITTEN_BESIDE = ("basic.m3u8", "standard.m3u8", "premium.m3u8", "storyboard/storyboard.vtt")
"""What is not MediaConvert's to write: measured master playlists, one a plan, and what WebVTT says
of the pictures."""


class Rung(NamedTuple):
    """A quality: its box, its peak in bits per second, and the plans that may play it."""

    name: str
    width: int
    height: int
    bitrate: int
    plans: tuple[str, ...]


_PREMIUM = ("premium",)
_STANDARD = ("standard", *_PREMIUM)
_BASIC = ("basic", *_STANDARD)
RUNGS = (
    Rung("4k", 3840, 2160, 15_000_000, _PREMIUM),
    Rung("1080p", 1920, 1080, 5_800_000, _STANDARD),
    Rung("720p", 1280, 720, 3_000_000, _BASIC),
    Rung("480p", 854, 480, 1_050_000, _BASIC),
    Rung("360p", 640, 360, 560_000, _BASIC),
    Rung("288p", 512, 288, 365_000, _BASIC),
    Rung("240p", 426, 240, 235_000, _BASIC),
    Rung("144p", 256, 144, 145_000, _BASIC),
)


def settings(*, rungs: Sequence[Rung], source: str, folder: str) -> Mapping[str, Any]:
    """Return a job's settings. `source` and `folder` are S3 addresses, a folder ends in `/`."""
    return {
        "TimecodeConfig": {"Source": "ZEROBASED"},
        "Inputs": [
            {
                "FileInput": source,
                "TimecodeSource": "ZEROBASED",
                "VideoSelector": {"Rotate": "AUTO"},
                "AudioSelectors": {"Audio": {"DefaultSelection": "DEFAULT"}},
            }
        ],
        "OutputGroups": [_streams(rungs, folder), _thumbnails(folder)],
    }


def _streams(rungs: Sequence[Rung], folder: str) -> Mapping[str, Any]:
    return {
        "Name": "Streams",
        "OutputGroupSettings": {
            "Type": "CMAF_GROUP_SETTINGS",
            "CmafGroupSettings": {
                "Destination": _named(folder),
                "SegmentControl": "SEGMENTED_FILES",
                "SegmentLength": SEGMENT_SECONDS,
                "FragmentLength": SEGMENT_SECONDS,
                "SegmentLengthControl": "EXACT",
                "CodecSpecification": "RFC_6381",
                "StreamInfResolution": "INCLUDE",
                "ManifestDurationFormat": "FLOATING_POINT",
                "TargetDurationCompatibilityMode": "SPEC_COMPLIANT",
                "PtsOffsetHandlingForBFrames": "ZERO_BASED",
                "WriteHlsManifest": "ENABLED",
                "WriteDashManifest": "DISABLED",
            },
        },
        "Outputs": [*(_picture(rung) for rung in rungs), _sound()],
    }


def _picture(rung: Rung) -> Mapping[str, Any]:
    return {
        "NameModifier": f"-{rung.name}",
        "ContainerSettings": {
            "Container": "CMFC",
            "CmfcSettings": {"IFrameOnlyManifest": "INCLUDE"},
        },
        "VideoDescription": {
            "Width": rung.width,
            "Height": rung.height,
            "ScalingBehavior": "FIT_NO_UPSCALE",
            "CodecSettings": {
                "Codec": "H_264",
                "H264Settings": {
                    "RateControlMode": "QVBR",
                    "MaxBitrate": rung.bitrate,
                    "QualityTuningLevel": "MULTI_PASS_HQ",
                    "CodecProfile": "HIGH",
                    "CodecLevel": "AUTO",
                    "GopSize": SEGMENT_SECONDS,
                    "GopSizeUnits": "SECONDS",
                    "GopClosedCadence": 1,
                    "SceneChangeDetect": "DISABLED",
                    "FramerateControl": "INITIALIZE_FROM_SOURCE",
                    "ParControl": "SPECIFIED",
                    "ParNumerator": 1,
                    "ParDenominator": 1,
                },
            },
        },
    }


def _sound() -> Mapping[str, Any]:
    return {
        "NameModifier": "-audio",
        "ContainerSettings": {
            "Container": "CMFC",
            "CmfcSettings": {
                "AudioDuration": "MATCH_VIDEO_DURATION",
                "AudioGroupId": "audio",
                "AudioTrackType": "ALTERNATE_AUDIO_AUTO_SELECT_DEFAULT",
            },
        },
        "AudioDescriptions": [
            {
                "AudioSourceName": "Audio",
                "LanguageCodeControl": "FOLLOW_INPUT",
                "CodecSettings": {
                    "Codec": "AAC",
                    "AacSettings": {
                        "Bitrate": AUDIO_BITRATE,
                        "CodingMode": "CODING_MODE_2_0",
                        "SampleRate": 48_000,
                    },
                },
            }
        ],
    }


def _thumbnails(folder: str) -> Mapping[str, Any]:
    return {
        "Name": "Storyboard",
        "OutputGroupSettings": {
            "Type": "FILE_GROUP_SETTINGS",
            "FileGroupSettings": {"Destination": _named(folder, "storyboard/")},
        },
        "Outputs": [
            {
                "NameModifier": "-thumbnail",
                "ContainerSettings": {"Container": "RAW"},
                "VideoDescription": {
                    "Width": THUMBNAIL_WIDTH,
                    "Height": THUMBNAIL_HEIGHT,
                    "ScalingBehavior": "FIT",
                    "CodecSettings": {
                        "Codec": "FRAME_CAPTURE",
                        "FrameCaptureSettings": {
                            "FramerateNumerator": 1,
                            "FramerateDenominator": SEGMENT_SECONDS,
                            "MaxCaptures": MAX_THUMBNAILS,
                            "Quality": 70,
                        },
                    },
                },
            }
        ],
    }


def _named(folder: str, inner: str = "") -> str:
    """Return where files go and what their names begin with, of a folder or its expression."""
    name = f"{inner}{BASE_NAME}"
    if folder.endswith(" %}"):
        return folder.replace(" %}", f" & '{name}' %}}")
    return f"{folder}{name}"
