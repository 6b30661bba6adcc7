"""Timing that survives a busy machine: contenders take turns in short blocks, medians are kept.

A ratio of two things measured in turns shares its noise; two things measured one after the other do
not. Processor time counts the whole process, all threads.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from bench.console import note


@dataclass(frozen=True, slots=True)
class Contender:
    """What is measured: `action` on each of the inputs, which are made before the clock runs.

    `before` runs before each call, off the clock of walls; processor time is then of both.
    """

    action: Callable[[Any], object]
    inputs: Callable[[int], Sequence[Any]] = lambda count: (None,) * count
    before: Callable[[], None] | None = None

    @classmethod
    def plain(
        cls, action: Callable[[], object], *, before: Callable[[], None] | None = None
    ) -> "Contender":
        """Return a contender whose action takes nothing."""
        return cls(lambda _: action(), before=before)


@dataclass(slots=True)
class Sample:
    """Seconds of every call, and processor seconds a call of every block."""

    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        return median(self.walls)

    @property
    def p95(self) -> float:
        return quantiles(self.walls, n=20)[-1]

    @property
    def cpu(self) -> float:
        """Processor seconds a call, the median over blocks."""
        return median(self.cpus)

    @property
    def rate(self) -> float:
        """Calls a second, one after the other, by the mean of the middle four fifths."""
        walls = sorted(self.walls)
        edge = len(walls) // 10
        middle = walls[edge : len(walls) - edge]
        return len(middle) / sum(middle)


def in_turns(
    contenders: Mapping[str, Contender], *, blocks: int, calls: int, warm_up: int = 1
) -> Mapping[str, Sample]:
    """Run `blocks` rounds, in each of them every contender `calls` times in a row."""
    samples = {name: Sample() for name in contenders}
    for block in range(-warm_up, blocks):
        for name, contender in contenders.items():
            walls, cpu = _block(contender, calls)
            if block >= 0:
                samples[name].walls += walls
                samples[name].cpus.append(cpu / calls)
        note(f"round {block + 1}/{blocks}")
    return samples


def _block(contender: Contender, calls: int) -> tuple[list[float], float]:
    walls: list[float] = []
    inputs, before = contender.inputs(calls), contender.before
    cpu = time.process_time()
    for given in inputs:
        if before is not None:
            before()
        started = time.perf_counter()
        contender.action(given)
        walls.append(time.perf_counter() - started)
    return walls, time.process_time() - cpu
