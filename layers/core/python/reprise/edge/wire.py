"""What the fields of bodies are made of, described once for the API's description.

These change nothing in what is read or written: they say formats and show examples.
"""

from typing import Annotated

from pydantic import Field, WithJsonSchema

ID_PATTERN = "^[A-Za-z0-9_-]{1,64}$"
EXAMPLE_ID = "6f1d3c52-8f0a-4a7e-9f43-2b61d5a0c7e1"

InstantText = Annotated[
    str,
    WithJsonSchema(
        {"type": "string", "format": "date-time", "examples": ["2026-11-21T20:15:00.123456Z"]}
    ),
]
MediaSeconds = Annotated[float, Field(examples=[1234.5])]
IdText = Annotated[str, Field(examples=[EXAMPLE_ID])]


def one_of(*values: str) -> WithJsonSchema:
    """Say that a text is one of these."""
    return WithJsonSchema({"type": "string", "enum": list(values)})


State = Annotated[str, one_of("playing", "paused", "stopped")]
DeviceKind = Annotated[str, one_of("tv", "phone", "tablet", "laptop", "web")]
PlanName = Annotated[str, one_of("basic", "standard", "premium")]
