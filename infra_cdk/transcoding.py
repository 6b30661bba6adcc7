"""What MediaConvert is asked for, and in which order: the ladder of a local ingest, on AWS.

All of it is data. The ladder repeats `reprise.domain.qualities`, which this package may not import;
a test holds one against the other.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

SEGMENT_SECONDS = 4
AUDIO_BITRATE = 96_000
THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT = 160, 90
MAX_THUMBNAILS = 10_000_000
"""As many as MediaConvert can be asked for: one a segment, to the end."""

QUERY = "JSONata"
_THROTTLED = ["MediaConvert.TooManyRequestsException", "MediaConvert.InternalServerErrorException"]

type State = Mapping[str, Any]


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


def machine(*, inbox: str, media: str, job_role: str, bus: str) -> Mapping[str, Any]:
    """Return the state machine's definition.

    It is started with `{"titleId", "itemId", "version", "key"}`: the object `key` of the bucket
    `inbox` becomes `media/<titleId>/<itemId>/<version>/` in the bucket `media`, and an event tells.
    """
    encodings = {_encode(rung): _encoding(rung, inbox, media, job_role) for rung in RUNGS}
    return {
        "QueryLanguage": QUERY,
        "StartAt": "Probe",
        "States": {
            "Probe": _probe(inbox),
            "Choose": _choice(),
            **encodings,
            "Tell": _telling(bus),
            "Refuse": {"Type": "Fail", "Error": "NotEncoded", "Cause": "see the failed state"},
        },
    }


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


def _probe(inbox: str) -> State:
    tracks = "$states.result.ProbeResults[0].Container.Tracks.VideoProperties"
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:mediaconvert:probe",
        "Arguments": {"InputFiles": [{"FileUrl": _address(inbox, "$states.input.key")}]},
        "Assign": {
            "order": "{% $states.input %}",
            "width": f"{{% $max([{tracks}.Width, 0]) %}}",
            "height": f"{{% $max([{tracks}.Height, 0]) %}}",
        },
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Refuse"}],
        "Next": "Choose",
    }


def _choice() -> State:
    """The best quality whose box would not enlarge the source; without pictures, none."""
    fitting = [
        {
            "Condition": f"{{% $width >= {rung.width} or $height >= {rung.height} %}}",
            "Next": _encode(rung),
        }
        for rung in RUNGS
    ]
    smallest = {"Condition": "{% $width > 0 %}", "Next": _encode(RUNGS[-1])}
    return {"Type": "Choice", "Choices": [*fitting, smallest], "Default": "Refuse"}


def _encoding(best: Rung, inbox: str, media: str, job_role: str) -> State:
    folder = "'media/' & $order.titleId & '/' & $order.itemId & '/' & $order.version & '/'"
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::mediaconvert:createJob.sync",
        "Arguments": {
            "Role": job_role,
            "Settings": settings(
                rungs=RUNGS[RUNGS.index(best) :],
                source=_address(inbox, "$order.key"),
                folder=_address(media, folder),
            ),
        },
        "Retry": [
            {
                "ErrorEquals": _THROTTLED,
                "IntervalSeconds": 10,
                "BackoffRate": 2,
                "MaxAttempts": 5,
                "JitterStrategy": "FULL",
            }
        ],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Refuse"}],
        "Next": "Tell",
    }


def _telling(bus: str) -> State:
    detail = {name: f"{{% $order.{name} %}}" for name in ("titleId", "itemId", "version")}
    entry = {
        "EventBusName": bus,
        "Source": "reprise.media",
        "DetailType": "MediaEncoded",
        "Detail": detail,
    }
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::events:putEvents",
        "Arguments": {"Entries": [entry]},
        "End": True,
    }


def _streams(rungs: Sequence[Rung], folder: str) -> Mapping[str, Any]:
    plans = [plan for plan in _BASIC if any(plan in rung.plans for rung in rungs)]
    return {
        "Name": "Streams",
        "OutputGroupSettings": {
            "Type": "CMAF_GROUP_SETTINGS",
            "CmafGroupSettings": {
                "Destination": folder,
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
                "AdditionalManifests": [
                    {
                        "ManifestNameModifier": f"-{plan}",
                        "SelectedOutputs": [
                            *(f"-{rung.name}" for rung in rungs if plan in rung.plans),
                            "-audio",
                        ],
                    }
                    for plan in plans
                ],
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
    destination = folder.replace(" %}", " & 'storyboard/' %}")
    return {
        "Name": "Storyboard",
        "OutputGroupSettings": {
            "Type": "FILE_GROUP_SETTINGS",
            "FileGroupSettings": {"Destination": destination},
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


def _encode(rung: Rung) -> str:
    return f"Encode{rung.name}"


def _address(bucket: str, key: str) -> str:
    return f"{{% 's3://{bucket}/' & {key} %}}"
