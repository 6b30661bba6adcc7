"""What happens to a source on AWS, step by step: a state machine as data."""

from collections.abc import Mapping
from typing import Any

from infra_cdk.encoding_job import RUNGS, Rung, settings

QUERY = "JSONata"
_THROTTLED = ["MediaConvert.TooManyRequestsException", "MediaConvert.InternalServerErrorException"]
_PASSING = [
    "UnavailableError",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    "Sandbox.Timedout",
]
"""What may be better in a minute. A package that is refused stays as it is: no second try."""

_REFUSE = [{"ErrorEquals": ["States.ALL"], "Next": "Refuse"}]

type State = Mapping[str, Any]


def machine(*, inbox: str, media: str, job_role: str, publisher: str) -> Mapping[str, Any]:
    """Return the state machine's definition.

    It is started with `{"titleId", "itemId", "version", "key"}`: the object `key` of the bucket
    `inbox` becomes `media/<titleId>/<itemId>/<version>/` in the bucket `media`, and the function
    `publisher` names it in the catalog. With `"setDuration": true` the catalog takes over a length
    that it did not expect. A version is never used twice: somebody may be playing it.
    """
    encodings = {_encode(rung): _encoding(rung, inbox, media, job_role) for rung in RUNGS}
    return {
        "QueryLanguage": QUERY,
        "StartAt": "Probe",
        "States": {
            "Probe": _probe(inbox),
            "Choose": _choice(),
            **encodings,
            "Publish": _publishing(publisher),
            "Refuse": {
                "Type": "Fail",
                "Error": "{% $states.input.Error %}",
                "Cause": "{% $states.input.Cause %}",
            },
            "NoPictures": {
                "Type": "Fail",
                "Error": "NoPictures",
                "Cause": "the source has no video track",
            },
        },
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
            "seconds": "{% $max([$states.result.ProbeResults[0].Container.Duration, 0]) %}",
        },
        "Catch": _REFUSE,
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
    return {"Type": "Choice", "Choices": [*fitting, smallest], "Default": "NoPictures"}


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
        "Assign": {"best": best.name},
        "Catch": _REFUSE,
        "Next": "Publish",
    }


def _publishing(publisher: str) -> State:
    """What it is asked to publish says `reprise.edge.encodings`."""
    asked = {name: f"{{% $order.{name} %}}" for name in ("titleId", "itemId", "version")}
    asked |= {
        "best": "{% $best %}",
        "sourceDuration": "{% $seconds %}",
        "setDuration": "{% $order.setDuration = true %}",
    }
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": publisher, "Payload": asked},
        "Output": "{% $states.result.Payload %}",
        "Retry": [
            {
                "ErrorEquals": _PASSING,
                "IntervalSeconds": 5,
                "BackoffRate": 3,
                "MaxAttempts": 5,
                "JitterStrategy": "FULL",
            }
        ],
        "Catch": _REFUSE,
        "End": True,
    }


def _encode(rung: Rung) -> str:
    return f"Encode{rung.name}"


def _address(bucket: str, key: str) -> str:
    return f"{{% 's3://{bucket}/' & {key} %}}"
