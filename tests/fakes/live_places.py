"""`LivePlaces` in memory, made of the pure rule, with the sessions in front of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reprise.application.ports import RecordAnswer
from reprise.domain.acts import hide, mark_watched, unmark_watched
from reprise.domain.allowance import Allowance
from reprise.domain.errors import RateLimitedError, UnauthenticatedError, UnavailableError
from reprise.domain.identity import Device, PolicyFacts, Viewer
from reprise.domain.leases import lease_seconds
from reprise.domain.merge import apply_report, settle
from reprise.domain.outbox import Watched, with_interval
from reprise.domain.playstate import (
    DevicePosition,
    DirtyItem,
    ItemFacts,
    Live,
    Merged,
    Outcome,
    Place,
    Report,
    Viewing,
)
from tests.builders import NOW_US, SECOND, TV

type Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class LiveSession:
    policy: PolicyFacts
    device: Device


@dataclass(slots=True)
class LiveState:
    """One item: its place, and what of it is not durable yet."""

    place: Place | None = None
    version: int = 0
    provisional: bool = False
    last: tuple[Report, ItemFacts, Device] | None = None
    watched: tuple[Watched, ...] = ()
    completions: tuple[int, ...] = ()
    closed: tuple[Viewing, ...] = ()
    devices: dict[str, DevicePosition] = field(default_factory=dict)

    def keep(self, merged: Merged) -> None:
        self.place = merged.place
        for interval in merged.intervals:
            assert merged.place is not None
            duration = merged.place.duration
            self.watched = with_interval(self.watched, Watched(*interval), duration=duration)
        self.completions += (merged.completed,) if merged.completed is not None else ()
        self.closed += (merged.closed,) if merged.closed else ()
        if merged.device_position:
            self.devices[merged.device_position.device.id] = merged.device_position


@dataclass(slots=True)
class ReadyRow:
    places: dict[str, Place]
    fresh_until: float


class FakeLivePlaces:
    """Live places, sessions and ready rows of all profiles.

    `sign_in` makes a viewer's session live; `acknowledge` makes everything durable as a flusher
    does, and `evict` then forgets it; `now_us` is the clock, `down` makes every method fail.
    """

    def __init__(
        self,
        *,
        reports_per_minute: int = 120,
        on_allowance: Callable[[Allowance], None] = lambda _: None,
    ) -> None:
        self.now_us = NOW_US
        self.down = False
        self.sessions: dict[tuple[str, str, str], LiveSession] = {}
        self.sent: dict[str, int] = {}
        self.states: dict[Key, LiveState] = {}
        self.dirty: set[Key] = set()
        self.versions: dict[str, int] = {}
        self.rows: dict[str, ReadyRow] = {}
        self.lease_seconds = float(lease_seconds())
        self._said: dict[tuple[str, str], tuple[bool, float]] = {}
        self._limit = reports_per_minute
        self._on_allowance = on_allowance

    def sign_in(
        self, viewer: Viewer, *, device: Device = TV, policy: PolicyFacts | None = None
    ) -> None:
        self.sessions[_session(viewer)] = LiveSession(policy or viewer.policy, device)

    def revoke(self, viewer: Viewer) -> None:
        self.sessions.pop(_session(viewer), None)

    def acknowledge(self, profile_id: str) -> None:
        for key in [key for key in self.dirty if key[0] == profile_id]:
            self.dirty.discard(key)
            self.states[key] = LiveState(self.states[key].place, self.states[key].version)

    def evict(self, profile_id: str) -> None:
        for key in [key for key in self.states if key[0] == profile_id and key not in self.dirty]:
            del self.states[key]

    def settle(self, *, profile_id: str, item_id: str, durable: Place | None) -> None:
        """Settle a provisional item against the durable place, as a flusher does."""
        key = (profile_id, item_id)
        self.states[key] = replace(
            self._settled(self.states[key], durable), provisional=False, last=None
        )
        self._store(key)
        self.rows.pop(profile_id, None)

    def unsaved(self, *, profile_id: str, item_id: str) -> DirtyItem:
        """Return what a flusher would claim of an item."""
        assert (profile_id, item_id) in self.dirty
        state = self.states[profile_id, item_id]
        assert state.place is not None
        return DirtyItem(
            profile_id=profile_id,
            item_id=item_id,
            place=state.place,
            version=state.version,
            batch=state.version,
            dirty_since=state.version,
            attempts=0,
            provisional=state.provisional,
            devices=tuple(state.devices.values()),
            closed_viewings=state.closed,
            intervals=tuple((each.start, each.end, each.playback_id) for each in state.watched),
            completions=state.completions,
        )

    def record(
        self,
        *,
        viewer: Viewer,
        reports: Sequence[tuple[Report, ItemFacts]],
        durable: Mapping[str, Place | None] | None = None,
        provisional: bool = False,
    ) -> RecordAnswer:
        session = self.pass_gate(viewer, cost=0 if provisional or durable is not None else 1)
        if session.policy != viewer.policy:
            return RecordAnswer(policy=session.policy)
        known = durable or {}
        item_ids = dict.fromkeys(report.item_id for report, _ in reports)
        missing = [i for i in item_ids if (viewer.profile_id, i) not in self.states]
        cold = [i for i in missing if i not in known]
        if cold and not provisional:
            return RecordAnswer(cold=cold)
        for item_id in missing:
            self.states[viewer.profile_id, item_id] = LiveState(known.get(item_id))
        return RecordAnswer(
            outcomes=[
                self._report(viewer.profile_id, report, facts, session.device, provisional)
                for report, facts in reports
            ]
        )

    def hide(
        self, *, viewer: Viewer, video_id: str, durable: Mapping[str, Place]
    ) -> Sequence[Outcome]:
        unsaved = self.live(profile_id=viewer.profile_id).places
        ids = dict.fromkeys(
            (*durable, *(place.item_id for place in unsaved if place.video_id == video_id))
        )

        def act(place: Place | None, device: Device) -> Merged:
            assert place is not None
            return hide(place=place, device=device, now=self.now_us)

        return self._act(viewer, [(item_id, act) for item_id in ids], durable)

    def mark(
        self,
        *,
        viewer: Viewer,
        video_id: str,
        items: Sequence[tuple[str, ItemFacts]],
        watched: bool,
        durable: Mapping[str, Place],
    ) -> Sequence[Outcome]:
        def act_on(item_id: str, facts: ItemFacts) -> Callable[[Place | None, Device], Merged]:
            def act(place: Place | None, device: Device) -> Merged:
                if not watched:
                    return unmark_watched(place=place, device=device, now=self.now_us)
                return mark_watched(
                    place=place,
                    video_id=video_id,
                    item_id=item_id,
                    facts=facts,
                    device=device,
                    now=self.now_us,
                )

            return act

        return self._act(viewer, [(i, act_on(i, facts)) for i, facts in items], durable)

    def gate(self, *, viewer: Viewer) -> PolicyFacts:
        return self.pass_gate(viewer, cost=1).policy

    def live(self, *, profile_id: str) -> Live:
        self.answer()
        states = [self.states[key] for key in sorted(self.dirty) if key[0] == profile_id]
        return Live(
            version=self.versions.get(profile_id, 0),
            places=[state.place for state in states if state.place],
            closed_viewings=[viewing for state in states for viewing in state.closed],
        )

    def plays(self, profile_id: str, playback_id: str) -> bool | None:
        """Return whether a playback said last that it goes on; None where it said nothing."""
        word, until = self._said.get((profile_id, playback_id), (None, 0.0))
        return word if until > self.now_us / SECOND else None

    def answer(self) -> None:
        if self.down:
            raise UnavailableError("live positions do not answer")

    def pass_gate(self, viewer: Viewer, *, cost: int) -> LiveSession:
        self.answer()
        session = self.sessions.get(_session(viewer))
        if session is None:
            raise UnauthenticatedError("the session has ended; sign in again")
        sent = self.sent[viewer.session_id] = self.sent.get(viewer.session_id, 0) + cost
        if cost:
            left = max(0, self._limit - sent)
            self._on_allowance(Allowance("session", self._limit, 60, left, 60))
        if cost and sent > self._limit:
            raise RateLimitedError("too many requests of this session", retry_after=60)
        return session

    def _report(
        self,
        profile_id: str,
        report: Report,
        facts: ItemFacts,
        device: Device,
        provisional: bool,
    ) -> Outcome:
        state = self.states[profile_id, report.item_id]
        was_done = state.place is not None and state.place.completed
        merged = apply_report(
            place=state.place, report=report, facts=facts, device=device, now=self.now_us
        )
        state.keep(merged)
        if merged.outcome.rule != "duplicate" and not report.offline:
            until = self.now_us / SECOND + self.lease_seconds
            self._said[profile_id, report.playback_id] = report.state != "stopped", until
        if merged.stored:
            state.provisional |= provisional and merged.outcome.rule == "first"
            if state.provisional and merged.outcome.moved and merged.place:
                clamped = replace(report, event_time=merged.place.event_time)
                state.last = (clamped, facts, device)
            self._store((profile_id, report.item_id))
        if merged.outcome.moved and merged.place:
            self._update_row(profile_id, merged.place, facts, was_done=was_done)
        return bare(merged.outcome)

    def _act(
        self,
        viewer: Viewer,
        acts: Sequence[tuple[str, Callable[[Place | None, Device], Merged]]],
        durable: Mapping[str, Place],
    ) -> Sequence[Outcome]:
        session = self.pass_gate(viewer, cost=1)
        outcomes: list[Outcome] = []
        for item_id, act in acts:
            key = (viewer.profile_id, item_id)
            known = self.states.get(key) or LiveState(durable.get(item_id))
            state = self._settled(known, durable.get(item_id))
            merged = act(state.place, session.device)
            outcomes.append(bare(merged.outcome))
            if merged.stored:
                state.keep(merged)
                self.states[key] = state
                self._store(key)
                self.rows.pop(viewer.profile_id, None)
        return outcomes

    def _settled(self, state: LiveState, durable: Place | None) -> LiveState:
        if not (state.provisional and state.place and state.last):
            return replace(state)
        report, facts, device = state.last
        merged = settle(
            live=state.place,
            last=report,
            last_device=device,
            durable=durable,
            facts=facts,
            now=self.now_us,
        )
        told = state.completions
        if durable is not None:
            told = tuple(at for at in told if at != state.place.viewing_started_at)
        settled = replace(state, provisional=False, last=None, completions=told)
        settled.keep(merged)
        return settled

    def _store(self, key: Key) -> None:
        state = self.states[key]
        state.version = max(self.now_us, state.version + 1)
        self.versions[key[0]] = state.version
        self.dirty.add(key)

    def _update_row(
        self, profile_id: str, place: Place, facts: ItemFacts, *, was_done: bool
    ) -> None:
        row = self.rows.get(profile_id)
        if row is not None:
            row.places[place.item_id] = bare_place(place)
            if was_done or place.completed or place.position < facts.shown_from:
                row.fresh_until = 0.0


def bare(outcome: Outcome) -> Outcome:
    """Return the outcome as the script answers it: without what a place remembers."""
    return replace(outcome, place=bare_place(outcome.place)) if outcome.place else outcome


def bare_place(place: Place) -> Place:
    return replace(place, playbacks=(), before=None, changes=(), noted_at=0)


def _session(viewer: Viewer) -> tuple[str, str, str]:
    return viewer.account_id, viewer.profile_id, viewer.session_id
