"""Generated histories of one item: what several players and the account do to a place, in time."""

from dataclasses import dataclass
from typing import Literal

from hypothesis import settings
from hypothesis import strategies as st

from reprise.domain.playstate import ItemFacts, Report
from tests.builders import NOW_US, SECOND, make_report

FACTS = ItemFacts(duration=2400.0, completes_at=2280.0, shown_from=120.0)
QUICK_EXAMPLES = 60
PLAYBACKS = ("pb-tv", "pb-phone", "pb-web", *(f"pb-{n}" for n in range(8)))


def examples(quick: int) -> int:
    """Return how many examples the profile wants of a test that takes so many when it is quick."""
    return quick * settings().max_examples // QUICK_EXAMPLES


@dataclass(frozen=True)
class Step:
    """At `now` (µs) either a report arrives or the account acts."""

    now: int
    report: Report | None = None
    act: Literal["hide", "watched", "unwatched"] | None = None


POSITIONS = st.one_of(
    st.sampled_from([0.0, 59.999, 119.999, 120.0, 2279.999, 2280.0, 2400.0, 2500.0]),
    st.integers(0, 2_450_000).map(lambda ms: ms / 1000),
)
PLAYED = st.sampled_from([0.0, 9.999, 10.0, 30.0, 59.999, 60.0, 600.0])


@st.composite
def reports(
    draw: st.DrawFn, *, playbacks: tuple[str, ...] = PLAYBACKS, offline: bool = True
) -> Report:
    first = draw(POSITIONS)
    return make_report(
        playback_id=draw(st.sampled_from(playbacks)),
        seq=draw(st.integers(1, 12)),
        act=draw(st.integers(1, 4)),
        act_kind=draw(st.sampled_from(["start", "resume", "seek", "restart"])),
        played_since_act=draw(PLAYED),
        position=draw(POSITIONS),
        state=draw(st.sampled_from(["playing", "paused", "stopped"])),
        event_time=NOW_US + draw(st.integers(-40 * 86_400, 3600)) * SECOND,
        intervals=draw(st.sampled_from([(), ((first, first + 30.0),)])),
        offline=draw(st.booleans()) if offline else False,
    )


@st.composite
def steps(draw: st.DrawFn) -> list[Step]:
    """A history; the server's clock mostly advances and sometimes steps back."""
    now, history = NOW_US, []
    for _ in range(draw(st.integers(1, 40))):
        now += draw(st.sampled_from([0, 1, 999, SECOND, 30 * SECOND, 3600 * SECOND, -5 * SECOND]))
        if draw(st.integers(0, 4)):
            history.append(Step(now=now, report=draw(reports())))
        else:
            history.append(
                Step(now=now, act=draw(st.sampled_from(["hide", "watched", "unwatched"])))
            )
    return history
