"""The bodies of answers, field by field as on the wire: the contract with clients.

They are typed dictionaries that pydantic serializes but does not validate again: everything in them
was built here. Field names leave in camelCase.
"""

from typing import Annotated, Any, NotRequired, TypedDict

from pydantic import ConfigDict, Field, TypeAdapter, with_config
from pydantic.alias_generators import to_camel

from reprise.edge.wire import DeviceKind, IdText, InstantText, MediaSeconds, State, one_of

_CAMEL = ConfigDict(alias_generator=to_camel)


def _called(title: str) -> ConfigDict:
    """Camel case, and another name for clients than the class's."""
    return ConfigDict(alias_generator=to_camel, title=title)


Reason = Annotated[str, Field(examples=["duplicate", "act_spent", "too_brief", "near_start"])]
Rule = Annotated[str, Field(examples=["owner", "took_over", "near_start", "duplicate"])]
ItemKind = Annotated[str, one_of("film", "episode")]
StoreState = Annotated[str, one_of("ok", "down")]


class DeviceBody(TypedDict):
    """The device of a place, as its session named it."""

    id: Annotated[str, Field(examples=["tv-1"])]
    type: DeviceKind
    name: Annotated[str, Field(examples=["Living room"])]


@with_config(_CAMEL)
class PlaceBody(TypedDict):
    """Where a film or an episode stands; `episodeId` is null for a film.

    `playbackId` is null where an act of the account moved it last, and `rev` grows by one with each
    change.
    """

    video_id: IdText
    episode_id: IdText | None
    position: MediaSeconds
    duration: MediaSeconds
    state: State
    completed: bool
    hidden: bool
    rev: int
    changed_at: InstantText
    playback_id: IdText | None
    device: DeviceBody


@with_config(_called("OtherPosition"))
class OtherBody(TypedDict):
    """Where the superseded report itself was, for a client to offer beside the place."""

    position: MediaSeconds
    device: DeviceBody
    event_time: InstantText


@with_config(_called("ReportResult"))
class ResultBody(TypedDict):
    """What one report did. `reason` says why a place did not move, and is null where it did.

    `other` comes with `superseded` alone. `place` is null where a batch's report was of no item.
    """

    place: PlaceBody | None
    moved: bool
    reason: Reason | None
    other: NotRequired[OtherBody]


@with_config(_CAMEL)
class ProgressBody(ResultBody):
    """What one report did, and when to send the next."""

    next_report_seconds: int


@with_config(_CAMEL)
class BatchResultBody(TypedDict):
    """What each report of a batch did, in order."""

    results: list[ResultBody]
    next_report_seconds: int


@with_config(_called("ContinueWatchingItem"))
class RowItemBody(TypedDict):
    """One title of the continue-watching row; the episode's fields are null for a film.

    `nextUp` marks the next episode to start. `leavesAt` is null unless the title leaves the
    viewer's region within 30 days.
    """

    video_id: IdText
    episode_id: IdText | None
    type: ItemKind
    title: Annotated[str, Field(examples=["The Quiet Harbour"])]
    series_title: str | None
    season: int | None
    episode: int | None
    resume_position: MediaSeconds
    duration: MediaSeconds
    progress_percent: Annotated[float, Field(examples=[45.7])]
    next_up: bool
    last_watched_at: InstantText
    device: DeviceBody
    artwork_url: str
    leaves_at: InstantText | None


@with_config(_called("ContinueWatching"))
class RowBody(TypedDict):
    """The continue-watching row, newest first; `stale` where it may lack the last minutes."""

    items: list[RowItemBody]
    stale: bool


class ChangeBody(TypedDict):
    """One line of why a place is where it is."""

    at: InstantText
    position: MediaSeconds
    device: DeviceBody
    moved: bool
    rule: Rule


@with_config(_CAMEL)
class ViewingBody(TypedDict):
    """One viewing of the history."""

    video_id: IdText
    episode_id: IdText | None
    title: str
    started_at: InstantText
    last_watched_at: InstantText
    position: MediaSeconds
    duration: MediaSeconds
    completed: bool
    device: DeviceBody
    changes: list[ChangeBody]


@with_config(_CAMEL)
class HistoryBody(TypedDict):
    """A page of the history."""

    items: list[ViewingBody]
    next_cursor: str | None


@with_config(_called("MarkedItem"))
class MarkedBody(TypedDict):
    """What marking one item by hand left: its place, null where it has none."""

    place: PlaceBody | None


@with_config(_called("MarkedItems"))
class MarkedAllBody(TypedDict):
    """What marking a series left: the places of its aired episodes that have one."""

    places: list[PlaceBody]


class HealthBody(TypedDict):
    """Whether each store answers."""

    status: Annotated[str, one_of("ok", "degraded")]
    version: str
    checks: dict[str, StoreState]


PROGRESS: TypeAdapter[Any] = TypeAdapter(ProgressBody)
BATCH: TypeAdapter[Any] = TypeAdapter(BatchResultBody)
ROW: TypeAdapter[Any] = TypeAdapter(RowBody)
HISTORY: TypeAdapter[Any] = TypeAdapter(HistoryBody)
MARKED: TypeAdapter[Any] = TypeAdapter(MarkedBody)
MARKED_ALL: TypeAdapter[Any] = TypeAdapter(MarkedAllBody)
MARKS: TypeAdapter[Any] = TypeAdapter(MarkedBody | MarkedAllBody)
"""For the description: which of the two depends on what was marked."""
HEALTH: TypeAdapter[Any] = TypeAdapter(HealthBody)
