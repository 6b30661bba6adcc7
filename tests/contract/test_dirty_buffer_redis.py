"""What only Redis can show: expiry, lost scripts, unreadable state, one round trip for a range."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import redis

from reprise.adapters.dirty_buffer_redis import RedisDirtyBuffer
from reprise.adapters.dirty_codec import dirty_to_hash
from reprise.adapters.live_keys import BucketKeys, ProfileKeys
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.application.ports import PoisonError
from reprise.domain.buckets import bucket_of
from reprise.domain.errors import UnavailableError
from reprise.domain.outbox import KEPT
from reprise.domain.playstate import DirtyItem
from tests import flush_builders as make
from tests.harness.stack import TestStack

pytestmark = pytest.mark.real

LIVE_TTL_SECONDS = 100


@pytest.fixture
def client(stack: TestStack) -> Iterator[Any]:
    url = stack.redis_url.rsplit("/", 1)[0] + "/9"
    client = connect(url=url, cluster=False, timeout_ms=5_000)
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


@pytest.fixture
def lost() -> dict[str, int]:
    return {}


@pytest.fixture
def buffer(client: Any, lost: dict[str, int]) -> RedisDirtyBuffer:
    return RedisDirtyBuffer(
        RedisCalls(client), live_ttl_seconds=LIVE_TTL_SECONDS, on_lost=lost.__setitem__
    )


def store(client: Any, item: DirtyItem, **fields: str) -> str:
    profile = ProfileKeys.of(item.profile_id)
    place = profile.place(item.item_id)
    hash_ = dirty_to_hash(item) | {"out": "[]"} | fields
    del hash_["batch"], hash_["bout"]
    client.hset(place, mapping=hash_)
    client.sadd(profile.live, item.item_id)
    member = f"{item.profile_id}:{item.item_id}"
    client.zadd(BucketKeys.of(bucket_of(item.profile_id)).dirty, {member: item.dirty_since})
    return place


def claim(buffer: RedisDirtyBuffer) -> list[DirtyItem]:
    return list(buffer.claim(buckets=range(1024), dirty_before=None, limit=100))


def test_a_dirty_place_never_expires_and_a_clean_one_does(
    client: Any, buffer: RedisDirtyBuffer
) -> None:
    item = make.make_item(profile_id=str(uuid4()))
    place = store(client, item)
    items = claim(buffer)
    assert client.ttl(place) == -1
    buffer.acknowledge(items=items)
    assert LIVE_TTL_SECONDS - 5 < client.ttl(place) <= LIVE_TTL_SECONDS
    left = set(client.hgetall(place))
    assert not left & {"bout", "batch", "att", "prov", "lr", "since", "d:tv-1"}
    assert client.scard(ProfileKeys.of(item.profile_id).live) == 0


def test_microseconds_keep_every_digit(client: Any, buffer: RedisDirtyBuffer) -> None:
    since = 1_795_000_000_123_457
    store(client, make.make_item(dirty_since=since, version=since + 1))
    (item,) = claim(buffer)
    assert (item.dirty_since, item.version, item.batch) == (since, since + 1, since + 1)
    buffer.release(items=[item], counted=True)
    (backlog,) = buffer.backlog().values()
    assert backlog.oldest == since


def test_scripts_that_the_server_lost_are_sent_again(client: Any, buffer: RedisDirtyBuffer) -> None:
    store(client, make.make_item())
    buffer.backlog()
    client.script_flush()
    items = claim(buffer)
    client.script_flush()
    assert buffer.acknowledge(items=items) == 1


def test_a_state_that_can_not_be_read_is_quarantined_and_counted(
    client: Any, buffer: RedisDirtyBuffer, lost: dict[str, int]
) -> None:
    store(client, make.make_item(profile_id=make.an_id(1)), pos="far")
    sound = make.make_item(profile_id=make.an_id(2))
    store(client, sound)
    assert [item.profile_id for item in claim(buffer)] == [sound.profile_id]
    assert lost == {"CorruptState": 1}
    (damaged,) = buffer.take_damaged()
    assert damaged.version == sound.version
    buffer.quarantine(items=[damaged])
    assert buffer.backlog() == {}
    key = BucketKeys.of(bucket_of(make.an_id(1))).quarantined
    assert client.zcard(key) == 1


@pytest.mark.parametrize(
    "fields",
    [{"v": "x"}, {"v": "²"}, {"out": "[["}, {"bout": "[{}]", "batch": "7"}, {"since": ""}],
    ids=str,
)
def test_whatever_a_flush_stumbles_over_is_damage(
    client: Any, buffer: RedisDirtyBuffer, fields: dict[str, str]
) -> None:
    item = make.make_item(profile_id=str(uuid4()))
    client.hset(store(client, item), mapping=fields)
    assert claim(buffer) == []
    damaged = buffer.take_damaged()
    buffer.quarantine(items=damaged)
    assert buffer.damage(profile_id=item.profile_id, item_id=item.item_id)


def test_a_key_that_is_no_hash_is_damage_and_stops_nobody(
    client: Any, buffer: RedisDirtyBuffer
) -> None:
    bad, sound = make.make_item(profile_id=make.an_id(1)), make.make_item()
    place = store(client, bad)
    client.delete(place)
    client.set(place, "no hash")
    store(client, sound)
    assert [item.profile_id for item in claim(buffer)] == [sound.profile_id]
    (damaged,) = buffer.take_damaged()
    assert (damaged.version, damaged.fields) == (None, {"type": "string"})
    buffer.quarantine(items=[damaged])
    ids = {"profile_id": bad.profile_id, "item_id": bad.item_id}
    assert "damaged" in (buffer.damage(**ids) or "")
    assert not buffer.redrive(**ids)
    assert client.zcard(BucketKeys.of(bucket_of(bad.profile_id)).quarantined) == 1


def test_what_an_outbox_lacks_in_precision_is_counted(
    client: Any, buffer: RedisDirtyBuffer, lost: dict[str, int]
) -> None:
    plain = [["i", n, n + 0.5, "pb-1"] for n in range(KEPT)]
    store(client, make.make_item(), out=json.dumps(plain))
    assert len(claim(buffer)) == 1
    assert lost == {}
    joined = [["i", 1, 2, "pb-1", 3, 0], ["i", 0, 9, "pb-1", 4, 1.2], *plain]
    item = make.make_item(profile_id=str(uuid4()))
    place = store(client, item, out=json.dumps(joined), ni="130")
    (found,) = claim(buffer)
    assert found.intervals[:2] == ((1.0, 2.0, "pb-1"), (0.0, 9.0, "pb-1"))
    assert lost == {"JoinedIntervals": 7, "DroppedSeconds": 2}
    assert client.hget(place, "ni") is None, "the next outbox counts anew"


def test_a_provisional_place_whose_last_report_can_not_be_read_is_poison(
    client: Any, buffer: RedisDirtyBuffer
) -> None:
    store(client, make.make_item(provisional=True), lr="{no report", prov="1")
    (item,) = claim(buffer)
    with pytest.raises(PoisonError):
        buffer.settle(item=item, durable=item.place)


def test_bytes_that_are_no_text_poison_one_item_and_not_its_bucket(
    client: Any, buffer: RedisDirtyBuffer
) -> None:
    bad = make.make_item(profile_id=make.an_id(1))
    place = store(client, bad)
    client.hset(place, "dna", b"\xff\xfe")
    sound = make.make_item(profile_id=make.an_id(2))
    store(client, sound)
    assert sound.profile_id in {item.profile_id for item in claim(buffer)}


def test_what_gets_clean_within_a_claim_is_not_frozen_a_second_time(
    client: Any, buffer: RedisDirtyBuffer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its version, which names the event, would name another one that says nothing."""
    item = make.make_item()
    place = store(client, item)
    first = claim(buffer)
    freeze = RedisDirtyBuffer._freeze

    def late(self: RedisDirtyBuffer, members: list[str]) -> Any:
        monkeypatch.undo()
        assert len(members) == self.acknowledge(items=first) == 1
        return freeze(self, members)

    monkeypatch.setattr(RedisDirtyBuffer, "_freeze", late)
    assert list(buffer.claim_items(profile_id=item.profile_id, item_ids=[item.item_id])) == []
    assert client.hget(place, "bout") is None


def test_a_range_of_empty_buckets_costs_one_round_trip(
    client: Any, buffer: RedisDirtyBuffer, monkeypatch: pytest.MonkeyPatch
) -> None:
    buffer.backlog()
    trips = 0
    execute = redis.client.Pipeline.execute

    def counted(self: Any, **arguments: Any) -> Any:
        nonlocal trips
        trips += 1
        return execute(self, **arguments)

    monkeypatch.setattr(redis.client.Pipeline, "execute", counted)
    assert list(buffer.claim(buckets=range(64), dirty_before=None, limit=200)) == []
    assert trips == 1


def test_a_redis_that_is_not_there_is_unavailable(free_port: int) -> None:
    client = connect(url=f"redis://127.0.0.1:{free_port}/0", cluster=False, timeout_ms=200)
    with pytest.raises(UnavailableError):
        RedisDirtyBuffer(RedisCalls(client)).backlog()


@pytest.fixture
def free_port() -> int:
    return 1
