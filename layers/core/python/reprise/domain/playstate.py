"""The register of a viewer's place and what a report is: the nouns of the playstate rules.

Positions and durations are media seconds with at most three decimals. Instants are microseconds
since the Unix epoch (µs) unless a name says otherwise. `domain.merge` holds the rule that moves a
place; the same rule runs inside Redis (`adapters/lua/merge.lua`), held to this one by tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from reprise.domain.identity import Device

type PlayerState = Literal["playing", "paused", "stopped"]
type ActKind = Literal["start", "resume", "seek", "restart"]
type Refused = Literal["duplicate", "act_spent", "too_brief", "near_start", "superseded"]

PLAYBACKS_REMEMBERED = 8
CHANGES_REMEMBERED = 20
TAKE_OVER_SECONDS = 10.0
NEAR_START_PLAYED_SECONDS = 60.0
OFFLINE_LIMIT_US = 30 * 86_400 * 1_000_000
NO_OWNER = ""
"""Owner of a place that an act of the account moved: every playback needs a fresh act."""


@dataclass(frozen=True, slots=True)
class Report:
    """One message of a player, already validated.

    `item_id` is the film's or the episode's; `event_time` is the client's clock in µs and orders
    nothing online; `intervals` are media seconds watched since the report before.
    """

    video_id: str
    item_id: str
    playback_id: str
    seq: int
    act: int
    act_kind: str
    played_since_act: float
    position: float
    state: str
    event_time: int
    intervals: tuple[tuple[float, float], ...] = ()
    offline: bool = False


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What the merge needs of the catalog, in media seconds (`catalog.Item` computes them)."""

    duration: float
    completes_at: float
    shown_from: float


@dataclass(frozen=True, slots=True)
class PlaybackMemory:
    """What a place remembers of one playback: the last report and the last act that moved it."""

    playback_id: str
    last_seq: int
    spent_act: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The part of a place that *not watched* restores."""

    owner: str
    position: float
    state: str
    hidden: bool
    device: Device
    event_time: int


@dataclass(frozen=True, slots=True)
class Change:
    """One line of "why did it jump?": the rule that moved or refused, coalesced while it repeats.

    `at` is in milliseconds since the epoch. `playback_id` is empty for acts of the account.
    """

    at: int
    position: float
    device: Device
    moved: bool
    rule: str
    playback_id: str


@dataclass(frozen=True, slots=True)
class Place:
    """The register per (profile, item). `rev` grows by one with each accepted change.

    `moved_at` is the instant the place counts from for offline replays: the server's time of the
    last change, or the event time of the offline report that made it. `viewed_at` is the same for
    the last *report* that moved it; the 90 days of the history count from it. `before` is what *not
    watched* restores; it stays afterwards, because a viewing's completion is told only once.
    `noted_at` is when a refused report was last written down since the last change, else 0.
    """

    video_id: str
    item_id: str
    rev: int
    changed_at: int
    moved_at: int
    viewed_at: int
    owner: str
    position: float
    duration: float
    state: str
    completed: bool
    hidden: bool
    viewing_started_at: int
    device: Device
    event_time: int
    playbacks: tuple[PlaybackMemory, ...] = ()
    before: Snapshot | None = None
    changes: tuple[Change, ...] = ()
    noted_at: int = 0

    @property
    def written_at(self) -> int:
        """The µs that grow with whatever is stored: what durable writes are ordered by.

        A refused report changes no place, only what is remembered of it, and has to last as well.
        """
        return max(self.changed_at, self.noted_at)

    def playback(self, playback_id: str) -> PlaybackMemory | None:
        return next((p for p in self.playbacks if p.playback_id == playback_id), None)

    @property
    def completion_is_told(self) -> bool:
        """Whether this viewing has completed before, even where that was taken back by hand."""
        return self.completed or self.before is not None

    def snapshot(self) -> Snapshot:
        """What *not watched* would restore, were this place completed now."""
        return Snapshot(
            owner=self.owner,
            position=self.position,
            state=self.state,
            hidden=self.hidden,
            device=self.device,
            event_time=self.event_time,
        )

    def viewing(self) -> "Viewing":
        """The history row of the viewing that this place is in."""
        return Viewing(
            video_id=self.video_id,
            item_id=self.item_id,
            started_at=self.viewing_started_at,
            last_watched_at=self.viewed_at,
            position=self.position,
            duration=self.duration,
            completed=self.completed,
            device=self.device,
            rev=self.rev,
            changed_at=self.written_at,
            changes=self.changes,
        )


@dataclass(frozen=True, slots=True)
class DevicePosition:
    """Where one device last was in an item, whether or not it moved the place. `updated_at` µs."""

    video_id: str
    item_id: str
    device: Device
    position: float
    state: str
    updated_at: int


@dataclass(frozen=True, slots=True)
class Viewing:
    """One row of the history: from a start to completion or abandonment. Instants in µs.

    `changed_at` is when anything of it was last written down, refused reports too.
    """

    video_id: str
    item_id: str
    started_at: int
    last_watched_at: int
    position: float
    duration: float
    completed: bool
    device: Device
    rev: int
    changed_at: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a report or an act of the account did.

    `place` is the one that stands (None only where a report was not applied at all), `rule` what
    decided, `reason` the refusal a client sees (None where it moved). `device` is the reporting one
    where its own position is offered beside the place that stands (rule 8), else None.
    """

    place: Place | None
    moved: bool
    reason: str | None
    rule: str
    device: Device | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """What a report or an act of the account leaves behind, besides its outcome.

    `place` is what is stored now (None only where there was and is nothing). `stored` is False
    where nothing at all changed. `closed` is the viewing that a new one ended, `completed` the
    start (µs) of the viewing that this completed.
    """

    outcome: Outcome
    place: Place | None
    stored: bool
    closed: Viewing | None = None
    completed: int | None = None
    intervals: tuple[tuple[float, float, str], ...] = ()
    device_position: DevicePosition | None = None


def with_change(changes: tuple[Change, ...], change: Change) -> tuple[Change, ...]:
    """Append a change; one that repeats the last only brings it up to date."""
    last = changes[-1] if changes else None
    if last and (last.playback_id, last.rule) == (change.playback_id, change.rule):
        changes = changes[:-1]
    return (*changes, change)[-CHANGES_REMEMBERED:]


@dataclass(frozen=True, slots=True)
class DirtyItem:
    """What a flusher claims: everything of one (profile, item) that is not durable yet.

    `version` (µs) names this state: an acknowledgement that carries it counts only while nothing
    was stored since. `batch` (µs) names the frozen outbox below it and makes the event id, the same
    at every attempt. `provisional` marks a place that was born while the durable store could not be
    asked. `dirty_since` is µs; `attempts` counts failed flushes.
    """

    profile_id: str
    item_id: str
    place: Place
    version: int
    batch: int
    dirty_since: int
    attempts: int
    provisional: bool
    devices: tuple[DevicePosition, ...] = ()
    closed_viewings: tuple[Viewing, ...] = ()
    intervals: tuple[tuple[float, float, str], ...] = ()
    completions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ViewingEvent:
    """A durable change as consumers see it: `playback.viewing.v1`.

    `event_id` is the same at every publication of the same change. `intervals` are
    (start, end, playback id) watched since the event before; `completed_viewings` are the starts
    (µs) of viewings that completed in it, each published once.
    """

    event_id: str
    profile_id: str
    place: Place
    intervals: tuple[tuple[float, float, str], ...]
    completed_viewings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Live:
    """Everything a profile has that may not be durable yet, for reads that merge."""

    version: int
    places: Sequence[Place] = field(default=())
    closed_viewings: Sequence[Viewing] = field(default=())
