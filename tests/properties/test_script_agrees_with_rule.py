"""The script that runs in Redis and the pure rule are one rule: they agree on every history."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprise.adapters.dirty_codec import closed_viewings_from_hash
from reprise.adapters.live_keys import ProfileKeys
from reprise.adapters.live_places_redis import RedisLivePlaces
from reprise.adapters.place_codec import place_from_hash
from reprise.adapters.redis_calls import RedisCalls
from reprise.domain.acts import hide, mark_watched, unmark_watched
from reprise.domain.identity import Viewer
from reprise.domain.merge import apply_report, settle
from reprise.domain.playstate import Merged, Place, Viewing
from tests.builders import TV, make_viewer
from tests.properties.histories import FACTS, Step, examples, reports, steps

pytestmark = pytest.mark.real
ITEM = "film-1"


def signed_in(client: Any) -> Viewer:
    viewer = make_viewer()
    client.hset(
        ProfileKeys.of(viewer.profile_id).session(viewer.session_id),
        mapping={
            "account": viewer.account_id,
            "profile": viewer.profile_id,
            "policy": viewer.policy.encode(),
            "deviceId": TV.id,
            "deviceType": TV.type,
            "deviceName": TV.name,
        },
    )
    return viewer


def apply_pure(place: Place | None, step: Step) -> Merged | None:
    if step.report:
        return apply_report(place=place, report=step.report, facts=FACTS, device=TV, now=step.now)
    if step.act == "hide":
        return hide(place=place, device=TV, now=step.now) if place else None
    if step.act == "watched":
        return mark_watched(
            place=place, video_id=ITEM, item_id=ITEM, facts=FACTS, device=TV, now=step.now
        )
    return unmark_watched(place=place, device=TV, now=step.now)


def apply_real(live: RedisLivePlaces, viewer: Viewer, step: Step) -> tuple[bool, str] | None:
    live.now_us = step.now
    if step.report:
        answer = live.record(
            viewer=viewer, reports=[(step.report, FACTS)], durable={ITEM: None}, provisional=False
        )
        (outcome,) = answer.outcomes
        return outcome.moved, outcome.rule
    if step.act == "hide":
        outcomes = live.hide(viewer=viewer, video_id=ITEM, durable={})
    else:
        outcomes = live.mark(
            viewer=viewer,
            video_id=ITEM,
            items=[(ITEM, FACTS)],
            watched=step.act == "watched",
            durable={},
        )
    return (outcomes[0].moved, outcomes[0].rule) if outcomes else None


@settings(max_examples=examples(200))
@given(history=steps())
def test_the_script_and_the_rule_leave_the_same_place_after_every_step(
    redis_client: Any, history: list[Step]
) -> None:
    viewer = signed_in(redis_client)
    live = RedisLivePlaces(RedisCalls(redis_client))
    key = ProfileKeys.of(viewer.profile_id).place(ITEM)
    place: Place | None = None
    closed: list[Viewing] = []
    for step in history:
        merged = apply_pure(place, step)
        answered = apply_real(live, viewer, step)
        if merged is None:
            assert answered is None
            continue
        place = merged.place
        closed += [merged.closed] if merged.closed else []
        assert answered == (merged.outcome.moved, merged.outcome.rule)
        fields = redis_client.hgetall(key)
        assert (place_from_hash(fields, item_id=ITEM) if fields else None) == place
        if fields:
            assert list(closed_viewings_from_hash(fields, item_id=ITEM)) == closed


@settings(max_examples=examples(100))
@given(
    before=st.lists(reports(), min_size=1, max_size=6),
    away=st.lists(reports(offline=False), min_size=1, max_size=6),
)
def test_a_place_born_while_the_history_was_away_is_settled_as_the_rule_says(
    redis_client: Any, before: list[Any], away: list[Any]
) -> None:
    viewer = signed_in(redis_client)
    live = RedisLivePlaces(RedisCalls(redis_client))
    durable: Place | None = None
    now = 1_795_000_000_000_000
    for report in before:
        now += 1_000_000
        durable = apply_report(place=durable, report=report, facts=FACTS, device=TV, now=now).place
    born: Place | None = None
    last = None
    for report in away:
        now += 1_000_000
        live.now_us = now
        merged = apply_report(place=born, report=report, facts=FACTS, device=TV, now=now)
        live.record(viewer=viewer, reports=[(report, FACTS)], durable=None, provisional=True)
        born = merged.place
        last = report if merged.outcome.moved else last
    assert born is not None
    assert last is not None
    assert durable is not None
    now += 1_000_000
    live.now_us = now
    expected = settle(live=born, last=last, last_device=TV, durable=durable, facts=FACTS, now=now)
    settled = hide(place=expected.place or born, device=TV, now=now)
    live.hide(viewer=viewer, video_id="film-1", durable={ITEM: durable})
    stored = place_from_hash(
        redis_client.hgetall(ProfileKeys.of(viewer.profile_id).place(ITEM)), item_id=ITEM
    )
    assert stored.position == (settled.place or born).position
    assert stored.owner == (settled.place or born).owner
    assert stored.rev >= (expected.place or born).rev
    assert stored.changed_at > max(durable.changed_at, born.changed_at)
