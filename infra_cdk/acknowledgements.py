"""What the rule packs of cdk-nag would have otherwise, and why it is as it is.

The template tests run the packs over every stage on AWS: a finding without an entry here fails
them, and so does an entry without a finding. A path is a construct's within its stack, and "" is
all of the stack.
"""

from collections.abc import Mapping

import aws_cdk as cdk
from constructs import IConstruct

from infra_cdk.encoding_job import MEDIA_PREFIX, WRITTEN_BESIDE

type Acknowledged = Mapping[str, Mapping[str, str]]

_WILDCARD = "AwsSolutions::AwsSolutions-IAM5"
_NEEDED_WILDCARD = (
    "each wildcard and its reason stands in infra_cdk/permissions.py, and a test holds every role "
    "to that table"
)
_PROVED_BY_FUNCTIONS = (
    "functions prove tokens themselves, so that a revoked session is refused at its next request, "
    "whatever a gateway's authorizer has cached (docs/decisions/0004)"
)
_DEPENDENCIES = "Python 3.13 is what the pinned drivers have wheels for and are tested on"
_QUEUE_SOURCE = (
    "a source that is a queue takes no such destination: the queue has a dead letter queue"
)
_LAST_RESORT = "it is a dead letter queue: what lies in it waits for a person"

SERVICE: Acknowledged = {
    "": {
        f"{_WILDCARD}[Resource::*]": _NEEDED_WILDCARD,
        f"{_WILDCARD}[Resource::arn:<AWS::Partition>:cassandra:<AWS::Region>:<AWS::AccountId>"
        ":/keyspace/system*]": _NEEDED_WILDCARD,
        "AwsSolutions::AwsSolutions-L1": _DEPENDENCIES,
        "Serverless::Serverless-LambdaLatestVersion": _DEPENDENCIES,
        "Serverless::Serverless-LambdaDLQ": "no function is called asynchronously but by timers, "
        "whose next call does what a lost one would have done",
    },
    "RestApi/Api": {
        "AwsSolutions::AwsSolutions-APIG2": "functions validate, and name every wrong field at "
        "once, where the gateway would name the first",
        "AwsSolutions::AwsSolutions-APIG4": _PROVED_BY_FUNCTIONS,
        "AwsSolutions::AwsSolutions-COG4": _PROVED_BY_FUNCTIONS,
        "AwsSolutions::AwsSolutions-APIG6": "execution logs hold paths and headers as sent; "
        "functions and the access log write a line a request without them",
        "AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/"
        "service-role/AmazonAPIGatewayPushToCloudWatchLogs]": "the gateway checks that its role "
        "of the account carries exactly this policy",
    },
    "FlushSchedule": {
        "Serverless::Serverless-EventBusDLQ": "a missed call is made up for by the next one",
    },
    "SweepSchedule": {
        "Serverless::Serverless-EventBusDLQ": "a missed call is made up for by the next one",
    },
    "RevocationSchedule": {
        "Serverless::Serverless-EventBusDLQ": "a missed call is made up for by the next one",
    },
    "FlushPlaces": {
        "Serverless::Serverless-LambdaEventSourceMappingDestination": _QUEUE_SOURCE,
    },
    "NoteCompletions": {
        "Serverless::Serverless-LambdaEventSourceMappingDestination": _QUEUE_SOURCE,
    },
    "PublishRevocations": {
        "Serverless::Serverless-LambdaEventSourceMappingDestination": _QUEUE_SOURCE,
    },
    "Queues/DeadLetters": {"Serverless::Serverless-SQSRedrivePolicy": _LAST_RESORT},
    "Queues/CompletionDeadLetters": {"Serverless::Serverless-SQSRedrivePolicy": _LAST_RESORT},
    "Queues/RevocationDeadLetters": {"Serverless::Serverless-SQSRedrivePolicy": _LAST_RESORT},
    "Queues/Quarantine": {
        "AwsSolutions::AwsSolutions-SQS3": _LAST_RESORT,
        "Serverless::Serverless-SQSRedrivePolicy": _LAST_RESORT,
    },
    "Queues/Events": {
        "AwsSolutions::AwsSolutions-SQS3": "nobody consumes it here: whoever does brings a queue "
        "of their own",
        "Serverless::Serverless-SQSRedrivePolicy": "nobody consumes it here: whoever does brings "
        "a queue of their own",
    },
}

_BY_HAND = (
    "rotated by an operator (docs/operations.md): to rotate in the dark needs a function that may "
    "write every secret"
)

DATA: Acknowledged = {
    "": {"AwsSolutions::AwsSolutions-SMG4": _BY_HAND},
    "Accounts/Cluster": {
        "AwsSolutions::AwsSolutions-RDS6": "functions reach it through RDS Proxy, with the one "
        "secret that they may read",
    },
}

DELIVERY: Acknowledged = {
    "Edge/Distribution": {
        "AwsSolutions::AwsSolutions-CFR1": "each title has regions of its own, and nobody is given "
        "a grant where it may not be watched (docs/decisions/0012)",
        "AwsSolutions::AwsSolutions-CFR2": "files need a grant, and the API has a firewall of its "
        "own behind it",
    },
}

_ENCODED = "a folder a version, which nobody knows beforehand; names within it are named"


def media(stage: str) -> Acknowledged:
    """Return the table of the stack that encodes: a bucket of another stack has a stage's name."""
    bucket = f"reprise-{stage}-delivery:ExportsOutputFnGetAttFilesMedia8AFB6286Arn11DD4837"
    sources = {
        f"{_WILDCARD}[Resource::<InboxA8E05DC3.Arn>/*]": "sources are called what people call them"
    }
    return {
        "Inbox": {
            "AwsSolutions::AwsSolutions-S1": "operators alone reach it, for a month a source; the "
            "bucket of logs belongs to the edge's stack, which would have to know this one",
        },
        "JobRole": {**sources, f"{_WILDCARD}[Resource::{bucket}/media/*]": _ENCODED},
        "Encode": {
            **sources,
            f"{_WILDCARD}[Resource::*]": "probing and tracing take no resource, and the service "
            "delivers logs where it finds out itself",
            f"{_WILDCARD}[Resource::arn:<AWS::Partition>:mediaconvert:<AWS::Region>"
            ":<AWS::AccountId>:jobs/*]": "a job has no name before it is made",
        },
        "Publisher": {
            f"{_WILDCARD}[Resource::*]": _NEEDED_WILDCARD,
            **{
                f"{_WILDCARD}[Resource::{bucket}/{MEDIA_PREFIX}*{name}]": _ENCODED
                for name in (".m3u8", *(f"/{each}" for each in WRITTEN_BESIDE))
            },
            "AwsSolutions::AwsSolutions-L1": _DEPENDENCIES,
            "Serverless::Serverless-LambdaLatestVersion": _DEPENDENCIES,
            "Serverless::Serverless-LambdaDLQ": "the state machine waits for its answer",
        },
    }


DATA_THROWN_AWAY: Acknowledged = {
    "Accounts/Cluster": {
        "AwsSolutions::AwsSolutions-RDS10": "a stage that is not kept has to go at a command",
    },
}
"""Besides `DATA`, where a stage's data is not retained."""


def acknowledge(stack: cdk.Stack, *tables: Acknowledged) -> None:
    """Write the entries of these tables to the constructs that they are about."""
    for table in tables:
        for path, rules in table.items():
            validations = cdk.Validations.of(_construct(stack, path))
            for rule, reason in rules.items():
                validations.acknowledge(cdk.Acknowledgment(id=rule, reason=reason))


def _construct(stack: cdk.Stack, path: str) -> IConstruct:
    found: IConstruct = stack
    for name in filter(None, path.split("/")):
        found = found.node.find_child(name)
    return found
