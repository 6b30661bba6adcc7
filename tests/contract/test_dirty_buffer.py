"""The promise of `DirtyBuffer`, kept by the fake, by Redis, and by a Redis Cluster."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from uuid import uuid4

import pytest

from reprise.adapters.dirty_buffer_redis import RedisDirtyBuffer
from reprise.adapters.dirty_codec import dirty_to_hash
from reprise.adapters.live_keys import BucketKeys, ProfileKeys
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.application.ports import DirtyBuffer
from reprise.domain.buckets import BUCKETS, bucket_of
from reprise.domain.flush import Backlog
from reprise.domain.playstate import DirtyItem, ItemFacts, Report
from tests import flush_builders as make
from tests.fakes.dirty_buffer import FakeDirtyBuffer
from tests.harness.redis_cluster import redis_cluster
from tests.harness.stack import TestStack

ALL = range(BUCKETS)
SECOND = make.SECOND_US
FACTS = ItemFacts(duration=5400.0, completes_at=5130.0, shown_from=270.0)


class World(Protocol):
    """A buffer, what stores reports beside it, and its clock."""

    lost: dict[str, int]

    @property
    def buffer(self) -> DirtyBuffer: ...

    def now_us(self) -> int: ...

    def store(self, item: DirtyItem, *, last: tuple[Report, ItemFacts] | None = None) -> None: ...

    def later(self, seconds: int) -> None:
        """Let leases grow older."""
        ...

    def evict(self, item: DirtyItem) -> None: ...

    def damage(self, item: DirtyItem) -> None:
        """Make the live state one that can't be read."""
        ...

    def mend(self, item: DirtyItem) -> None: ...


class FakeWorld:
    def __init__(self) -> None:
        self.buffer = FakeDirtyBuffer(now_us=make.NOW_US)
        self.lost = self.buffer.lost

    def now_us(self) -> int:
        return self.buffer.now_us

    def store(self, item: DirtyItem, *, last: tuple[Report, ItemFacts] | None = None) -> None:
        self.buffer.store(item, last=last)

    def later(self, seconds: int) -> None:
        self.buffer.now_us += seconds * SECOND

    def evict(self, item: DirtyItem) -> None:
        del self.buffer.states[(item.profile_id, item.item_id)]

    def damage(self, item: DirtyItem) -> None:
        self.buffer.unreadable[item.profile_id, item.item_id] = "the fake state is damaged"

    def mend(self, item: DirtyItem) -> None:
        del self.buffer.unreadable[item.profile_id, item.item_id]


@dataclass(slots=True)
class RedisWorld:
    """Writes hashes as `merge.lua` does, so that this suite needs no viewer and no session."""

    client: Any
    lost: dict[str, int] = field(default_factory=dict)
    buffer: RedisDirtyBuffer = field(init=False)

    def __post_init__(self) -> None:
        self.buffer = RedisDirtyBuffer(
            RedisCalls(self.client), live_ttl_seconds=100, on_lost=self._count
        )

    def _count(self, name: str, number: int) -> None:
        self.lost[name] = self.lost.get(name, 0) + number

    def now_us(self) -> int:
        answer = self.client.eval("return redis.call('TIME')", 1, "{b0000}:any")
        return int(answer[0]) * SECOND + int(answer[1])

    def store(self, item: DirtyItem, *, last: tuple[Report, ItemFacts] | None = None) -> None:
        profile = ProfileKeys.of(item.profile_id)
        bucket = BucketKeys.of(bucket_of(item.profile_id))
        place, member = profile.place(item.item_id), f"{item.profile_id}:{item.item_id}"
        before = self.client.hgetall(place)
        fields = before | dirty_to_hash(item)
        for name in ("batch", "bout", "att", "since"):
            fields.pop(name, None)
            if name in before:
                fields[name] = before[name]
        new = json.loads(dirty_to_hash(item)["bout"])
        fields["out"] = json.dumps(json.loads(before.get("out", "[]")) + new)
        fields["v"] = str(max(item.version, int(before.get("v", 0)) + 1))
        if last is not None:
            fields["lr"] = _last_report(*last, item=item)
        marked = (
            self.client.zscore(bucket.dirty, member),
            self.client.zscore(bucket.claimed, member),
        )
        if marked == (None, None):
            fields["since"] = str(self.now_us())
            self.client.zadd(bucket.dirty, {member: int(fields["since"])})
            self.client.sadd(profile.live, item.item_id)
        self.client.delete(place)
        self.client.hset(place, mapping=fields)

    def later(self, seconds: int) -> None:
        for number in range(BUCKETS):
            key = BucketKeys.of(number).claimed
            for member, score in self.client.zrange(key, 0, -1, withscores=True):
                self.client.zadd(key, {member: score - seconds * SECOND})

    def evict(self, item: DirtyItem) -> None:
        self.client.delete(ProfileKeys.of(item.profile_id).place(item.item_id))

    def damage(self, item: DirtyItem) -> None:
        self.client.hset(ProfileKeys.of(item.profile_id).place(item.item_id), "pos", "far")

    def mend(self, item: DirtyItem) -> None:
        place = ProfileKeys.of(item.profile_id).place(item.item_id)
        self.client.hset(place, "pos", str(item.place.position))


def _last_report(report: Report, facts: ItemFacts, *, item: DirtyItem) -> str:
    return json.dumps(
        {
            "r": {
                "pb": report.playback_id,
                "seq": report.seq,
                "act": report.act,
                "kind": report.act_kind,
                "played": report.played_since_act,
                "pos": report.position,
                "state": report.state,
                "et": str(report.event_time),
                "off": report.offline,
            },
            "item": {
                "vid": report.video_id,
                "dur": facts.duration,
                "completes": facts.completes_at,
                "shown": facts.shown_from,
            },
            "dev": {
                "id": item.place.device.id,
                "type": item.place.device.type,
                "name": item.place.device.name,
            },
        }
    )


@pytest.fixture(scope="module")
def cluster_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with redis_cluster(tmp_path_factory.mktemp("cluster")) as url:
        yield url


@pytest.fixture(
    params=[
        "fake",
        pytest.param("redis", marks=pytest.mark.real),
        pytest.param("cluster", marks=pytest.mark.real),
    ]
)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "fake":
        yield FakeWorld()
        return
    if request.param == "redis":
        stack: TestStack = request.getfixturevalue("stack")
        client = connect(url=_own_database(stack.redis_url), cluster=False, timeout_ms=5_000)
    else:
        url: str = request.getfixturevalue("cluster_url")
        client = connect(url=url, cluster=True, timeout_ms=5_000)
    client.flushdb()
    yield RedisWorld(client)
    client.flushdb()
    client.close()


def _own_database(url: str) -> str:
    """Return the URL of a database that only this suite uses: it looks at every bucket."""
    return url.rsplit("/", 1)[0] + "/9"


def an_item(**overrides: Any) -> DirtyItem:
    return make.make_item(**({"profile_id": str(uuid4())} | overrides))


def claimed(world: World, **arguments: Any) -> Sequence[DirtyItem]:
    wanted: dict[str, Any] = {"buckets": ALL, "dirty_before": None, "limit": 100} | arguments
    return world.buffer.claim(**wanted)


def test_an_empty_buffer_has_no_backlog_and_nothing_to_claim(world: World) -> None:
    assert world.buffer.backlog() == {}
    assert list(claimed(world)) == []


def test_a_backlog_counts_each_bucket_and_knows_its_oldest(world: World) -> None:
    first = an_item()
    world.store(first)
    world.store(replace(first, item_id=make.an_id(2), place=make.make_place(item_id=make.an_id(2))))
    (oldest,) = {since.oldest for since in world.buffer.backlog().values()}
    assert world.buffer.backlog() == {bucket_of(first.profile_id): Backlog(2, 0, oldest)}
    assert abs(oldest - world.now_us()) < 10 * SECOND


def test_a_claim_returns_everything_that_is_not_durable(world: World) -> None:
    item = an_item(
        closed_viewings=(make.make_viewing(),), completions=(make.NOW_US // 1000 * 1000,)
    )
    world.store(item)
    (found,) = claimed(world)
    same = replace(found, batch=item.batch, dirty_since=item.dirty_since)
    assert same == item
    assert found.batch == found.version


def test_a_claimed_item_belongs_to_its_flusher(world: World) -> None:
    world.store(an_item())
    assert len(claimed(world)) == 1
    assert list(claimed(world)) == []
    assert world.buffer.backlog() == {}


def test_a_lease_that_ran_out_is_claimed_again_with_the_same_outbox(world: World) -> None:
    world.store(an_item())
    (first,) = claimed(world)
    world.later(61)
    (backlog,) = world.buffer.backlog().values()
    assert (backlog.dirty, backlog.expired) == (0, 1)
    assert list(claimed(world)) == [first]


def test_a_sweep_claims_old_items_and_broken_leases_only(world: World) -> None:
    world.store(an_item())
    (left_behind,) = claimed(world)
    world.later(61)
    world.store(an_item())
    found = claimed(world, dirty_before=world.now_us() - 360 * SECOND)
    assert [item.profile_id for item in found] == [left_behind.profile_id]


def test_a_claim_takes_the_oldest_buckets_first_and_no_more_than_asked(world: World) -> None:
    by_bucket = {bucket_of(item.profile_id): item for item in (an_item() for _ in range(12))}
    items = list(by_bucket.values())
    for item in items:
        world.store(item)
        world.later(0)
    found = claimed(world, limit=5)
    assert len(found) == 5
    if not isinstance(world, FakeWorld):  # the fake's clock stands still
        assert {item.profile_id for item in found} == {item.profile_id for item in items[:5]}


def test_a_claim_keeps_to_its_buckets(world: World) -> None:
    inside, outside = an_item(), an_item()
    while bucket_of(outside.profile_id) == bucket_of(inside.profile_id):
        outside = an_item()
    world.store(inside)
    world.store(outside)
    found = claimed(world, buckets=[bucket_of(inside.profile_id)])
    assert [item.profile_id for item in found] == [inside.profile_id]


def test_an_unchanged_version_is_clean(world: World) -> None:
    world.store(an_item())
    items = claimed(world)
    assert world.buffer.acknowledge(items=items) == 1
    assert world.buffer.backlog() == {}
    world.later(61)
    assert list(claimed(world)) == []


def test_acknowledging_twice_is_harmless(world: World) -> None:
    item = an_item()
    world.store(item)
    items = claimed(world)
    world.buffer.acknowledge(items=items)
    world.store(replace(item, version=item.version + 5))
    assert world.buffer.acknowledge(items=items) == 0
    assert len(claimed(world)) == 1


def test_what_was_stored_meanwhile_keeps_the_item_dirty(world: World) -> None:
    item = an_item()
    world.store(item)
    items = claimed(world)
    later = replace(
        item,
        version=item.version + 9,
        intervals=((1234.5, 1260.0, "pb-1"),),
        devices=(make.make_device_position(updated_at=make.NOW_US + 9, position=1260.0),),
    )
    world.store(later)
    assert world.buffer.acknowledge(items=items) == 0
    (found,) = claimed(world)
    assert (found.version, found.intervals) == (later.version, later.intervals)
    assert found.devices == later.devices
    assert found.batch > items[0].batch
    assert world.buffer.acknowledge(items=[found]) == 1


def test_positions_of_devices_go_once_they_are_durable(world: World) -> None:
    item = an_item()
    world.store(item)
    world.buffer.acknowledge(items=claimed(world))
    world.store(replace(item, version=item.version + 9, devices=()))
    (found,) = claimed(world)
    assert found.devices == ()


def test_two_flushers_of_one_item_end_in_one_state(world: World) -> None:
    item = an_item()
    world.store(item)
    (first,) = claimed(world)
    world.later(61)
    (second,) = claimed(world)
    assert second == first
    assert world.buffer.acknowledge(items=[second]) == 1
    assert world.buffer.acknowledge(items=[first]) == 0
    assert world.buffer.backlog() == {}


def test_a_late_flusher_does_not_undo_what_a_newer_one_froze(world: World) -> None:
    item = an_item()
    world.store(item)
    (late,) = claimed(world)
    world.later(61)
    (second,) = claimed(world)
    world.buffer.acknowledge(items=[second])
    world.store(replace(item, version=item.version + 9, intervals=((5.0, 6.0, "pb-1"),)))
    (third,) = claimed(world)
    assert world.buffer.acknowledge(items=[late]) == 0
    world.buffer.release(items=[third], counted=False)
    (again,) = claimed(world)
    assert (again.batch, again.intervals) == (third.batch, third.intervals)


def test_named_items_are_claimed_even_from_another_flusher(world: World) -> None:
    item = an_item()
    world.store(item)
    world.store(an_item())
    (held,) = claimed(world, buckets=[bucket_of(item.profile_id)], limit=1)
    found = world.buffer.claim_items(profile_id=item.profile_id, item_ids=[item.item_id, "gone"])
    assert list(found) == [held]
    assert world.buffer.acknowledge(items=found) == 1
    assert list(world.buffer.claim_items(profile_id=item.profile_id, item_ids=[item.item_id])) == []


def test_a_released_item_is_dirty_since_when_it_was(world: World) -> None:
    world.store(an_item())
    (item,) = claimed(world)
    world.buffer.release(items=[item], counted=True)
    (backlog,) = world.buffer.backlog().values()
    assert (backlog.dirty, backlog.oldest) == (1, item.dirty_since)
    (again,) = claimed(world)
    assert (again.attempts, again.batch) == (1, item.batch)
    world.buffer.release(items=[again], counted=False)
    assert [found.attempts for found in claimed(world)] == [1]


def test_releasing_what_is_clean_already_is_harmless(world: World) -> None:
    world.store(an_item())
    items = claimed(world)
    world.buffer.acknowledge(items=items)
    world.buffer.release(items=items, counted=True)
    assert world.buffer.backlog() == {}


def test_a_success_forgets_failed_attempts(world: World) -> None:
    item = an_item()
    world.store(item)
    world.buffer.release(items=claimed(world), counted=True)
    world.buffer.acknowledge(items=claimed(world))
    world.store(replace(item, version=item.version + 9))
    assert [found.attempts for found in claimed(world)] == [0]


def test_a_quarantined_item_waits_for_its_redrive(world: World) -> None:
    world.store(an_item())
    world.buffer.release(items=claimed(world), counted=True)
    (item,) = claimed(world)
    world.buffer.quarantine(items=[item])
    world.later(61)
    assert world.buffer.backlog() == {}
    assert list(claimed(world)) == []
    assert world.buffer.redrive(profile_id=item.profile_id, item_id=item.item_id)
    assert not world.buffer.redrive(profile_id=item.profile_id, item_id=item.item_id)
    (again,) = claimed(world)
    assert (again.attempts, again.batch, again.place) == (0, item.batch, item.place)


def test_a_poison_item_that_changed_gets_another_chance(world: World) -> None:
    item = an_item()
    world.store(item)
    poison = claimed(world)
    world.store(replace(item, version=item.version + 9))
    world.buffer.quarantine(items=poison)
    assert [found.version for found in claimed(world)] == [item.version + 9]


def test_a_quarantined_item_that_gets_durable_after_all_leaves_quarantine(world: World) -> None:
    item = an_item()
    world.store(item)
    world.buffer.quarantine(items=claimed(world))
    world.store(replace(item, version=item.version + 9))
    world.buffer.acknowledge(items=claimed(world))  # the outbox that was frozen then
    assert world.buffer.acknowledge(items=claimed(world)) == 1
    assert not world.buffer.redrive(profile_id=item.profile_id, item_id=item.item_id)


def test_quarantining_what_is_clean_already_is_harmless(world: World) -> None:
    world.store(an_item())
    items = claimed(world)
    world.buffer.acknowledge(items=items)
    world.buffer.quarantine(items=items)
    assert not world.buffer.redrive(profile_id=items[0].profile_id, item_id=items[0].item_id)


def test_redriving_an_unknown_item_says_so(world: World) -> None:
    assert not world.buffer.redrive(profile_id=make.PROFILE, item_id=make.VIDEO)


def test_redriving_an_evicted_item_says_so(world: World) -> None:
    world.store(an_item())
    (item,) = claimed(world)
    world.buffer.quarantine(items=[item])
    world.evict(item)
    assert not world.buffer.redrive(profile_id=item.profile_id, item_id=item.item_id)
    assert world.buffer.backlog() == {}


def test_a_mark_without_state_is_counted_and_dropped(world: World) -> None:
    item, sound = an_item(), an_item()
    world.store(item)
    world.store(sound)
    world.evict(item)
    assert [found.profile_id for found in claimed(world)] == [sound.profile_id]
    assert world.lost == {"EvictedState": 1}
    world.later(61)
    assert [found.profile_id for found in claimed(world)] == [sound.profile_id]


def test_a_state_evicted_during_a_flush_is_dropped_at_the_next(world: World) -> None:
    world.store(an_item())
    items = claimed(world)
    world.evict(items[0])
    assert world.buffer.acknowledge(items=items) == 0
    world.later(61)
    assert list(claimed(world)) == []
    assert world.lost == {"EvictedState": 1}


def damaged(world: World) -> DirtyItem:
    """Set aside what can't be read, beside something sound; return it as it was."""
    item, sound = an_item(), an_item()
    world.store(item)
    world.store(sound)
    world.damage(item)
    assert [found.profile_id for found in claimed(world)] == [sound.profile_id]
    assert world.lost == {"CorruptState": 1}
    found = world.buffer.take_damaged()
    assert [(each.profile_id, each.item_id) for each in found] == [(item.profile_id, item.item_id)]
    assert found[0].reason
    assert found[0].fields["pos"] == "far"
    assert list(world.buffer.take_damaged()) == []
    assert world.buffer.claim_items(profile_id=item.profile_id, item_ids=[item.item_id]) == []
    assert len(world.buffer.take_damaged()) == 1, "it stays leased until it is set aside"
    world.buffer.quarantine(items=found)
    world.later(61)
    assert [found.profile_id for found in claimed(world)] == [sound.profile_id]
    return item


def test_what_can_not_be_read_is_set_aside_until_it_is_mended(world: World) -> None:
    item = damaged(world)
    ids = {"profile_id": item.profile_id, "item_id": item.item_id}
    assert world.buffer.damage(**ids)
    world.mend(item)
    assert world.buffer.damage(**ids) is None
    assert world.buffer.redrive(**ids)
    found = world.buffer.claim_items(profile_id=item.profile_id, item_ids=[item.item_id])
    assert [each.place for each in found] == [item.place]


def test_what_can_not_be_read_and_is_gone_is_damage_too(world: World) -> None:
    item = damaged(world)
    world.evict(item)
    assert world.buffer.damage(profile_id=item.profile_id, item_id=item.item_id)


def test_what_is_sound_and_durable_has_no_damage(world: World) -> None:
    item = an_item()
    world.store(item)
    assert world.buffer.damage(profile_id=item.profile_id, item_id=item.item_id) is None
    world.buffer.acknowledge(items=claimed(world))
    assert world.buffer.damage(profile_id=item.profile_id, item_id=item.item_id) is None


def test_damage_that_was_replaced_before_it_was_set_aside_stays_dirty(world: World) -> None:
    item = an_item()
    world.store(item)
    world.damage(item)
    assert claimed(world) == []
    found = world.buffer.take_damaged()
    world.store(replace(item, version=item.version + 9))
    world.buffer.quarantine(items=found)
    assert [each.version for each in claimed(world)] == [item.version + 9]


LAST = Report(
    video_id=make.VIDEO,
    item_id=make.VIDEO,
    playback_id="pb-9",
    seq=1,
    act=1,
    act_kind="start",
    played_since_act=2.0,
    position=3.0,
    state="playing",
    event_time=make.NOW_US,
)


def provisional(world: World) -> DirtyItem:
    place = make.make_place(rev=1, owner="pb-9", position=3.0)
    world.store(an_item(place=place, provisional=True), last=(LAST, FACTS))
    (item,) = claimed(world)
    assert item.provisional
    return item


def test_settling_without_a_durable_place_keeps_the_live_one(world: World) -> None:
    item = provisional(world)
    settled = world.buffer.settle(item=item, durable=None)
    assert settled is not None
    assert (settled.place, settled.provisional) == (item.place, False)
    assert settled.version > item.version
    assert world.buffer.acknowledge(items=[settled]) == 1


def test_settling_judges_the_report_against_the_durable_place(world: World) -> None:
    item = provisional(world)
    durable = make.make_place(rev=7, changed_at=make.NOW_US - 9 * SECOND)
    settled = world.buffer.settle(item=item, durable=durable)
    assert settled is not None
    assert (settled.place.position, settled.place.owner) == (durable.position, durable.owner)
    assert settled.place.rev == 8
    assert settled.place.changed_at > item.place.changed_at
    assert (settled.batch, settled.intervals) == (item.batch, item.intervals)


def test_settling_what_moved_meanwhile_changes_nothing(world: World) -> None:
    item = provisional(world)
    world.store(replace(item, version=item.version + 9))
    assert world.buffer.settle(item=item, durable=None) is None


def test_settling_what_is_gone_changes_nothing(world: World) -> None:
    item = provisional(world)
    world.evict(item)
    assert world.buffer.settle(item=item, durable=None) is None
