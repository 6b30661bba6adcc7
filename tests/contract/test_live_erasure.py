"""The promise of `LiveErasure`, kept by the fake and by Redis, and what only Redis can show."""

import time
from collections.abc import Callable
from typing import Any, Protocol
from uuid import uuid4

import pytest

from reprise.adapters.erase_redis import FENCED_SECONDS, FURTHEST_US, RedisErasure
from reprise.adapters.live_keys import BucketKeys, ProfileKeys
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.application.profile_ports import LiveErasure
from reprise.domain.buckets import bucket_of
from reprise.domain.errors import UnavailableError
from reprise.domain.identity import Viewer
from reprise.domain.playstate import ItemFacts
from tests.builders import make_report, make_viewer
from tests.fakes.erasures import FakeLiveErasure
from tests.flush_builders import make_place
from tests.harness.closed_port import closed_redis_url
from tests.harness.live_worlds import CONTRACT_DATABASE, RedisWorld, redis_database

FACTS = ItemFacts(duration=2400.0, completes_at=2280.0, shown_from=120.0)


class Store(Protocol):
    @property
    def erasure(self) -> LiveErasure: ...

    def watch(self, viewer: Viewer, video_id: str, item_id: str) -> None:
        """Let an item be reported: it is not durable yet."""
        ...

    def save(self, viewer: Viewer) -> None:
        """Make everything of the viewer durable."""
        ...


class FakeStore:
    def __init__(self) -> None:
        self.erasure = FakeLiveErasure()

    def watch(self, viewer: Viewer, video_id: str, item_id: str) -> None:
        self.erasure.places.setdefault(viewer.profile_id, {})[item_id] = video_id
        self.erasure.unsaved.setdefault(viewer.profile_id, set()).add(item_id)

    def save(self, viewer: Viewer) -> None:
        self.erasure.unsaved.pop(viewer.profile_id, None)


class RedisStore:
    def __init__(self, client: Any) -> None:
        self.client = client
        self.world = RedisWorld(client)
        self.world.live.now_us = None
        self.erasure = RedisErasure(RedisCalls(client))

    def watch(self, viewer: Viewer, video_id: str, item_id: str) -> None:
        self.world.sign_in(viewer)
        report = make_report(video_id=video_id, item_id=item_id)
        answer = self.world.live.record(
            viewer=viewer, reports=[(report, FACTS)], durable={item_id: None}
        )
        assert answer.outcomes
        self.world.revoke(viewer)

    def save(self, viewer: Viewer) -> None:
        self.world.acknowledge(viewer)

    def keys(self, profile_id: str) -> set[str]:
        return set(self.client.scan_iter(match=f"*{profile_id}*", count=1000))

    def marked(self, viewer: Viewer) -> int:
        bucket = BucketKeys.of(bucket_of(viewer.profile_id))
        return sum(self.client.zcard(key) for key in (bucket.dirty, bucket.claimed))


def _fake(_: pytest.FixtureRequest) -> Store:
    return FakeStore()


def _redis(request: pytest.FixtureRequest) -> Store:
    client = redis_database(request.getfixturevalue("stack"), CONTRACT_DATABASE)
    request.addfinalizer(client.close)
    request.addfinalizer(client.flushdb)
    return RedisStore(client)


@pytest.fixture(
    params=[
        pytest.param(_fake, id="fake"),
        pytest.param(_redis, marks=pytest.mark.real, id="redis"),
    ]
)
def store(request: pytest.FixtureRequest) -> Store:
    make: Callable[[pytest.FixtureRequest], Store] = request.param
    return make(request)


@pytest.fixture
def redis_store(request: pytest.FixtureRequest) -> RedisStore:
    store = _redis(request)
    assert isinstance(store, RedisStore)
    return store


def test_what_is_not_durable_remains_with_its_titles(store: Store) -> None:
    viewer = make_viewer()
    store.watch(viewer, "film", "film")
    store.save(viewer)
    store.watch(viewer, "series", "e-1")
    store.watch(viewer, "series", "e-2")
    remains = store.erasure.remains(profile_id=viewer.profile_id)
    assert set(remains.item_ids) == {"e-1", "e-2"}
    assert set(remains.video_ids) == {"series"}


def test_nothing_remains_of_nobody(store: Store) -> None:
    remains = store.erasure.remains(profile_id=str(uuid4()))
    assert not remains.item_ids
    assert not remains.video_ids


def test_the_named_places_go_with_their_marks_and_are_counted_once(store: Store) -> None:
    viewer = make_viewer()
    store.watch(viewer, "film", "film")
    store.save(viewer)
    store.watch(viewer, "series", "e-1")
    named = ["film", "e-1", "never-seen"]
    for places, marks in ((2, 1), (0, 0)):
        removed = store.erasure.erase(profile_id=viewer.profile_id, item_ids=named)
        assert removed == {"places": places, "marks": marks, "rows": 0}
    assert not store.erasure.remains(profile_id=viewer.profile_id).item_ids


def test_what_was_noted_remains_until_it_is_erased(store: Store) -> None:
    viewer = make_viewer()
    store.watch(viewer, "film", "film")
    for item_ids, video_ids in ((["film", "e-1"], ["film", "series"]), (["e-2"], []), ([], [])):
        store.erasure.note(profile_id=viewer.profile_id, item_ids=item_ids, video_ids=video_ids)
    store.save(viewer)
    remains = store.erasure.remains(profile_id=viewer.profile_id)
    assert set(remains.item_ids) == {"film", "e-1", "e-2"}
    assert set(remains.video_ids) == {"film", "series"}
    removed = store.erasure.erase(profile_id=viewer.profile_id, item_ids=remains.item_ids)
    assert removed["places"] == 1
    assert not store.erasure.remains(profile_id=viewer.profile_id).item_ids


def test_nobody_else_loses_anything(store: Store) -> None:
    viewer, other = make_viewer(), make_viewer()
    for each in (viewer, other):
        store.watch(each, "film", "film")
    store.erasure.fence(profile_id=viewer.profile_id)
    store.erasure.erase(profile_id=viewer.profile_id, item_ids=["film"])
    assert set(store.erasure.remains(profile_id=other.profile_id).item_ids) == {"film"}


@pytest.mark.real
def test_no_key_of_the_profile_is_left_but_the_one_that_fences_it_for_a_minute(
    redis_store: RedisStore,
) -> None:
    viewer = make_viewer()
    redis_store.watch(viewer, "film", "film")
    rows = redis_store.world.rows
    assert rows.fill(profile_id=viewer.profile_id, places=[], version=_version(redis_store, viewer))
    assert rows.begin_fill(profile_id=viewer.profile_id)
    redis_store.erasure.fence(profile_id=viewer.profile_id)
    removed = redis_store.erasure.erase(profile_id=viewer.profile_id, item_ids=["film"])
    assert removed == {"places": 1, "marks": 1, "rows": 1}
    fence = ProfileKeys.of(viewer.profile_id).erased
    assert redis_store.keys(viewer.profile_id) == {fence}
    assert 0 < redis_store.client.ttl(fence) <= FENCED_SECONDS


def _version(store: RedisStore, viewer: Viewer) -> int:
    return store.world.live.live(profile_id=viewer.profile_id).version


@pytest.mark.real
def test_while_it_is_fenced_no_row_is_filled_by_whoever_read_the_profile_before(
    redis_store: RedisStore,
) -> None:
    viewer = make_viewer()
    redis_store.erasure.fence(profile_id=viewer.profile_id)
    redis_store.erasure.erase(profile_id=viewer.profile_id, item_ids=[])
    filled = redis_store.world.rows.fill(
        profile_id=viewer.profile_id, places=[make_place()], version=0
    )
    assert not filled
    assert not redis_store.client.exists(ProfileKeys.of(viewer.profile_id).row)


@pytest.mark.real
@pytest.mark.parametrize("kind", ["claimed", "quarantined"])
def test_claimed_and_quarantined_marks_go_too(redis_store: RedisStore, kind: str) -> None:
    viewer = make_viewer()
    redis_store.watch(viewer, "film", "film")
    items = redis_store.world.buffer.claim_items(profile_id=viewer.profile_id, item_ids=["film"])
    if kind == "quarantined":
        redis_store.world.buffer.quarantine(items=items)
    redis_store.erasure.erase(profile_id=viewer.profile_id, item_ids=["film"])
    bucket = BucketKeys.of(bucket_of(viewer.profile_id))
    assert not redis_store.client.exists(bucket.dirty, bucket.claimed, bucket.quarantined)


@pytest.mark.real
@pytest.mark.parametrize("step", ["acknowledge", "release", "quarantine", "redrive", "claim"])
def test_nothing_a_flusher_does_afterwards_brings_anything_back(
    redis_store: RedisStore, step: str
) -> None:
    viewer = make_viewer()
    redis_store.watch(viewer, "film", "film")
    buffer = redis_store.world.buffer
    items = buffer.claim_items(profile_id=viewer.profile_id, item_ids=["film"])
    redis_store.erasure.erase(profile_id=viewer.profile_id, item_ids=["film"])
    if step == "acknowledge":
        assert buffer.acknowledge(items=items) == 0
    elif step == "release":
        buffer.release(items=items, counted=True)
    elif step == "quarantine":
        buffer.quarantine(items=items)
    elif step == "redrive":
        assert not buffer.redrive(profile_id=viewer.profile_id, item_id="film")
    else:
        assert not buffer.claim_items(profile_id=viewer.profile_id, item_ids=["film"])
    assert redis_store.keys(viewer.profile_id) == set()
    assert redis_store.marked(viewer) == 0


@pytest.mark.real
def test_more_places_than_one_call_takes_all_go(redis_store: RedisStore) -> None:
    profile_id = str(uuid4())
    keys = ProfileKeys.of(profile_id)
    names = [f"item-{number}" for number in range(1_201)]
    pipeline = redis_store.client.pipeline()
    for name in names:
        pipeline.hset(keys.place(name), "vid", "v")
    pipeline.execute()
    removed = redis_store.erasure.erase(profile_id=profile_id, item_ids=names)
    assert removed["places"] == 1_201
    assert redis_store.keys(profile_id) == set()


@pytest.mark.real
def test_the_instant_is_after_everything_that_was_written_but_not_far_ahead(
    redis_store: RedisStore,
) -> None:
    viewer = make_viewer()
    redis_store.watch(viewer, "film", "film")
    keys = ProfileKeys.of(viewer.profile_id)
    now = time.time_ns() // 1000
    ahead = now + 60_000_000
    redis_store.client.hset(keys.place("film"), "v", str(ahead))
    assert redis_store.erasure.remains(profile_id=viewer.profile_id).at > ahead
    redis_store.client.hset(keys.place("film"), "v", "9" * 30)
    at = redis_store.erasure.remains(profile_id=viewer.profile_id).at
    assert now < at < now + FURTHEST_US + 10_000_000


@pytest.mark.real
def test_places_that_are_damaged_or_gone_go_as_well(redis_store: RedisStore) -> None:
    profile_id = str(uuid4())
    keys = ProfileKeys.of(profile_id)
    redis_store.client.sadd(keys.live, "text", "gone", "odd")
    redis_store.client.set(keys.place("text"), "no hash")
    redis_store.client.hset(keys.place("odd"), mapping={"vid": "film", "v": "x"})
    remains = redis_store.erasure.remains(profile_id=profile_id)
    assert set(remains.item_ids) == {"text", "gone", "odd"}
    assert remains.video_ids == {"film"}
    redis_store.erasure.erase(profile_id=profile_id, item_ids=remains.item_ids)
    assert redis_store.keys(profile_id) == set()


def test_redis_being_down_is_said() -> None:
    client = connect(url=closed_redis_url(), cluster=False, timeout_ms=250)
    erasure = RedisErasure(RedisCalls(client))
    with pytest.raises(UnavailableError):
        erasure.fence(profile_id="p")
    with pytest.raises(UnavailableError):
        erasure.remains(profile_id="p")
    with pytest.raises(UnavailableError):
        erasure.erase(profile_id="p", item_ids=[])
