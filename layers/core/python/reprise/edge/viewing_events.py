"""`playback.viewing.v1` as a consumer reads it from a queue: only what it needs, strictly.

An event may gain fields; a change of meaning is another type, which is not read here.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from reprise.domain.preferences import Completions
from reprise.edge.consumers import BadMessageError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ViewingEventBody(BaseModel):
    """The body of a message in the completion queue."""

    model_config = ConfigDict(extra="ignore", alias_generator=to_camel)

    type: Literal["playback.viewing.v1"]
    profile_id: UUID
    video_id: UUID
    item_id: UUID
    duration: Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
    completed_viewings: list[AwareDatetime]


def read_completions(body: str) -> Completions:
    """Return what of an event is a completion, each viewing once.

    Raises:
        BadMessageError: it is no such event.
    """
    try:
        event = ViewingEventBody.model_validate_json(body)
    except ValidationError as error:
        raise BadMessageError("not a viewing event") from error
    return Completions(
        profile_id=str(event.profile_id),
        video_id=str(event.video_id),
        item_id=str(event.item_id),
        duration=event.duration,
        viewings=tuple(dict.fromkeys(map(_microseconds, event.completed_viewings))),
    )


def facts_of(completions: Completions, *, noted: int) -> dict[str, Any]:
    """Return what the line in the log says of one event."""
    return {
        "profileId": completions.profile_id,
        "itemId": completions.item_id,
        "told": len(completions.viewings),
        "noted": noted,
    }


def _microseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)
