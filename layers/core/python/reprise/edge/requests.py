"""From a request to what a use case takes; every wrong field is named at once.

The pydantic models are the contract of the bodies: strict types (no strings or booleans for
numbers, no numbers for strings), no unknown fields, bounded lengths and magnitudes.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from reprise.domain.errors import NotFoundError
from reprise.domain.playstate import Report
from reprise.edge.cursors import CURSOR_LIMIT, read_cursor
from reprise.edge.errors import FieldProblem, InvalidRequestError
from reprise.edge.http import ID, UNKNOWN, Request, read_json
from reprise.edge.wire import ID_PATTERN

BATCH_BODY_LIMIT = 128 * 1024
BATCH_REPORTS = 200
INTERVALS = 32
HISTORY_LIMIT = 50

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_RFC_3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_DIGITS = re.compile(r"[0-9]{1,9}")


def _instant(text: object) -> int:
    """Return µs since the epoch of an RFC 3339 instant with its zone."""
    if not isinstance(text, str) or not _RFC_3339.fullmatch(text):
        raise ValueError("must be an RFC 3339 instant with a zone")
    try:
        instant = datetime.fromisoformat(text.upper())
    except ValueError:
        raise ValueError("is not an instant of the calendar") from None
    return (instant - _EPOCH) // _MICROSECOND


def _milliseconds(seconds: float) -> float:
    return round(seconds, 3) + 0.0


def _forwards(interval: tuple[float, float]) -> tuple[float, float]:
    if interval[0] > interval[1]:
        raise ValueError("must not end before it starts")
    return interval


def once(value: object) -> object:
    if isinstance(value, list):
        raise ValueError("must be given once")  # noqa: TRY004  # pydantic reports value errors
    return value


def whole_number(value: object) -> object:
    text = once(value)
    if not isinstance(text, str):
        return text
    if not _DIGITS.fullmatch(text):
        raise ValueError("must be a whole number")
    return int(text)


def _position(value: object, info: ValidationInfo) -> object:
    cursor = once(value)
    if not isinstance(cursor, str):
        return cursor
    secret, profile_id = cast("tuple[str, str]", info.context)
    return read_cursor(cursor, secret=secret, profile_id=profile_id)


Id = Annotated[str, StringConstraints(strict=True, pattern=ID_PATTERN)]
Seconds = Annotated[
    float, Field(strict=True, ge=0, le=1e9, allow_inf_nan=False), AfterValidator(_milliseconds)
]
Counter = Annotated[int, Field(strict=True, ge=1, le=10**13)]
"""At most what the merge script's JSON keeps exactly (14 digits)."""
Instant = Annotated[
    int, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})
]
CURSOR_SCHEMA = WithJsonSchema(
    {"type": "string", "minLength": 1, "maxLength": CURSOR_LIMIT, "pattern": "^[A-Za-z0-9_-]+$"}
)
Interval = Annotated[tuple[Seconds, Seconds], Field(strict=False), AfterValidator(_forwards)]


class ReportBody(BaseModel):
    """The body of `POST /stream/progress`, and one report of a batch."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    video_id: Id
    episode_id: Id = ""
    playback_id: Id
    seq: Counter
    act: Counter
    act_kind: Literal["start", "resume", "seek", "restart"]
    played_since_act: Seconds
    position: Seconds
    state: Literal["playing", "paused", "stopped"]
    event_time: Instant
    intervals: Annotated[list[Interval], Field(max_length=INTERVALS)] = []

    def report(self, *, offline: bool) -> Report:
        return Report(
            video_id=self.video_id,
            item_id=self.episode_id or self.video_id,
            playback_id=self.playback_id,
            seq=self.seq,
            act=self.act,
            act_kind=self.act_kind,
            played_since_act=self.played_since_act,
            position=self.position,
            state=self.state,
            event_time=self.event_time,
            intervals=tuple(self.intervals),
            offline=offline,
        )


class BatchBody(BaseModel):
    """The body of `POST /stream/progress/batch`."""

    model_config = ConfigDict(extra="forbid")

    reports: Annotated[list[ReportBody], Field(min_length=1, max_length=BATCH_REPORTS)]


def parse[Body: BaseModel](request: Request, model: type[Body]) -> Body:
    """Return the body as this model.

    Raises:
        InvalidRequestError, TooLargeError, UnsupportedMediaTypeError: as `read_json`, and for
            every field that breaks the model.
    """
    return _validated(model, read_json(request), context=None)


def read_report(request: Request) -> Report:
    """Return the one report of the body."""
    return parse(request, ReportBody).report(offline=False)


def read_batch(request: Request) -> Sequence[Report]:
    """Return the offline reports of the body, in order."""
    return [report.report(offline=True) for report in parse(request, BatchBody).reports]


def path_id(request: Request, name: str) -> str:
    """Return an id from the path.

    Raises:
        NotFoundError: it is not well-formed, so nothing can have it.
    """
    value = request.path_parameters.get(name) or ""
    if not ID.fullmatch(value):
        raise NotFoundError("there is nothing here")
    return value


class HistoryQuery(BaseModel):
    """The query of `GET /history`: which page. `cursor` becomes (µs, item id)."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=HISTORY_LIMIT), BeforeValidator(whole_number)] = (
        HISTORY_LIMIT
    )
    cursor: Annotated[tuple[int, str] | None, BeforeValidator(_position), CURSOR_SCHEMA] = None


class ItemQuery(BaseModel):
    """The query of `/videos/{videoId}/watched`: one episode, or none for all of the title."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    episode_id: Annotated[Id | None, BeforeValidator(once)] = None


def parse_query[Query: BaseModel](
    request: Request, model: type[Query], *, cursor_secret: str = ""
) -> Query:
    """Return the query parameters as this model.

    Raises:
        InvalidRequestError: for every unknown, repeated or malformed parameter, and for a cursor
            that is not ours or not this profile's.
    """
    given = {
        name: values[0] if len(values) == 1 else values for name, values in request.query.items()
    }
    owner = (cursor_secret, request.proved.profile_id if request.proved else "")
    return _validated(model, given, context=owner)


def _validated[Body: BaseModel](model: type[Body], given: object, *, context: object) -> Body:
    try:
        return model.model_validate(given, context=context)
    except ValidationError as error:
        raise InvalidRequestError(*map(_problem, error.errors(include_url=False))) from None


_REASONS = {
    "missing": "is required",
    "extra_forbidden": UNKNOWN,
    "string_pattern_mismatch": "must match [A-Za-z0-9_-]{1,64}",
    "string_unicode": "must be Unicode text",
}


def _problem(error: ErrorDetails) -> FieldProblem:
    reason = _REASONS.get(error["type"])
    if reason is None:
        message = error["msg"].removeprefix("Value error, ")
        reason = message.replace("Input should", "must").replace("List should", "must")
    return FieldProblem(_path(error["loc"]), reason)


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else str(step)
    return path or "body"
