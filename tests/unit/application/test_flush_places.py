"""An order comes to durable, published, acknowledged, in that order, whatever fails or dies."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from reprise.application.flush_places import GIVE_UP_AFTER, FlushReport, flush_places
from reprise.application.ports import PoisonError
from reprise.domain.buckets import BUCKETS
from reprise.domain.errors import UnavailableError
from reprise.domain.flush import MAX_ATTEMPTS, FlushOrder, event_of, urgent_order
from reprise.domain.playstate import ItemFacts, Place, Report
from tests import flush_builders as make
from tests.fakes.dirty_buffer import FakeDirtyBuffer
from tests.fakes.places import FakePlaces
from tests.fakes.publisher import FakePublisher
from tests.fakes.quarantine import FakeQuarantine

EVERYTHING = FlushOrder(0, BUCKETS - 1)
SECOND = make.SECOND_US
FACTS = ItemFacts(duration=5400.0, completes_at=5130.0, shown_from=270.0)


@dataclass(slots=True)
class World:
    """All ports of the flush in memory, and a clock."""

    buffer: FakeDirtyBuffer = field(default_factory=lambda: FakeDirtyBuffer(now_us=make.NOW_US))
    durable: FakePlaces = field(default_factory=FakePlaces)
    publisher: FakePublisher = field(default_factory=FakePublisher)
    quarantine: FakeQuarantine = field(default_factory=FakeQuarantine)
    seconds_left: Iterator[float] | None = None

    def flush(self, order: FlushOrder = EVERYTHING) -> FlushReport:
        return flush_places(
            order=order,
            buffer=self.buffer,
            durable=self.durable,
            publisher=self.publisher,
            quarantine=self.quarantine,
            now_us=lambda: self.buffer.now_us,
            time_left=lambda: 60.0 if self.seconds_left is None else next(self.seconds_left),
        )

    def watch(self, number: int = 1, **place: Any) -> tuple[str, str]:
        """A report of viewer `number` moves their place and marks it dirty."""
        changed = {"changed_at": self.buffer.now_us, "rev": place.get("rev", 1)} | place
        item = make.make_item(profile_id=make.an_id(number), place=make.make_place(**changed))
        self.buffer.store(item)
        return item.profile_id, item.item_id

    def stored(self, key: tuple[str, str]) -> Place:
        return self.durable.stored[(key[0], make.VIDEO, key[1])]

    def later(self, seconds: float) -> None:
        self.buffer.now_us += round(seconds * SECOND)


@pytest.fixture
def world() -> World:
    return World()


def test_everything_dirty_becomes_durable_published_and_clean(world: World) -> None:
    keys = [world.watch(number) for number in range(450)]
    world.later(3)
    report = world.flush()
    assert (report.durable, report.clean, report.failed, report.retry) == (450, 450, 0, False)
    assert report.rows == 450 * 3
    assert report.worst_lag_seconds == report.oldest_age_seconds == 3.0
    assert len(world.durable.stored) == len(keys) == len(world.publisher.events)
    assert not world.buffer.dirty
    assert not world.buffer.claimed


def test_nothing_to_do_is_done(world: World) -> None:
    assert world.flush() == FlushReport()


def test_a_sweep_leaves_what_is_not_overdue(world: World) -> None:
    world.watch(1)
    world.later(400)
    young = world.watch(2)
    assert world.flush(replace(EVERYTHING, older_than=360)).durable == 1
    assert list(world.buffer.dirty) == [young]


def test_time_running_out_asks_for_the_order_again(world: World) -> None:
    for number in range(250):
        world.watch(number)
    world.seconds_left = iter([30.0, 5.0])
    report = world.flush()
    assert (report.durable, report.retry) == (200, True)
    assert len(world.buffer.dirty) == 50


def test_a_report_between_claim_and_acknowledgement_keeps_its_mark(world: World) -> None:
    key = world.watch()

    def meanwhile() -> None:
        world.later(1)
        world.watch(rev=2, position=2000.0)

    interrupt(world.publisher, "publish", meanwhile)
    report = world.flush()
    assert (report.durable, report.clean) == (1, 0)
    assert world.stored(key).position == 1234.5
    assert list(world.buffer.dirty) == [key]
    world.later(1)
    world.flush()
    assert world.stored(key).position == 2000.0
    assert [len(event.intervals) for event in world.publisher.events] == [1, 1]
    assert len({event.event_id for event in world.publisher.events}) == 2


def test_an_urgent_order_flushes_only_its_items(world: World) -> None:
    profile_id, item_id = world.watch(1)
    other = world.watch(2)
    report = world.flush(urgent_order(profile_id=profile_id, item_ids=[item_id]))
    assert (report.durable, report.clean) == (1, 1)
    assert list(world.buffer.dirty) == [other]


def test_a_pause_does_not_wait_for_another_flushers_lease(world: World) -> None:
    profile_id, item_id = world.watch()
    (held,) = world.buffer.claim(buckets=range(BUCKETS), dirty_before=None, limit=1)
    world.later(1)
    world.watch(rev=2, state="paused", position=1300.0)
    report = world.flush(urgent_order(profile_id=profile_id, item_ids=[item_id]))
    assert report.durable == 2  # the frozen outbox first, then what came since
    assert report.clean == 1
    assert world.stored((profile_id, item_id)).position == 1300.0
    assert world.buffer.acknowledge(items=[held]) == 0
    assert not world.buffer.dirty


def test_an_urgent_order_gives_way_to_a_viewer_who_never_stops(world: World) -> None:
    key = world.watch()
    interrupt(world.publisher, "publish", lambda: world.watch(rev=9), times=9)
    report = world.flush(urgent_order(profile_id=key[0], item_ids=[key[1]]))
    assert (report.durable, report.clean, report.retry) == (3, 0, False)
    assert list(world.buffer.dirty) == [key]


def test_a_store_that_is_down_loses_nothing_and_counts_for_nobody(world: World) -> None:
    key = world.watch()
    world.durable.down = True
    for _ in range(MAX_ATTEMPTS + 1):
        report = world.flush()
        assert (report.durable, report.failed, report.retry) == (0, 1, True)
    assert world.buffer.states[key].attempts == 0
    assert list(world.buffer.dirty) == [key]
    world.durable.down = False
    assert world.flush().clean == 1


def test_one_item_that_fails_does_not_hold_up_the_others(world: World) -> None:
    good, bad = world.watch(1), world.watch(2)
    world.durable.failures[bad] = UnavailableError("timed out")
    report = world.flush()
    assert (report.clean, report.failed, report.retry) == (1, 1, True)
    assert good not in world.buffer.dirty
    assert world.buffer.states[bad].attempts == 1
    assert list(world.buffer.dirty) == [bad]


def test_an_item_that_keeps_failing_alone_is_set_aside(world: World) -> None:
    bad = world.watch(1)
    world.durable.failures[bad] = UnavailableError("timed out")
    for number in range(2, MAX_ATTEMPTS + 2):
        world.watch(number)
        report = world.flush()
    assert (report.quarantined, report.retry) == (1, False)
    assert world.buffer.quarantined == {bad}
    assert world.quarantine.reasons == {bad: "timed out"}


@pytest.mark.parametrize("count", [1, 10, 100, 300])
def test_a_claim_of_nothing_but_poison_reaches_quarantine(world: World, count: int) -> None:
    bad = {world.watch(number) for number in range(count)}
    world.durable.failures = dict.fromkeys(bad, UnavailableError("timed out"))
    for attempt in range(MAX_ATTEMPTS):
        assert {world.buffer.states[key].attempts for key in bad} == {attempt}
        report = world.flush()
    assert (report.quarantined, report.retry) == (count, False)
    assert world.buffer.quarantined == bad
    assert not world.buffer.dirty


def test_poison_does_not_hold_up_what_became_dirty_after_it(world: World) -> None:
    bad = {world.watch(number) for number in range(250)}
    world.durable.failures = dict.fromkeys(bad, UnavailableError("timed out"))
    world.later(1)
    world.watch(1_000)
    assert world.flush().clean == 1


def test_one_item_that_takes_its_neighbours_down_is_found_out(world: World) -> None:
    keys = [world.watch(number) for number in range(200)]
    world.durable.breaking = {keys[77]}
    for _ in range(4):
        world.flush()
    assert list(world.buffer.dirty) == [keys[77]]
    for _ in range(4):
        world.flush()
    assert world.buffer.quarantined == {keys[77]}


def test_many_that_take_their_neighbours_down_have_no_healthy_one_set_aside(world: World) -> None:
    keys = [world.watch(number) for number in range(200)]
    world.durable.breaking = set(keys[::5])
    for _ in range(2 * MAX_ATTEMPTS):
        world.flush()
    assert world.buffer.quarantined == set(keys[::5])
    assert not world.buffer.dirty


def test_partitions_whose_replicas_are_down_count_for_nobody(world: World) -> None:
    away = {world.watch(number) for number in range(60)}
    world.durable.away = set(away)
    for number in range(20):
        world.watch(100 + number)
        report = world.flush()
        assert (report.clean, report.quarantined) == (1, 0)
    assert {world.buffer.states[key].attempts for key in away} == {0}
    world.durable.away.clear()
    assert world.flush().clean == len(away)


@pytest.mark.parametrize("refused", [0.1, 0.5, 0.8, 0.95])
def test_overload_sets_no_healthy_item_aside(world: World, refused: float) -> None:
    dice = random.Random(7)
    world.durable.overloaded = lambda: dice.random() < refused
    keys = {world.watch(number) for number in range(40)}
    for rev in range(2, 102):
        assert world.flush().quarantined == 0
        world.later(300)
        for number in range(40):
            world.watch(number, rev=rev)
    world.durable.overloaded = lambda: False
    world.flush()
    assert {key for key in keys if world.stored(key).rev == 101} == keys


def test_a_store_that_goes_down_between_two_tries_counts_for_nobody(world: World) -> None:
    key = world.watch()
    world.durable.failures[key] = UnavailableError("timed out")
    answers = iter([False, True])
    world.durable.overloaded = lambda: next(answers)
    world.flush()
    assert world.buffer.states[key].attempts == 0


def test_what_passes_at_its_second_try_is_done(world: World) -> None:
    world.watch()
    answers = iter([True, False, False])
    world.durable.overloaded = lambda: next(answers)
    assert world.flush().clean == 1


def test_a_second_failure_that_is_not_the_stores_counts(world: World) -> None:
    key = world.watch()
    world.durable.failures[key] = UnavailableError("timed out")

    def turn() -> None:
        world.durable.failures[key] = RuntimeError("odd")

    interrupt(world.durable, "takes_writes", turn)
    world.flush()
    assert world.buffer.states[key].attempts == 1


@pytest.mark.parametrize("left", [[60.0, 5.0], [60.0, 60.0, 5.0], [60.0, 60.0, 60.0, 5.0]])
def test_without_time_for_a_second_try_nothing_counts(world: World, left: list[float]) -> None:
    key = world.watch()
    world.durable.failures[key] = UnavailableError("timed out")
    world.seconds_left = iter([*left, *[5.0] * 9])
    assert world.flush().retry
    assert world.buffer.states[key].attempts == 0


def test_a_failure_that_is_not_the_stores_counts_even_alone(world: World) -> None:
    bad = world.watch()
    world.durable.failures[bad] = RuntimeError("odd")
    report = world.flush()
    assert (report.failed, report.retry) == (1, True)
    assert world.buffer.states[bad].attempts == 1


def test_poison_is_told_and_set_aside_at_once(world: World) -> None:
    good, bad = world.watch(1), world.watch(2)
    world.durable.failures[bad] = PoisonError("too large")
    report = world.flush()
    assert (report.clean, report.quarantined, report.retry) == (1, 1, False)
    assert good not in world.buffer.dirty
    assert not world.buffer.dirty
    assert world.buffer.quarantined == {bad}
    assert [message.item_id for message in world.quarantine.messages.values()] == [bad[1]]


def test_poison_stays_dirty_while_nobody_can_be_told(world: World) -> None:
    bad = world.watch()
    world.durable.failures[bad] = PoisonError("too large")
    world.quarantine.down = True
    report = world.flush()
    assert (report.quarantined, report.retry) == (0, True)
    assert list(world.buffer.dirty) == [bad]


def test_what_can_not_be_read_is_told_and_set_aside(world: World) -> None:
    good, bad = world.watch(1), world.watch(2)
    world.buffer.unreadable[bad] = "no place"
    report = world.flush()
    assert (report.clean, report.quarantined, report.retry) == (1, 1, False)
    assert good not in world.buffer.dirty
    assert world.buffer.quarantined == {bad}
    assert world.quarantine.reasons == {bad: "no place"}


def test_a_claim_of_nothing_readable_does_not_end_a_flush(world: World) -> None:
    bad = {world.watch(number) for number in range(200)}
    world.buffer.unreadable = dict.fromkeys(bad, "no place")
    world.later(1)
    world.watch(200)
    report = world.flush()
    assert (report.clean, report.quarantined) == (1, 200)


def test_what_can_not_be_read_stays_leased_while_nobody_can_be_told(world: World) -> None:
    bad = world.watch()
    world.buffer.unreadable[bad] = "no place"
    world.quarantine.down = True
    report = world.flush()
    assert (report.quarantined, report.retry) == (0, True)
    assert list(world.buffer.claimed) == [bad]
    world.quarantine.down = False
    world.later(61)
    assert world.flush().quarantined == 1


def test_a_new_report_replaces_what_can_not_be_read(world: World) -> None:
    bad = world.watch()
    world.buffer.unreadable[bad] = "no place"
    world.flush()
    world.later(1)
    world.watch(rev=2)
    assert world.flush().clean == 1
    assert not world.buffer.quarantined


def test_a_new_report_frees_an_item_from_quarantine(world: World) -> None:
    bad = world.watch()
    world.durable.failures[bad] = PoisonError("too large")
    world.flush()
    world.durable.failures.clear()
    world.later(1)
    world.watch(rev=2)
    assert world.flush().clean == 1
    assert not world.buffer.quarantined


def test_an_event_that_is_not_published_keeps_its_item_dirty(world: World) -> None:
    keys = [world.watch(1), world.watch(2)]
    (refused,) = world.buffer.claim_items(profile_id=keys[1][0], item_ids=[keys[1][1]])
    world.publisher.refused.add(event_of(refused).event_id)
    world.later(61)
    report = world.flush()
    assert (report.clean, report.failed, report.retry) == (1, 1, True)
    world.publisher.refused.clear()
    world.flush()
    assert {event.event_id for event in world.publisher.events} >= {event_of(refused).event_id}
    assert not world.buffer.dirty


def test_a_publisher_that_is_down_keeps_everything_dirty(world: World) -> None:
    key = world.watch()
    world.publisher.down = True
    report = world.flush()
    assert (report.durable, report.retry) == (0, True)
    assert list(world.buffer.dirty) == [key]


def test_a_flush_gives_up_when_it_is_not_the_items_that_are_sick(world: World) -> None:
    for number in range(GIVE_UP_AFTER + 600):
        key = world.watch(number)
        if number % 100:
            world.durable.failures[key] = UnavailableError("timed out")
    report = world.flush()
    assert report.retry
    assert GIVE_UP_AFTER <= report.failed < GIVE_UP_AFTER + 400
    assert len(world.buffer.dirty) == GIVE_UP_AFTER + 600 - report.clean


LAST = Report(
    video_id=make.VIDEO,
    item_id=make.VIDEO,
    playback_id="pb-9",
    seq=1,
    act=1,
    act_kind="start",
    played_since_act=2.0,
    position=3.0,
    state="playing",
    event_time=make.NOW_US,
)


def provisional(world: World) -> tuple[str, str]:
    place = make.make_place(rev=1, owner="pb-9", position=3.0, changed_at=world.buffer.now_us)
    item = make.make_item(place=place, provisional=True)
    world.buffer.store(item, last=(LAST, FACTS))
    return item.profile_id, item.item_id


def test_a_provisional_place_gives_way_to_the_durable_one(world: World) -> None:
    key = provisional(world)
    world.durable.stored[(key[0], make.VIDEO, key[1])] = make.make_place(
        rev=7, changed_at=make.NOW_US - 9 * SECOND
    )
    assert world.flush().clean == 1
    assert (world.stored(key).position, world.stored(key).rev) == (1234.5, 8)


def test_a_provisional_place_without_a_durable_one_stands(world: World) -> None:
    key = provisional(world)
    assert world.flush().clean == 1
    assert world.stored(key).position == 3.0


def test_a_provisional_place_waits_for_the_store(world: World) -> None:
    key = provisional(world)
    world.durable.down = True
    assert world.flush().retry
    assert world.buffer.states[key].provisional
    assert list(world.buffer.dirty) == [key]


def test_a_provisional_place_that_moves_meanwhile_is_left_for_the_next_flush(world: World) -> None:
    key = provisional(world)
    interrupt(world.durable, "place", lambda: provisional(world))
    report = world.flush()
    assert (report.durable, report.failed) == (0, 0)
    assert list(world.buffer.dirty) == [key]
    world.later(1)
    assert world.flush().clean == 1


def test_a_provisional_place_that_the_store_can_not_name_is_poison(world: World) -> None:
    good, key = world.watch(2), provisional(world)
    world.durable.failures[key] = PoisonError("no such id")
    report = world.flush()
    assert (report.clean, report.quarantined, report.retry) == (1, 1, False)
    assert good not in world.buffer.dirty
    assert world.buffer.quarantined == {key}


class KilledError(BaseException):
    """The flusher's process is gone."""


STEPS = ["settle", "write", "publish", "acknowledge"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_flusher_killed_at_any_step_loses_nothing(world: World, step: str, after: bool) -> None:
    keys = [world.watch(1), world.watch(2), provisional(world)]
    ports = {"settle": world.buffer, "write": world.durable, "publish": world.publisher}
    restore = interrupt(ports.get(step, world.buffer), step, killed, after=after)
    with pytest.raises(KilledError):
        world.flush()
    restore()
    world.later(61)
    world.flush()
    assert not world.buffer.dirty
    assert not world.buffer.claimed
    assert {key for key in keys if world.stored(key)} == set(keys)
    assert len({event.event_id for event in world.publisher.events}) == len(keys)


def killed() -> None:
    raise KilledError


def interrupt(
    port: Any,
    method: str,
    action: Callable[[], object],
    *,
    after: bool = False,
    times: int = 1,
) -> Callable[[], None]:
    """Make `action` happen around the next calls of a port's method; return what undoes it."""
    cls = type(port)
    real = getattr(cls, method)
    left = [times]

    def interrupted(self: Any, **arguments: Any) -> Any:
        if self is not port or not left[0]:
            return real(self, **arguments)
        left[0] -= 1
        if after:
            answer = real(self, **arguments)
            action()
            return answer
        action()
        return real(self, **arguments)

    patch = pytest.MonkeyPatch()
    patch.setattr(cls, method, interrupted)
    _PATCHES.append(patch)
    return patch.undo


_PATCHES: list[pytest.MonkeyPatch] = []


@pytest.fixture(autouse=True)
def _undo() -> Iterator[None]:
    yield
    while _PATCHES:
        _PATCHES.pop().undo()
