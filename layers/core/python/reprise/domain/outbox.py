"""What waits to be told of watched intervals, bounded: however long it waits, no second is lost.

Intervals of one playback that touch are one. Of more than `MOST` the nearest are joined until
`KEPT` are left, so that a report costs the same however many came before it: a player that seeks
without end, or an outage, must not make it dearer. A join keeps the seconds that were watched and
shifts where they were, by the gap or the overlap between the two, or to another playback where
nothing nearer is left; each is counted. Seconds are lost, and counted too, only where two intervals
together are longer than the title: no viewer can play that much between two flushes, so it was
made up. `adapters/lua/outbox.lua` is the same rule where it has to be atomic.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

MOST = 256
KEPT = 128
_OTHER_PLAYBACK = 1e9
"""Farther than anything within a title."""


class Watched(NamedTuple):
    """Media seconds watched; `joins` counts the gaps that it hides, `lost` the seconds."""

    start: float
    end: float
    playback_id: str
    joins: int = 0
    lost: float = 0.0


def with_interval(
    intervals: Sequence[Watched], watched: Watched, *, duration: float
) -> tuple[Watched, ...]:
    """Append what was watched; `duration` is the title's."""
    last = intervals[-1] if intervals else None
    if last and (last.playback_id, last.end) == (watched.playback_id, watched.start):
        return (*intervals[:-1], last._replace(end=watched.end))
    if len(intervals) < MOST:
        return (*intervals, watched)
    return (*_nearest_joined(intervals, duration), watched)


def _nearest_joined(intervals: Sequence[Watched], duration: float) -> Sequence[Watched]:
    first_seen = {each.playback_id: n for n, each in reversed([*enumerate(intervals)])}
    ordered = sorted(intervals, key=lambda each: (first_seen[each.playback_id], each.start))
    distances = [0.0, *(_distance(a, b) for a, b in pairwise(ordered))]
    by_distance = sorted(range(1, len(ordered)), key=lambda n: distances[n])
    near = set(by_distance[: len(ordered) - KEPT])
    joined: list[Watched] = []
    for n, each in enumerate(ordered):
        if n in near:
            joined[-1] = _join(joined[-1], each, distances[n], duration)
        else:
            joined.append(each)
    return joined


def _distance(one: Watched, other: Watched) -> float:
    apart = abs(other.start - one.end)
    return apart if one.playback_id == other.playback_id else apart + _OTHER_PLAYBACK


def _join(one: Watched, other: Watched, distance: float, duration: float) -> Watched:
    length = (one.end - one.start) + (other.end - other.start)
    end = min(one.start + length, duration)
    start = max(0.0, end - length)
    return Watched(
        start=_milliseconds(start),
        end=_milliseconds(end),
        playback_id=one.playback_id,
        joins=one.joins + other.joins + (1 if distance > 0 else 0),
        lost=_milliseconds(one.lost + other.lost + max(0.0, length - duration)),
    )


def _milliseconds(seconds: float) -> float:
    return math.floor(seconds * 1000 + 0.5) / 1000
