"""A day's load in miniature: viewers report for a simulated hour, faster than time.

All clocks are real, only the pauses between reports are short: a viewer reports every 30 simulated
seconds, the flush is due every 300, and nobody waits where the machine is slower than the speed
asked for. What is reported goes through the real use cases into real Redis and Cassandra. In the
end every place that stood after a last report is compared with Cassandra's.

Ten thousand viewers at 100 × are 33,000 reports a second, more than one Redis merges: that hour
takes as long as the machine takes. So a second, smaller crowd lives through the same hour, one that
the machine serves at the speed asked for.
"""

import argparse
import multiprocessing
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import batched
from typing import Any

from bench import console, world
from bench.day_found import Day, lag_table, memory_table, pace_table, targets, write_table
from bench.day_workers import (
    Flushed,
    Key,
    Plan,
    Reported,
    flush_on_schedule,
    flush_urgently,
    report,
)
from bench.figures import Section
from bench.stores import Redis, cassandra, private_redis
from reprise.adapters import cassandra_rows
from reprise.adapters.cassandra_session import CassandraAddress, CassandraConnection
from reprise.adapters.dirty_buffer_redis import RedisDirtyBuffer
from reprise.adapters.place_codec import place_from_json
from reprise.domain.playstate import Place

FILMS = 200


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--viewers", type=int, default=10_000)
    parser.add_argument("--crowd", type=int, default=400, help="viewers served at --speed")
    parser.add_argument("--hours", type=float, default=1.0, help="simulated")
    parser.add_argument("--speed", type=float, default=100.0, help="at most this much faster")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="of reporters")


def run(options: argparse.Namespace) -> Section:
    many = _day(options, options.viewers)
    crowd = _day(options, options.crowd)
    return Section(
        title="A day in miniature",
        how=(
            f"Viewers report every 30 s for {options.hours:g} simulated hours, from"
            f" {options.processes} processes; one process is the planned flush every 5 simulated"
            " minutes and one flushes pauses and stops. They pause, resume, seek, stop, start the"
            " next film, and hand over to a phone while the television still plays. First"
            f" {options.viewers:,} viewers, as fast as this machine serves them (decision 0009),"
            f" then {options.crowd:,} at {options.speed:g} ×."
        ),
        targets=targets(many, crowd, speed=options.speed),
        tables=(pace_table(many, crowd), write_table(many), lag_table(many), memory_table(many)),
    )


def _day(options: argparse.Namespace, viewers: int) -> Day:
    with private_redis() as redis, cassandra() as address:
        reporters, planned, urgent = _live_through(options, viewers, redis, address)
        places = {key: place for each in reporters for key, place in each.places.items()}
        return Day(
            reporters=reporters,
            planned=planned,
            urgent=urgent,
            viewers=viewers,
            simulated=options.hours * world.HOUR,
            memory=int(redis.calls.client.info("memory")["used_memory_peak"]),
            left=sum(each.items for each in RedisDirtyBuffer(redis.calls).backlog().values()),
            lost=list(_differences(places, address)),
        )


type Found = tuple[Sequence[Reported], Flushed, Flushed]


def _live_through(
    options: argparse.Namespace, viewers: int, redis: Redis, address: CassandraAddress
) -> Found:
    context = multiprocessing.get_context("spawn")
    films = world.films(FILMS, hours=2)
    world.publish(redis.calls, films)
    profiles = [world.sign_in_twice(redis.calls) for _ in range(viewers)]
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
    return _await(plan, reporters, flushers)


def _await(plan: Plan, reporters: Sequence[Any], flushers: Sequence[Any]) -> Found:
    """Start everybody, collect what they found, and end them in order."""
    for process in (*flushers, *reporters):
        process.start()
    reported = [_next(plan, reporters) for _ in reporters]
    plan.urgent.put(None)
    flushed = [_next(plan, flushers) for _ in flushers]
    for process in (*reporters, *flushers):
        process.join()
    planned = next(each for each in flushed if each.rounds)
    urgent = next(each for each in flushed if each is not planned)
    return reported, planned, urgent


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


if __name__ == "__main__":
    console.main(run, about=__doc__, arguments=arguments)
