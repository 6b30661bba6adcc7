"""The processes of the day in miniature: those who report, the scheduled flush, the urgent one."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench import machine, world
from bench.day_viewers import STEP_SECONDS, Household, household
from bench.flush_contenders import NO_HURRY, Nobody, NoQuarantine
from bench.stores import calls_to
from reprise.adapters.cassandra_session import CassandraAddress, CassandraConnection
from reprise.adapters.dirty_buffer_redis import RedisDirtyBuffer
from reprise.adapters.places_cassandra import CassandraPlaces
from reprise.application.flush_places import FlushReport, flush_places
from reprise.application.plan_flush import plan_flush
from reprise.application.record_progress import record_progress
from reprise.domain.catalog import Title
from reprise.domain.flush import FlushOrder
from reprise.domain.identity import Viewer
from reprise.domain.playstate import DirtyItem, Place

FLUSH_EVERY = 300.0
"""Simulated seconds between two planned flushes."""

type Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What every process is told. `clocks` has each reporter's simulated seconds so far."""

    redis_url: str
    address: CassandraAddress
    hours: float
    speed: float
    films: Sequence[Title]
    clocks: Any
    urgent: Any
    answers: Any

    @property
    def simulated(self) -> float:
        """How far the slowest reporter is."""
        return float(min(self.clocks))

    @property
    def seconds(self) -> float:
        return self.hours * world.HOUR


@dataclass(slots=True)
class Reported:
    """What one reporter sent in real `seconds`, and the place after each profile's last report."""

    seconds: float = 0.0
    rules: Counter[str] = field(default_factory=Counter)
    places: dict[Key, Place] = field(default_factory=dict)
    memory: int = 0


@dataclass(slots=True)
class Flushed:
    """What one flusher did. Lags are real seconds."""

    rows: Counter[str] = field(default_factory=Counter)
    lags: list[float] = field(default_factory=list)
    rounds: list[float] = field(default_factory=list)
    memory: int = 0


def report(plan: Plan, number: int, profiles: Sequence[tuple[Viewer, Viewer]]) -> None:
    """Be some of the viewers, for all of the simulated time."""
    world.become_function(
        world.handler_environment(redis_url=plan.redis_url, cassandra=plan.address)
    )
    from reprise.bootstrap.stream import StreamWiring  # noqa: PLC0415
    from reprise.settings import StreamSettings  # noqa: PLC0415

    wiring = StreamWiring(StreamSettings.from_env(world.environment()))
    wiring.queue = UrgentQueue(plan.urgent)
    homes = [
        household(sessions, plan.films, seed=number * 1_000_003 + each)
        for each, sessions in enumerate(profiles)
    ]
    found = Reported()
    began = time.monotonic()
    for step in range(round(plan.seconds / STEP_SECONDS)):
        for each, home in enumerate(homes):
            _send(wiring, home, found)
            _keep_pace(plan, number, began, (step + each / len(homes)) * STEP_SECONDS)
    plan.clocks[number] = plan.seconds
    found.seconds = time.monotonic() - began
    found.memory = machine.peak_rss()
    plan.answers.put(found)


def _send(wiring: Any, home: Household, found: Reported) -> None:
    for sent in home.step():
        outcome = record_progress(
            viewer=sent.viewer,
            report=sent.report,
            catalog=wiring.catalog,
            live=wiring.live,
            durable=wiring.durable,
            queue=wiring.queue,
            now=int(time.time()),
        )
        found.rules[outcome.rule] += 1
        if outcome.place is not None:
            found.places[sent.viewer.profile_id, sent.report.item_id] = outcome.place


def _keep_pace(plan: Plan, number: int, began: float, simulated: float) -> None:
    """Tell how far we are, and wait where that is further than the speed allows."""
    plan.clocks[number] = simulated
    ahead = simulated / plan.speed - (time.monotonic() - began)
    if ahead > 0.001:
        time.sleep(ahead)


class UrgentQueue:
    """The port `FlushQueue`: orders with the instant they were sent at, to the urgent flusher."""

    def __init__(self, orders: Any) -> None:
        self._orders = orders

    def send(self, *, orders: Sequence[FlushOrder]) -> None:
        for order in orders:
            self._orders.put((time.monotonic(), order))


class PlannedQueue:
    """The port `FlushQueue`, for the planner: keeps its orders."""

    def __init__(self) -> None:
        self.orders: list[FlushOrder] = []

    def send(self, *, orders: Sequence[FlushOrder]) -> None:
        self.orders.extend(orders)


class CountedPlaces(CassandraPlaces):
    """The watch history, which counts the rows it wrote, and how long each item had waited."""

    def __init__(self, connection: CassandraConnection) -> None:
        super().__init__(connection)
        self.rows: Counter[str] = Counter()
        self.lags: list[float] = []

    def write(self, *, items: Sequence[DirtyItem], now: int) -> Mapping[Key, Exception]:
        failures = super().write(items=items, now=now)
        written = world.now_us()
        for item in items:
            if (item.profile_id, item.item_id) not in failures:
                self.lags.append((written - item.dirty_since) / 1e6)
                self.rows["latest_position"] += 1
                self.rows["user_watch_history"] += 1 + len(item.closed_viewings)
                self.rows["watch_position_by_device"] += len(item.devices)
        return failures


def flush_on_schedule(plan: Plan) -> None:
    """Flush whenever five simulated minutes have passed, and once more when all is reported."""
    flush, places, buffer = _flusher(plan)
    found = Flushed()
    reported = False
    while not reported:
        due = min(plan.seconds, (plan.simulated // FLUSH_EVERY + 1) * FLUSH_EVERY)
        while plan.simulated < due:
            time.sleep(0.02)
        reported = plan.simulated >= plan.seconds
        began = time.monotonic()
        planned = PlannedQueue()
        plan_flush(buffer=buffer, queue=planned, now_us=world.now_us())
        for order in planned.orders:
            flush(order)
        found.rounds.append(time.monotonic() - began)
    found.lags = places.lags
    found.rows, found.memory = places.rows, machine.peak_rss()
    plan.answers.put(found)


def flush_urgently(plan: Plan) -> None:
    """Flush what was paused or stopped, as it comes, until None comes."""
    flush, places, _ = _flusher(plan)
    found = Flushed()
    while (message := plan.urgent.get()) is not None:
        sent_at, order = message
        if flush(order).durable:
            found.lags.append(time.monotonic() - sent_at)
    found.rows, found.memory = places.rows, machine.peak_rss()
    plan.answers.put(found)


def _flusher(
    plan: Plan,
) -> tuple[Callable[[FlushOrder], FlushReport], CountedPlaces, RedisDirtyBuffer]:
    places = CountedPlaces(CassandraConnection(plan.address))
    buffer = RedisDirtyBuffer(calls_to(plan.redis_url))

    def flush(order: FlushOrder) -> FlushReport:
        return flush_places(
            order=order,
            buffer=buffer,
            durable=places,
            publisher=Nobody(),
            quarantine=NoQuarantine(),
            now_us=world.now_us,
            time_left=lambda: NO_HURRY,
        )

    return flush, places, buffer
