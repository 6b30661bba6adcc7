"""Dirty items in any number: copies of a place that the real merge script stored."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import batched
from typing import Any
from uuid import uuid4

from bench import world
from bench.console import note
from bench.stores import Redis
from reprise.adapters.dirty_codec import member_of
from reprise.adapters.live_keys import BucketKeys, ProfileKeys
from reprise.adapters.live_places_redis import LiveLimits, RedisLivePlaces
from reprise.domain.buckets import bucket_of
from tests.builders import make_report

PER_ROUND_TRIP = 500
HEARTBEATS = 10


def make_dirty(redis: Redis, *, count: int) -> Sequence[str]:
    """Leave `count` dirty items of as many profiles, and return the profiles' ids."""
    [film] = world.films(1)
    fields = _typical_place(redis, film.id, film.items[0].facts)
    profiles = [str(uuid4()) for _ in range(count)]
    client = redis.calls.client
    done = 0
    for some in batched(profiles, PER_ROUND_TRIP, strict=False):
        pipeline = client.pipeline(transaction=False)
        for profile_id in some:
            _copy(pipeline, profile_id, film.id, fields)
        pipeline.execute()
        done += len(some)
        note(f"{done:,} of {count:,} dirty items")
    return profiles


def _typical_place(redis: Redis, film_id: str, facts: Any) -> Mapping[str, str]:
    """Return the hash of a place after five minutes of heartbeats, without its own marks."""
    [viewer] = world.sign_in(redis.calls, count=1)
    limits = LiveLimits(reports_per_minute=world.NO_LIMIT)
    live = RedisLivePlaces(redis.calls, limits=limits)
    report = make_report(video_id=film_id, item_id=film_id, state="playing")
    for seq in range(1, HEARTBEATS + 1):
        watched = ((seq * 30.0, seq * 30.0 + 30),)
        live.record(
            viewer=viewer,
            reports=[(replace(report, seq=seq, position=watched[0][1], intervals=watched), facts)],
            durable={film_id: None},
        )
    keys = ProfileKeys.of(viewer.profile_id)
    fields: Mapping[str, str] = redis.calls.client.hgetall(keys.place(film_id))
    redis.calls.client.flushall()
    return fields


def _copy(pipeline: Any, profile_id: str, item_id: str, fields: Mapping[str, str]) -> None:
    keys = ProfileKeys.of(profile_id)
    member = member_of(profile_id=profile_id, item_id=item_id)
    pipeline.hset(keys.place(item_id), mapping=fields)
    pipeline.zadd(BucketKeys.of(bucket_of(profile_id)).dirty, {member: int(fields["since"])})
    pipeline.sadd(keys.live, item_id)
