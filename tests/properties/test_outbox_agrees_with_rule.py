"""The outbox in Redis and its pure rule are one rule, whatever players say that they played."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprise.adapters.live_keys import ProfileKeys
from reprise.adapters.live_places_redis import RedisLivePlaces
from reprise.adapters.redis_calls import RedisCalls
from reprise.domain.outbox import MOST, Watched, with_interval
from tests.builders import make_report
from tests.properties.histories import FACTS, examples
from tests.properties.test_script_agrees_with_rule import signed_in

pytestmark = pytest.mark.real

type Spans = tuple[tuple[float, float], ...]

INSTANTS = st.one_of(st.integers(0, 2_400_000), st.integers(0, 40).map(lambda n: n * 60_000))
SPANS = st.tuples(INSTANTS, INSTANTS).map(lambda pair: (min(pair) / 1000, max(pair) / 1000))


@st.composite
def players(draw: st.DrawFn) -> list[tuple[str, Spans]]:
    """What some playbacks tell, report by report; some seek without end, some play on."""
    told: list[tuple[str, Spans]] = []
    for _ in range(draw(st.integers(1, 8))):
        playback = f"pb-{draw(st.integers(0, 3))}"
        spans = draw(st.lists(SPANS, min_size=1, max_size=12))
        repeated = draw(st.sampled_from([1, 2, 30]))
        shift = draw(st.sampled_from([0.0, 0.001, 7.5]))
        told.append(
            (
                playback,
                tuple(
                    (round(start + n * shift, 3), round(end + n * shift, 3))
                    for n in range(repeated)
                    for start, end in spans
                ),
            )
        )
    return told


@settings(max_examples=examples(60))
@given(told=players())
def test_the_outbox_holds_what_the_rule_says(
    redis_client: Any, told: list[tuple[str, Spans]]
) -> None:
    viewer = signed_in(redis_client)
    live = RedisLivePlaces(RedisCalls(redis_client))
    expected: tuple[Watched, ...] = ()
    for number, (playback, spans) in enumerate(told):
        report = make_report(playback_id=playback, seq=number + 1, intervals=spans)
        live.record(viewer=viewer, reports=[(report, FACTS)], durable={report.item_id: None})
        for start, end in spans:
            watched = Watched(min(start, 2400.0), min(end, 2400.0), playback)
            if watched.start < watched.end:
                expected = with_interval(expected, watched, duration=2400.0)
    fields = redis_client.hgetall(ProfileKeys.of(viewer.profile_id).place(report.item_id))
    found = tuple(Watched(*entry[1:]) for entry in json.loads(fields["out"]))
    assert found == expected
    assert len(found) == int(fields.get("ni", 0)) <= MOST
