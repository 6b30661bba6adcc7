"""The bodies of answers, field by field as on the wire: the contract with clients.

They are typed dictionaries that pydantic serializes but does not validate again: everything in them
was built here. Field names leave in camelCase.
"""

from typing import Any, NotRequired, TypedDict

from pydantic import ConfigDict, TypeAdapter, with_config
from pydantic.alias_generators import to_camel

_CAMEL = ConfigDict(alias_generator=to_camel)


class DeviceBody(TypedDict):
    """The device of a place, as its session named it."""

    id: str
    type: str
    name: str


@with_config(_CAMEL)
class PlaceBody(TypedDict):
    """A place. `playback_id` is None where an act of the account moved it last."""

    video_id: str
    episode_id: str | None
    position: float
    duration: float
    state: str
    completed: bool
    hidden: bool
    rev: int
    changed_at: str
    playback_id: str | None
    device: DeviceBody


@with_config(_CAMEL)
class OtherBody(TypedDict):
    """Where the superseded report itself was, for a client to offer beside the place."""

    position: float
    device: DeviceBody
    event_time: str


class ResultBody(TypedDict):
    """What one report of a batch did."""

    place: PlaceBody | None
    moved: bool
    reason: str | None
    other: NotRequired[OtherBody]


@with_config(_CAMEL)
class ProgressBody(ResultBody):
    """What one report did."""

    next_report_seconds: int


@with_config(_CAMEL)
class BatchResultBody(TypedDict):
    """What each report of a batch did, in order."""

    results: list[ResultBody]
    next_report_seconds: int


@with_config(_CAMEL)
class RowItemBody(TypedDict):
    """One title of the continue-watching row; the episode's fields are None for a film.

    `leaves_at` is None unless the title leaves the viewer's region within 30 days.
    """

    video_id: str
    episode_id: str | None
    type: str
    title: str
    series_title: str | None
    season: int | None
    episode: int | None
    resume_position: float
    duration: float
    progress_percent: float
    next_up: bool
    last_watched_at: str
    device: DeviceBody
    artwork_url: str
    leaves_at: str | None


class RowBody(TypedDict):
    """The continue-watching row."""

    items: list[RowItemBody]
    stale: bool


class ChangeBody(TypedDict):
    """One line of why a place is where it is."""

    at: str
    position: float
    device: DeviceBody
    moved: bool
    rule: str


@with_config(_CAMEL)
class ViewingBody(TypedDict):
    """One viewing of the history."""

    video_id: str
    episode_id: str | None
    title: str
    started_at: str
    last_watched_at: str
    position: float
    duration: float
    completed: bool
    device: DeviceBody
    changes: list[ChangeBody]


@with_config(_CAMEL)
class HistoryBody(TypedDict):
    """A page of the history."""

    items: list[ViewingBody]
    next_cursor: str | None


class MarkedBody(TypedDict):
    """What marking one item by hand left: its place, None where it has none."""

    place: PlaceBody | None


class MarkedAllBody(TypedDict):
    """What marking a series left: the places of its aired episodes that have one."""

    places: list[PlaceBody]


class HealthBody(TypedDict):
    """Whether each store answers."""

    status: str
    version: str
    checks: dict[str, str]


PROGRESS: TypeAdapter[Any] = TypeAdapter(ProgressBody)
BATCH: TypeAdapter[Any] = TypeAdapter(BatchResultBody)
ROW: TypeAdapter[Any] = TypeAdapter(RowBody)
HISTORY: TypeAdapter[Any] = TypeAdapter(HistoryBody)
MARKED: TypeAdapter[Any] = TypeAdapter(MarkedBody)
MARKED_ALL: TypeAdapter[Any] = TypeAdapter(MarkedAllBody)
HEALTH: TypeAdapter[Any] = TypeAdapter(HealthBody)
