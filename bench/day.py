"""A day's load in miniature: viewers report for a simulated hour, faster than time.

All clocks are real, only the pauses between reports are short: a viewer reports every 30 simulated
seconds, the flush is due every 300, and nobody waits where the machine is slower than the speed
asked for. What is reported goes through the real use cases into real Redis and Cassandra. In the
end every place that stood after a last report is compared with Cassandra's.
"""

import argparse
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from statistics import median, quantiles
from typing import Any

from bench import console, world
from bench.day_workers import (
    Flushed,
    Key,
    Plan,
    Reported,
    flush_on_schedule,
    flush_urgently,
    report,
)
from bench.figures import Section, Table, Target, mebibytes
from bench.stores import Redis, cassandra, private_redis
from reprise.adapters import cassandra_rows
from reprise.adapters.cassandra_session import CassandraAddress, CassandraConnection
from reprise.adapters.dirty_buffer_redis import RedisDirtyBuffer
from reprise.adapters.place_codec import place_from_json
from reprise.domain.playstate import Place

FILMS = 200
TABLES = ("latest_position", "user_watch_history", "watch_position_by_device")
URGENT_SECONDS = 2.0


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--viewers", type=int, default=10_000)
    parser.add_argument("--hours", type=float, default=1.0, help="simulated")
    parser.add_argument("--speed", type=float, default=100.0, help="at most this much faster")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="of reporters")


def run(options: argparse.Namespace) -> Section:
    with private_redis() as redis, cassandra() as address:
        day = _live_through(options, redis, address)
        memory = int(redis.calls.client.info("memory")["used_memory_peak"])
        left = sum(each.items for each in RedisDirtyBuffer(redis.calls).backlog().values())
        lost = list(_differences(day.places, address))
    return Section(
        title="A day in miniature",
        how=(
            f"{options.viewers:,} viewers, each reporting every 30 s for {options.hours:g}"
            f" simulated hours, {options.processes} reporting processes, one process for the"
            " planned flush every 5 simulated minutes and one for pauses and stops; asked for"
            f" {options.speed:g} × real time, achieved {day.speed:.1f} × ({day.seconds:,.0f} s)."
            " They pause, resume, seek, stop, start the next film, and hand over to a phone while"
            " the television still plays."
        ),
        targets=_targets(day, lost, left),
        tables=(_write_table(day), _lag_table(day), _memory_table(day, memory)),
    )


@dataclass(frozen=True, slots=True)
class Day:
    """Everything that was found, and how long it took in real seconds."""

    reporters: Sequence[Reported]
    planned: Flushed
    urgent: Flushed
    seconds: float
    simulated: float

    @property
    def speed(self) -> float:
        return self.simulated / self.seconds

    @property
    def rules(self) -> Counter[str]:
        return sum((each.rules for each in self.reporters), Counter())

    @property
    def places(self) -> Mapping[Key, Place]:
        return {key: place for each in self.reporters for key, place in each.places.items()}

    @property
    def rows(self) -> Counter[str]:
        return self.planned.rows + self.urgent.rows


def _live_through(options: argparse.Namespace, redis: Redis, address: CassandraAddress) -> Day:
    context = multiprocessing.get_context("spawn")
    films = world.films(FILMS, hours=2)
    world.publish(redis.calls, films)
    profiles = [world.sign_in_twice(redis.calls) for _ in range(options.viewers)]
    plan = Plan(
        redis_url=redis.url,
        address=address,
        hours=options.hours,
        speed=options.speed,
        films=films,
        clocks=context.Array("d", options.processes, lock=False),
        urgent=context.Queue(),
        answers=context.Queue(),
    )
    shares = list(batched(profiles, -(-len(profiles) // options.processes), strict=False))
    reporters = [
        context.Process(target=report, args=(plan, number, share))
        for number, share in enumerate(shares)
    ]
    flushers = [
        context.Process(target=flush_on_schedule, args=(plan,)),
        context.Process(target=flush_urgently, args=(plan,)),
    ]
    began = time.monotonic()
    return _await(plan, reporters, flushers, began)


def _await(plan: Plan, reporters: Sequence[Any], flushers: Sequence[Any], began: float) -> Day:
    """Start everybody, collect what they found, and end them in order."""
    for process in (*flushers, *reporters):
        process.start()
    reported = [_next(plan, reporters) for _ in reporters]
    seconds = time.monotonic() - began
    plan.urgent.put(None)
    flushed = [_next(plan, flushers) for _ in flushers]
    for process in (*reporters, *flushers):
        process.join()
    planned = next(each for each in flushed if each.rounds)
    urgent = next(each for each in flushed if each is not planned)
    return Day(reported, planned, urgent, seconds, plan.seconds)


def _next(plan: Plan, processes: Sequence[Any]) -> Any:
    while plan.answers.empty():
        if any(process.exitcode not in {None, 0} for process in processes):
            raise RuntimeError("a process of the day failed")
        console.note(f"{plan.simulated / 60:.1f} simulated minutes")
        time.sleep(0.5)
    return plan.answers.get()


def _differences(places: Mapping[Key, Place], address: CassandraAddress) -> Iterator[Key]:
    """Yield every place that Cassandra does not have exactly as it stood after its last report."""
    from cassandra.concurrent import execute_concurrent_with_args  # noqa: PLC0415

    connection = CassandraConnection(address)
    try:
        statement = connection.prepared(cassandra_rows.PLACE)
        keys = list(places)
        values = [cassandra_rows.uuids(profile, item, item) for profile, item in keys]
        found = execute_concurrent_with_args(connection.session(), statement, values)
        for key, (_, rows) in zip(keys, found, strict=True):
            row = rows.one()
            if row is None or not _same(places[key], place_from_json(row.place)):
                yield key
    finally:
        connection.close()


def _same(stood: Place, stored: Place) -> bool:
    """Say whether no accepted report is missing: the revision names it, the rest proves it."""
    return (stood.rev, stood.position, stood.owner, stood.state, stood.completed) == (
        *(stored.rev, stored.position, stored.owner, stored.state, stored.completed),
    )


def _targets(day: Day, lost: Sequence[Key], left: int) -> tuple[Target, ...]:
    urgent = (
        quantiles(day.urgent.lags, n=20, method="inclusive")[-1]
        if len(day.urgent.lags) > 1
        else 0.0
    )
    return (
        Target(f"places lost of {len(day.places):,}", "0", str(len(lost)), not lost),
        Target("items left dirty after the last flush", "0", str(left), not left),
        Target(
            "pause or stop until durable, p95, real seconds",
            f"≤ {URGENT_SECONDS:g}",
            f"{urgent:.2f}",
            urgent <= URGENT_SECONDS,
        ),
    )


def _write_table(day: Day) -> Table:
    reports = day.rules.total()
    lines = [
        (name, f"{rows:,}", f"{day.planned.rows[name]:,}", f"{reports / rows:.1f}")
        for name in TABLES
        if (rows := day.rows[name])
    ]
    rules = ", ".join(f"{count:,} {rule}" for rule, count in day.rules.most_common())
    return Table(
        (f"{reports:,} reports ({rules})", "rows written", "of the planned flush", "reports a row"),
        tuple(lines),
    )


def _lag_table(day: Day) -> Table:
    rows = [
        _lags("planned flush: dirty until durable", day.planned.lags, day.speed),
        _lags("pause or stop: ordered until durable", day.urgent.lags, day.speed),
        _lags("one planned flush of everything", day.planned.rounds, day.speed),
    ]
    columns = ("lag", "count", "p50", "p95", "longest", "p95, simulated")
    return Table(columns, tuple(rows))


def _lags(name: str, lags: Sequence[float], speed: float) -> tuple[str, ...]:
    if len(lags) < 2:
        return (name, str(len(lags)), "–", "–", "–", "–")
    late = _p95(lags)
    seconds = (f"{value:.2f} s" for value in (median(lags), late, max(lags)))
    return (name, f"{len(lags):,}", *seconds, f"{late * speed:,.0f} s")


def _p95(lags: Sequence[float]) -> float:
    return quantiles(lags, n=20, method="inclusive")[-1]


def _memory_table(day: Day, redis: int) -> Table:
    reporter = max(each.memory for each in day.reporters)
    rows = [
        ("Redis", mebibytes(redis), f"{redis / len(day.places) / 1024:.1f} KiB a place"),
        ("planned flusher", mebibytes(day.planned.memory), ""),
        ("urgent flusher", mebibytes(day.urgent.memory), ""),
        ("a reporter, with its viewers", mebibytes(reporter), ""),
    ]
    return Table(("peak memory", "held", ""), tuple(rows))


if __name__ == "__main__":
    console.main(run, about=__doc__, arguments=arguments)
