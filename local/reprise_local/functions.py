"""Calls deployed functions directly: what timers call, the redrive of quarantined items."""

import json
from collections.abc import Mapping
from typing import Any

from reprise_local import deploy
from reprise_local.aws import LocalAws
from reprise_local.errors import LocalError
from reprise_local.stack import Stack

PLANNER = "PlanFlushFunction"
COLLECTOR = "CollectRevocationsFunction"
REDRIVE = "RedriveQuarantinedFunction"


def call(stack: Stack, output: str, event: Mapping[str, Any]) -> Any:
    """Invoke the function that an output of the deployment names, and return its answer.

    Raises:
        LocalError: it failed; says how.
    """
    name = deploy.outputs(stack)[output]
    client = LocalAws(stack.localstack.endpoint).functions()
    answer = client.invoke(FunctionName=name, Payload=json.dumps(event).encode())
    text = answer["Payload"].read()
    if "FunctionError" in answer:
        raise LocalError(f"{name} failed: {text[:300].decode()}", mend="make logs")
    return json.loads(text) if text else None


def tick(stack: Stack) -> Any:
    """Fire the flush planner and the collector of revocations as their schedules would."""
    event = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}
    return {**call(stack, PLANNER, event), **call(stack, COLLECTOR, event)}


def redrive(stack: Stack) -> Any:
    """Bring what stands in quarantine back into the flush."""
    return call(stack, REDRIVE, {})
