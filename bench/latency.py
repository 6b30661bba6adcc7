"""How handlers compare with a bare call, whichever of them is measured."""

from collections.abc import Mapping

from bench.clocks import Sample
from bench.figures import Table, micros, ratio


def latency_table(where: str, samples: Mapping[str, Sample], *, bare: str) -> Table:
    """Return a row a contender; `where` heads their names, `bare` is the one to compare with."""
    rows = [
        (
            name,
            micros(sample.p50),
            micros(sample.p95),
            micros(sample.cpu),
            f"{sample.rate:,.0f}/s",
            f"{1 / sample.cpu:,.0f}/s",
            ratio(sample.p50 / samples[bare].p50),
        )
        for name, sample in samples.items()
    ]
    columns = (where, "p50", "p95", "processor", "in a row", "a processor second", "p50 to bare")
    return Table(columns, tuple(rows))
