"""Players, an account, two flushers that die anywhere, a history that goes away: nothing is lost.

The real scripts and buffer run beside a model made of the pure rule. Whatever happens, in whatever
order: they agree on every answer, every accepted report is durable or dirty, the durable place
never goes back, and once all is drained the durable place, the live one and the model's are one.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from reprise.adapters.dirty_buffer_redis import RedisDirtyBuffer
from reprise.adapters.live_keys import BucketKeys, ProfileKeys
from reprise.adapters.live_places_redis import LiveLimits, RedisLivePlaces
from reprise.adapters.place_codec import place_from_hash
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.row_cache_redis import RedisRowCache
from reprise.application.flush_places import flush_places
from reprise.application.hide_title import hide_title
from reprise.application.list_continue_watching import list_continue_watching
from reprise.application.mark_watched import mark_watched
from reprise.application.ports import LivePlaces
from reprise.application.record_progress import record_progress
from reprise.application.replay_reports import replay_reports
from reprise.domain.buckets import bucket_of
from reprise.domain.catalog import Item, Title
from reprise.domain.errors import UnavailableError
from reprise.domain.flush import FlushOrder, urgent_order
from reprise.domain.identity import Device
from reprise.domain.playstate import DirtyItem, Outcome, Place, Report, Viewing
from reprise.domain.policy import Gate
from reprise.domain.row import ROW_LENGTH, RowEntry, continue_watching
from tests.builders import PHONE, SECOND, TV, make_film, make_report, make_series, make_viewer
from tests.fakes.catalog import FakeTitles
from tests.fakes.flush_queue import FakeFlushQueue
from tests.fakes.live_places import FakeLivePlaces, bare
from tests.fakes.places import FakePlaces
from tests.fakes.publisher import FakePublisher
from tests.fakes.quarantine import FakeQuarantine
from tests.harness.live_worlds import RedisWorld
from tests.harness.stepped import Stepped

DAY = 86_400 * SECOND
NO_LIMIT = 10**9
FILM = make_film(id="film", duration=2400.0)
SERIES = make_series(seasons=(2, 1), id="series")
SERIES = replace(
    SERIES, items=tuple(replace(item, id=f"e{n}") for n, item in enumerate(SERIES.items))
)
FORBIDDEN = make_film(id="forbidden", duration=2400.0, plans=("another",))
TITLES = (FILM, SERIES, FORBIDDEN)
ITEMS = [(title, item) for title in (FILM, SERIES) for item in title.items]
PLAYBACKS = {"pb-tv": TV, "pb-phone": PHONE, "pb-tv-2": TV}

POSITIONS = st.sampled_from([0.0, 60.0, 119.5, 120.0, 700.0, 1500.5, 2279.9, 2280.0, 2400.0])
PLAYED = st.sampled_from([0.0, 9.9, 10.0, 59.9, 60.0])


@st.composite
def drafts(draw: st.DrawFn) -> dict[str, Any]:
    """A report without its counters: who, where, how."""
    title, item = draw(st.sampled_from(ITEMS))
    start = draw(st.integers(0, 235)) * 10.0
    return {
        "video_id": title.id,
        "item_id": item.id,
        "playback_id": draw(st.sampled_from(sorted(PLAYBACKS))),
        "position": draw(POSITIONS),
        "played_since_act": draw(PLAYED),
        "act_kind": draw(st.sampled_from(["start", "resume", "seek", "restart"])),
        "state": draw(st.sampled_from(["playing", "paused", "stopped"])),
        "fresh": draw(st.booleans()),
        "ago": draw(st.sampled_from([0, 0, 30, 3600])),
        "intervals": draw(st.sampled_from([(), ((start, start + 5.0),)])),
    }


class PlacesMachine(RuleBasedStateMachine):
    """One profile on two devices, its titles, and all that can happen to them."""

    client: ClassVar[Any]

    def __init__(self) -> None:
        super().__init__()
        calls = RedisCalls(self.client)
        limits = LiveLimits(reports_per_minute=NO_LIMIT)
        # Ten days behind the server: what a flusher settles by the server's clock is then newer.
        self.now = int(time.time()) * SECOND - 10 * DAY
        self.world = RedisWorld(self.client, reports_per_minute=NO_LIMIT)
        self.real = RedisLivePlaces(calls, limits=limits)
        self.rows = RedisRowCache(calls, limits=limits, clock=lambda: self.now / SECOND)
        self.buffer = RedisDirtyBuffer(calls)
        self.model = FakeLivePlaces(reports_per_minute=NO_LIMIT)
        self.durable, self.publisher = FakePlaces(), FakePublisher()
        self.catalog, self.queue = FakeTitles(*TITLES), FakeFlushQueue()
        self.client.flushdb()
        first = make_viewer(account_id="account", session_id="tv", profile_id="profile")
        self.viewers = {TV: first, PHONE: replace(first, session_id="phone")}
        for device, viewer in self.viewers.items():
            self.world.sign_in(viewer, device=device)
            self.model.sign_in(viewer, device=device)
        self.viewer, self.profile = first, first.profile_id
        self.keys = ProfileKeys.of(self.profile)
        self.bucket = BucketKeys.of(bucket_of(self.profile))
        self.seqs: Counter[str] = Counter()
        self.acts: Counter[str] = Counter()
        self.sent: list[Report] = []
        self.held: list[Report] = []
        self.flushers: list[Stepped] = []
        self.last: dict[str, Place] = {}
        self.revs: dict[str, int] = {}
        self.watched: dict[tuple[str, str], list[tuple[float, float]]] = {}
        self.told: list[tuple[str, int]] = []
        self.closed: list[Viewing] = []
        self.own: dict[str, float] = {}
        self.settled = False

    # What players do

    def numbered(self, draft: dict[str, Any]) -> Report:
        """Give a report its counters, as its player does."""
        playback = draft["playback_id"]
        self.seqs[playback] += 1
        if draft["fresh"] or not self.acts[playback]:
            self.acts[playback] += 1
        fields = {name: value for name, value in draft.items() if name not in {"fresh", "ago"}}
        return make_report(
            **fields,
            seq=self.seqs[playback],
            act=self.acts[playback],
            event_time=self.now - draft["ago"] * SECOND,
        )

    def on_both(self, use_case: Callable[[LivePlaces], Any]) -> Any:
        """Run a use case on the model and on Redis, which have to agree."""
        # Nothing happens twice in one millisecond, which names a viewing, or in one microsecond,
        # which names an event, even where the clock steps back.
        self.now += 10_001
        self.real.now_us = self.model.now_us = self.now
        expected = _answer(lambda: use_case(self.model))
        answer = _answer(lambda: use_case(self.real))
        assert _public(answer) == _public(expected)
        self.last |= {
            item_id: state.place
            for (_, item_id), state in self.model.states.items()
            if state.place is not None
        }
        return expected

    def send(self, device: Device, *reports: Report, offline: bool = False) -> None:
        viewer, now = self.viewers[device], self.now // SECOND

        def one(live: LivePlaces) -> Sequence[Outcome]:
            (report,) = reports
            outcome = record_progress(
                viewer=viewer,
                report=report,
                catalog=self.catalog,
                live=live,
                durable=self.durable,
                queue=self.queue,
                now=now,
            )
            return [outcome]

        def batch(live: LivePlaces) -> Sequence[Outcome]:
            return replay_reports(
                viewer=viewer,
                reports=reports,
                catalog=self.catalog,
                live=live,
                durable=self.durable,
                queue=self.queue,
                now=now,
            )

        outcomes = self.on_both(batch if offline else one)
        self.sent.extend(reports)
        for report, outcome in zip(reports, outcomes, strict=True):
            if outcome.rule != "duplicate":
                self.keep(report, device)

    def keep(self, report: Report, device: Device) -> None:
        """Remember what has to be published, and each device's own position in the film."""
        watched = self.watched.setdefault((report.item_id, report.playback_id), [])
        watched.extend((first, min(last, 2400.0)) for first, last in report.intervals)
        if report.item_id == FILM.id:
            self.own[device.id] = report.position

    @rule(draft=drafts())
    def report(self, draft: dict[str, Any]) -> None:
        self.send(PLAYBACKS[draft["playback_id"]], self.numbered(draft))

    @rule(draft=drafts())
    def hold_a_report_back(self, draft: dict[str, Any]) -> None:
        self.held.append(self.numbered(draft))

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def let_a_report_arrive_late(self, data: st.DataObject) -> None:
        report = self.held.pop(data.draw(st.integers(0, len(self.held) - 1)))
        self.send(PLAYBACKS[report.playback_id], report)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def repeat_a_report(self, data: st.DataObject) -> None:
        report = data.draw(st.sampled_from(self.sent[-20:]))
        self.send(PLAYBACKS[report.playback_id], report)

    @rule(batch=st.lists(drafts(), min_size=1, max_size=4))
    def replay_a_batch(self, batch: list[dict[str, Any]]) -> None:
        playback = batch[0]["playback_id"]
        reports = [self.numbered(draft | {"playback_id": playback}) for draft in batch]
        self.send(PLAYBACKS[playback], *reports, offline=True)

    # What the account does

    @rule(title=st.sampled_from([FILM, SERIES]))
    def hide(self, title: Title) -> None:
        def use_case(live: LivePlaces) -> None:
            hide_title(
                viewer=self.viewer,
                video_id=title.id,
                catalog=self.catalog,
                live=live,
                durable=self.durable,
                queue=self.queue,
                now=self.now // SECOND,
            )

        self.on_both(use_case)

    @rule(where=st.sampled_from(ITEMS), watched=st.booleans(), whole=st.booleans())
    def mark(self, where: tuple[Title, Item], watched: bool, whole: bool) -> None:
        title, item = where
        episode_id = item.id if title.is_series and not whole else None

        def use_case(live: LivePlaces) -> Sequence[Outcome]:
            return mark_watched(
                viewer=self.viewer,
                video_id=title.id,
                episode_id=episode_id,
                watched=watched,
                catalog=self.catalog,
                live=live,
                durable=self.durable,
                queue=self.queue,
                now=self.now // SECOND,
            )

        self.on_both(use_case)

    @rule()
    def read_the_row(self) -> None:
        try:
            row = list_continue_watching(
                viewer=self.viewer,
                catalog=self.catalog,
                rows=self.rows,
                live=self.real,
                durable=self.durable,
                now=self.now // SECOND,
                pause=lambda _: None,
            )
        except UnavailableError:
            assert self.durable.down
            return
        shown = [entry.title.id for entry in row.entries]
        instants = [entry.last_watched_at for entry in row.entries]
        assert len(shown) == len(set(shown)) <= ROW_LENGTH
        assert instants == sorted(instants, reverse=True)
        assert FORBIDDEN.id not in shown
        if row.stale or any(state.provisional for state in self.model.states.values()):
            return
        for entry in row.entries:
            place = self.last.get(entry.item.id)
            assert not (place and (place.hidden or place.completed))
        expected = continue_watching(
            places=self.last.values(),
            titles=self.catalog.known,
            gate=Gate(facts=self.viewer.policy, now=self.now // SECOND),
        )
        assert list(map(_brief, row.entries)) == list(map(_brief, expected))

    # What time and stores do

    @rule(seconds=st.sampled_from([0, 1, 30, 600, 7200, -5]))
    def pass_time(self, seconds: int) -> None:
        self.now += seconds * SECOND

    @rule()
    def the_history_goes_away_or_comes_back(self) -> None:
        self.durable.down = not self.durable.down

    @rule()
    def the_event_queue_goes_away_or_comes_back(self) -> None:
        self.publisher.down = not self.publisher.down

    @rule()
    def evict_what_is_durable(self) -> None:
        for _, item_id in list(self.model.states):
            key = self.keys.place(item_id)
            if self.client.ttl(key) >= 0:
                self.client.delete(key)
                self.model.states.pop((self.profile, item_id), None)

    # What flushers do

    def flusher(self, order: FlushOrder) -> Stepped:
        def work(gated: Callable[[Any], Any]) -> None:
            flush_places(
                order=order,
                buffer=gated(_SettlingBoth(self)),
                durable=gated(self.durable),
                publisher=gated(self.publisher),
                quarantine=FakeQuarantine(),
                now_us=lambda: time.time_ns() // 1000,
                time_left=lambda: 100.0,
            )

        return Stepped(work)

    def whole_bucket(self) -> FlushOrder:
        bucket = bucket_of(self.profile)
        return FlushOrder(first_bucket=bucket, last_bucket=bucket)

    @precondition(lambda self: len(self.flushers) < 2)
    @rule(urgent=st.booleans())
    def start_a_flusher(self, urgent: bool) -> None:
        order = self.whole_bucket()
        if urgent:
            item_ids = [item.id for _, item in ITEMS]
            order = urgent_order(profile_id=self.profile, item_ids=item_ids)
        self.flushers.append(self.flusher(order))

    @precondition(lambda self: self.flushers)
    @rule(data=st.data(), steps=st.integers(1, 6))
    def let_a_flusher_go_on(self, data: st.DataObject, steps: int) -> None:
        flusher = data.draw(st.sampled_from(self.flushers))
        self.advance(flusher, steps=steps)
        if flusher.waits_for is None:
            self.flushers.remove(flusher)

    def advance(self, flusher: Stepped, *, steps: int) -> None:
        for _ in range(steps):
            note(f"flusher: {flusher.waits_for}")
            flusher.step()
            self.note_what_is_durable()

    @precondition(lambda self: not self.flushers)
    @rule(
        drafts=st.lists(drafts(), min_size=2, max_size=2),
        steps=st.tuples(st.integers(1, 5), st.integers(3, 7)),
        urgent=st.booleans(),
    )
    def let_a_flusher_overtake_another(
        self, drafts: list[dict[str, Any]], steps: tuple[int, int], urgent: bool
    ) -> None:
        """A slow flusher's leases run out; another, and reports, get in between."""
        self.report(draft=drafts[0])
        self.start_a_flusher(urgent=False)
        self.advance(self.flushers[0], steps=steps[0])
        self.report(draft=drafts[1] | _title_of(drafts[0]))
        self.let_leases_run_out()
        self.start_a_flusher(urgent=urgent)
        self.advance(self.flushers[1], steps=steps[1])
        for flusher in self.flushers:
            self.advance(flusher, steps=9)
        self.flushers = [flusher for flusher in self.flushers if flusher.waits_for]

    @precondition(lambda self: self.flushers)
    @rule(data=st.data())
    def let_a_flusher_die(self, data: st.DataObject) -> None:
        flusher = data.draw(st.sampled_from(self.flushers))
        note(f"dies before: {flusher.waits_for}")
        flusher.crash()
        self.flushers.remove(flusher)

    @rule()
    def let_a_flusher_die_between_its_lease_and_its_look(self) -> None:
        for member in self.client.zrange(self.bucket.dirty, 0, -1):
            if member.startswith(self.profile):
                self.client.zrem(self.bucket.dirty, member)
                self.client.zadd(self.bucket.claimed, {member: 2 * self.now})

    @rule()
    def let_leases_run_out(self) -> None:
        for member in self.client.zrange(self.bucket.claimed, 0, -1):
            if member.startswith(self.profile):
                self.client.zadd(self.bucket.claimed, {member: 0})

    def note_what_is_durable(self) -> None:
        """Let the model forget what the real buffer has acknowledged."""
        unsaved = self.client.smembers(self.keys.live)
        for key in [key for key in self.model.dirty if key[1] not in unsaved]:
            state = self.model.states[key]
            self.told += [(key[1], completion) for completion in state.completions]
            self.closed += state.closed
            self.model.dirty.discard(key)
            state.completions, state.closed, state.watched = (), (), ()

    # What always holds

    @invariant()
    def live_places_are_the_models(self) -> None:
        for (_, item_id), state in self.model.states.items():
            fields = self.client.hgetall(self.keys.place(item_id))
            assert place_from_hash(fields, item_id=item_id) == state.place

    @invariant()
    def every_accepted_report_is_durable_or_dirty(self) -> None:
        for item_id, place in self.last.items():
            member = f"{self.profile}:{item_id}"
            marks = [
                self.client.zscore(name, member) is not None
                for name in (self.bucket.dirty, self.bucket.claimed)
            ]
            assert marks.count(True) <= 1
            if not any(marks):
                assert self.stored(place) == place
            else:
                assert self.client.ttl(self.keys.place(item_id)) == -1

    @invariant()
    def the_durable_place_never_goes_back(self) -> None:
        for (_, _, item_id), place in self.durable.stored.items():
            assert place.rev >= self.revs.get(item_id, 0)
            self.revs[item_id] = place.rev

    def stored(self, place: Place) -> Place | None:
        return self.durable.stored.get((self.profile, place.video_id, place.item_id))

    def teardown(self) -> None:
        for flusher in self.flushers:
            flusher.crash()
        if sys.exc_info()[0] is not None:
            return  # what failed already says more than what is left behind
        self.durable.down = self.publisher.down = False
        self.let_leases_run_out()
        # What a frozen outbox left open becomes dirty again and waits for the next flush.
        for _ in range(2):
            last = self.flusher(self.whole_bucket())
            while last.waits_for is not None:
                last.step()
                self.note_what_is_durable()
        self.check_the_drained()

    def check_the_drained(self) -> None:
        assert self.client.smembers(self.keys.live) == set()
        assert self.model.dirty == set()
        self.live_places_are_the_models()
        for place in self.last.values():
            assert self.stored(place) == place
        for viewing in (*self.closed, *(place.viewing() for place in self.last.values())):
            key = (self.profile, viewing.started_at // 1000, viewing.item_id)
            assert self.durable.viewings[key] == viewing
        # Settling takes the server's own clock, ten days ahead: what devices say later looks older.
        for device_id, position in self.own.items() if not self.settled else ():
            assert self.durable.devices[self.profile, FILM.id, device_id].position == position
        self.read_the_row()
        self.check_the_events()

    def check_the_events(self) -> None:
        """Published at least once each; by their ids exactly once, and the same every time."""
        events = {event.event_id: event for event in self.publisher.events}
        for event in self.publisher.events:
            same = events[event.event_id]
            assert (event.intervals, event.completed_viewings) == (
                same.intervals,
                same.completed_viewings,
            )
        published: dict[tuple[str, str], list[tuple[float, float]]] = {}
        for event in events.values():
            for first, last, playback_id in event.intervals:
                key = (event.place.item_id, playback_id)
                published.setdefault(key, []).append((first, last))
        for where in {*published, *self.watched}:
            assert _seconds(published.get(where, [])) == _seconds(self.watched.get(where, []))
        told = [
            (event.place.item_id, completion)
            for event in events.values()
            for completion in event.completed_viewings
        ]
        assert sorted(told) == sorted(self.told)
        assert len(told) == len(set(told))


class _SettlingBoth:
    """The real buffer; what it settles, the model settles too, at the same instant."""

    def __init__(self, machine: PlacesMachine) -> None:
        self._machine = machine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._machine.buffer, name)

    def settle(self, *, item: DirtyItem, durable: Place | None) -> DirtyItem | None:
        machine = self._machine
        settled = machine.buffer.settle(item=item, durable=durable)
        if settled is not None:
            machine.settled = True
            machine.model.now_us = settled.place.changed_at
            machine.model.settle(profile_id=item.profile_id, item_id=item.item_id, durable=durable)
            state = machine.model.states[item.profile_id, item.item_id]
            assert settled.place == state.place
            machine.last[item.item_id] = settled.place
        return settled


def _answer(use_case: Callable[[], Any]) -> Any:
    try:
        return use_case()
    except UnavailableError as error:
        return str(error)


def _public(answer: Any) -> Any:
    return [bare(outcome) for outcome in answer] if isinstance(answer, list) else answer


def _brief(entry: RowEntry) -> tuple[Any, ...]:
    return (
        entry.item.id,
        entry.resume_position,
        entry.next_up,
        entry.last_watched_at,
        entry.device.id,
    )


def _title_of(draft: dict[str, Any]) -> dict[str, str]:
    return {name: draft[name] for name in ("video_id", "item_id")}


def _seconds(intervals: Sequence[tuple[float, float]]) -> Counter[int]:
    """Count how often each second was watched."""
    return Counter(second for first, last in intervals for second in range(int(first), int(last)))


@pytest.fixture
def machine(redis_client: Any) -> Iterator[type[PlacesMachine]]:
    PlacesMachine.client = redis_client
    yield PlacesMachine
    redis_client.flushdb()


@pytest.mark.real
def test_nothing_that_players_account_flushers_and_stores_do_loses_a_place(
    machine: type[PlacesMachine],
) -> None:
    run_state_machine_as_test(machine)
