"""What goes into an execution environment and what comes out of it."""

import base64
import binascii
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """One invocation as the Runtime API hands it to a function."""

    request_id: str
    payload: bytes
    function_arn: str
    trace_id: str = ""
    client_context: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """`logs` is everything the call wrote, platform lines included."""

    payload: bytes
    failed: bool
    logs: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """The facts of a function version that shape its environment; seconds and megabytes."""

    handler: str
    version: str
    timeout: int
    memory_mb: int


def readable_client_context(encoded: str) -> str:
    """Decode what a caller sent as base64 into the one ASCII line the Runtime API hands on.

    Empty when there is none or it is not JSON: AWS refuses such a call before any function.
    """
    try:
        return json.dumps(json.loads(base64.b64decode(encoded, validate=True))) if encoded else ""
    except (binascii.Error, ValueError):
        return ""
