"""The flush against the driver alone: the same rows, the same concurrency, in turns.

The flusher claims, writes, publishes to nobody and acknowledges; the driver is only handed rows,
ready made, by `execute_concurrent_with_args`. Each is a process of its own, so that the flusher's
peak memory is its own.
"""

import argparse
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from statistics import median

from bench import console, flush_contenders
from bench.console import note
from bench.dirty import make_dirty
from bench.figures import Section, Table, Target, mebibytes, percent
from bench.flush_contenders import Turn
from bench.stores import Redis, cassandra, private_redis
from reprise.adapters.cassandra_session import CassandraAddress
from reprise.adapters.dirty_buffer_redis import RedisDirtyBuffer
from reprise.domain.flush import FlushOrder, orders_for

SHARE, MEMORY = 0.8, 256 * 2**20


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--items", type=int, default=100_000, help="dirty items to flush")


def run(options: argparse.Namespace) -> Section:
    with private_redis() as redis, cassandra() as address:
        make_dirty(redis, count=options.items)
        contest = _race(redis, address)
    return Section(
        title="Flush",
        how=(
            f"{options.items:,} dirty items of as many profiles, three rows each, flushed by the"
            " orders that the planner would send, one after the other, by the real use case on"
            " real Redis and Cassandra; events go to nobody. After each order the driver alone"
            " writes as many fresh rows with `execute_concurrent_with_args`, its rows ready made,"
            " at the same concurrency. The node shares the machine with both."
        ),
        targets=_targets(contest),
        tables=(_table(contest),),
    )


@dataclass(frozen=True, slots=True)
class Contest:
    """All turns of both, and the most memory (bytes) the flusher ever held."""

    flusher: Sequence[Turn]
    driver: Sequence[Turn]
    peak: int
    started_with: int

    @property
    def share(self) -> float:
        """The flusher's speed by the driver's, the median over turns."""
        pairs = zip(self.flusher, self.driver, strict=True)
        return median(ours.rate / theirs.rate for ours, theirs in pairs)


def _race(redis: Redis, address: CassandraAddress) -> Contest:
    orders = orders_for(backlog=RedisDirtyBuffer(redis.calls).backlog())
    with _alone(redis.url, address) as flusher, _alone(redis.url, address) as driver:
        driver.submit(flush_contenders.write_rows, 300).result()
        started_with = flusher.submit(flush_contenders.peak).result()
        ours, theirs = [], []
        for number, order in enumerate(orders, start=1):
            ours.append(flusher.submit(flush_contenders.flush, order).result())
            theirs.append(driver.submit(flush_contenders.write_rows, ours[-1].rows).result())
            note(f"order {number}/{len(orders)}: {ours[-1].rate:,.0f} rows/s")
        peak = flusher.submit(flush_contenders.peak).result()
    _prove_flushed(redis, orders)
    return Contest(ours, theirs, peak, started_with)


def _alone(redis_url: str, address: CassandraAddress) -> ProcessPoolExecutor:
    """Return one fresh process; its state is made when it starts."""
    return ProcessPoolExecutor(
        max_workers=1,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=flush_contenders.start,
        initargs=(redis_url, address),
    )


def _prove_flushed(redis: Redis, orders: Sequence[FlushOrder]) -> None:
    left = RedisDirtyBuffer(redis.calls).backlog()
    if not orders or left:
        raise RuntimeError(f"the flush left {sum(each.items for each in left.values())} items")


def _targets(contest: Contest) -> tuple[Target, ...]:
    return (
        Target(
            "rows a second against the driver alone",
            f"≥ {percent(SHARE)}",
            percent(contest.share),
            contest.share >= SHARE,
        ),
        Target(
            "peak memory of the flusher",
            f"≤ {mebibytes(MEMORY)}",
            mebibytes(contest.peak),
            contest.peak <= MEMORY,
        ),
    )


def _table(contest: Contest) -> Table:
    rows = [_row("flusher", contest.flusher), _row("driver alone", contest.driver)]
    return Table(("contender", "rows", "rows/s, median of turns", "processor a row"), tuple(rows))


def _row(name: str, turns: Sequence[Turn]) -> tuple[str, ...]:
    rows = sum(turn.rows for turn in turns)
    cpu = sum(turn.cpu for turn in turns) / rows
    rate = median(turn.rate for turn in turns)
    return (name, f"{rows:,}", f"{rate:,.0f}", f"{cpu * 1e6:,.0f} µs")


if __name__ == "__main__":
    console.main(run, about=__doc__, arguments=arguments)
