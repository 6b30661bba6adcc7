"""What the machine that encodes tells its last step, and what that answers."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from reprise.domain.media import Media
from reprise.domain.packages import Encoding
from reprise.domain.qualities import LADDER
from reprise.edge.consumers import BadMessageError

_QUALITIES = "|".join(quality.name for quality in LADDER)

CatalogId = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
]
Version = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Best = Annotated[str, StringConstraints(strict=True, pattern=f"^({_QUALITIES})$")]


class EncodingBody(BaseModel):
    """What a state machine's last state sends."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    title_id: CatalogId
    item_id: CatalogId
    version: Version
    best: Best
    source_duration: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    set_duration: Annotated[bool, Field(strict=True)] = False


def read_encoding(event: object) -> Encoding:
    """Return what was encoded.

    Raises:
        BadMessageError: the event does not say it; the message names every wrong field.
    """
    try:
        body = EncodingBody.model_validate(event)
    except ValidationError as error:
        wrong = sorted({".".join(map(str, each["loc"])) or "event" for each in error.errors()})
        raise BadMessageError(f"not an encoding: {', '.join(wrong)}") from error
    return Encoding(**body.model_dump())


def facts_of(media: Media) -> dict[str, Any]:
    """Return what the line in the log says of a publication."""
    return {"itemId": media.item_id, "path": media.path, **output_of(media)}


def output_of(media: Media) -> dict[str, Any]:
    """Return what the execution ends with: what was measured of what its input names."""
    return {
        "seconds": round(media.duration, 3),
        "qualities": [rendition.quality for rendition in media.renditions],
        "subtitles": [words.language for words in media.subtitles],
    }
