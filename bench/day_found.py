"""What was found of a day in miniature, and the tables that tell it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from bench.day_workers import Flushed, Key, Reported
from bench.figures import Table, Target, mebibytes
from reprise.domain.playstate import Place

TABLES = ("latest_position", "user_watch_history", "watch_position_by_device")
URGENT_SECONDS = 2.0
ON_TIME = 0.99
"""Of the speed asked for: what waiting between two reports may round off."""


@dataclass(frozen=True, slots=True)
class Day:
    """Everything that was found, and how long it took in real seconds."""

    reporters: Sequence[Reported]
    planned: Flushed
    urgent: Flushed
    viewers: int
    simulated: float
    memory: int
    left: int
    lost: Sequence[Key]

    @property
    def seconds(self) -> float:
        return max(each.seconds for each in self.reporters)

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


def targets(many: Day, crowd: Day, *, speed: float) -> tuple[Target, ...]:
    places = len(many.places) + len(crowd.places)
    lost = len(many.lost) + len(crowd.lost)
    left = many.left + crowd.left
    urgent = max(_p95(day.urgent.lags) for day in (many, crowd))
    return (
        Target(f"places lost of {places:,}", "0", str(lost), not lost),
        Target("items left dirty after the last flush", "0", str(left), not left),
        Target(
            "pause or stop until durable, p95, real seconds",
            f"≤ {URGENT_SECONDS:g}",
            f"{urgent:.2f}",
            urgent <= URGENT_SECONDS,
        ),
        _speed_target(many, speed),
        _speed_target(crowd, speed),
    )


def _speed_target(day: Day, speed: float) -> Target:
    return Target(
        f"the hour of {day.viewers:,} viewers at {speed:g} ×",
        f"≥ {speed * ON_TIME:g} ×",
        f"{day.speed:.1f} ×",
        day.speed >= speed * ON_TIME,
    )


def pace_table(*days: Day) -> Table:
    lines = [
        (
            f"{day.viewers:,}",
            f"{day.speed:.1f} ×",
            f"{day.seconds:,.0f} s",
            f"{day.rules.total():,}",
            f"{day.rules.total() / day.seconds:,.0f}/s",
            f"{len(day.lost)} of {len(day.places):,}",
            f"{_p95(day.planned.lags) * day.speed:,.0f} s",
            f"{_p95(day.urgent.lags):.2f} s",
        )
        for day in days
    ]
    columns = (
        *("viewers", "speed", "took", "reports", "served", "places lost"),
        *("planned lag, p95, simulated", "pause or stop, p95"),
    )
    return Table(columns, tuple(lines))


def write_table(day: Day) -> Table:
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


def lag_table(day: Day) -> Table:
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
    return quantiles(lags, n=20, method="inclusive")[-1] if len(lags) > 1 else 0.0


def memory_table(day: Day) -> Table:
    reporter = max(each.memory for each in day.reporters)
    rows = [
        ("Redis", mebibytes(day.memory), f"{day.memory / len(day.places) / 1024:.1f} KiB a place"),
        ("planned flusher", mebibytes(day.planned.memory), ""),
        ("urgent flusher", mebibytes(day.urgent.memory), ""),
        ("a reporter, with its viewers", mebibytes(reporter), ""),
    ]
    return Table(("peak memory", "held", ""), tuple(rows))
