"""Items that no retry can save, and messages that come back days later: faults 18 and 32.

The queues are SQS as moto plays it, behind the real adapters.
"""

import dataclasses
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from cassandra import ConsistencyLevel

from reprise.adapters import cassandra_rows
from reprise.adapters.cassandra_rows import uuids
from reprise.adapters.flush_queue_sqs import body_of
from reprise.adapters.live_keys import BucketKeys, ProfileKeys
from reprise.adapters.quarantine_sqs import SqsQuarantine
from reprise.domain.buckets import bucket_of
from reprise.domain.flush import MAX_ATTEMPTS, FlushOrder, urgent_order
from reprise.domain.playstate import DirtyItem
from tests.builders import make_film
from tests.flush_builders import make_item
from tests.harness.backends import EVERYTHING, Backend
from tests.harness.players import Ledger, Player, new_player, place_key
from tests.harness.queues import Queues

DAYS_US = 86_400 * 1_000_000
CHARACTERS_TOO_MANY = 20_000_000
"""More than Cassandra takes in one mutation."""


def spoil(backend: Backend, player: Player, how: str) -> None:
    """Make a place of which Cassandra takes none, though Redis holds it well."""
    field, value = {
        "no UUID": ("vid", "no-uuid"),
        "too large": ("dna", "x" * CHARACTERS_TOO_MANY),
        "beyond bigint": ("rev", "9" * 30),
    }[how]
    backend.redis.hset(place_key(player), field, value)


@pytest.mark.parametrize("how", ["no UUID", "too large", "beyond bigint"])
def test_a_poison_row_is_quarantined_and_its_neighbours_are_flushed(
    with_queues: Backend, queues: Queues, how: str
) -> None:
    """18: in the same batch, the same bucket and the same order."""
    ledger, film = Ledger(), make_film()
    players = [new_player(with_queues.redis, film) for _ in range(20)]
    poison = players.pop()
    poison.report(with_queues.progress)
    for player in players:
        ledger.keep(player, player.report(with_queues.progress))
    spoil(with_queues, poison, how)
    quarantined = 0.0
    for _ in range(10):
        quarantined += with_queues.flush().measured("Quarantined")
        with_queues.expire_leases()
    assert quarantined == 1
    assert with_queues.not_durable(ledger) == []
    member = f"{poison.viewer.profile_id}:{poison.item_id}"
    marks = with_queues.marks()
    assert (marks["dirty"], marks["claimed"], list(marks["quarantined"])) == ({}, {}, [member])
    (notice,) = queues.quarantined()
    assert (notice["profileId"], notice["itemId"]) == (poison.viewer.profile_id, poison.item_id)
    assert notice["reason"]


@contextmanager
def refused(poison: Collection[str], *, partitions_too: bool = False) -> Iterator[None]:
    """Let Cassandra refuse the writes of these profiles as it does where replicas are down.

    One node can't reach three replicas, so it answers `Unavailable`; with `partitions_too` it does
    so for whatever goes to their partitions.
    """

    def beyond_reach(bind: Callable[..., Sequence[Any]]) -> Callable[..., Sequence[Any]]:
        def bound(connection: Any, item: DirtyItem, **more: Any) -> Sequence[Any]:
            requests = bind(connection, item, **more)
            for request in requests if item.profile_id in poison else ():
                request.consistency_level = ConsistencyLevel.THREE
            return requests

        return bound

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cassandra_rows, "bind_item", beyond_reach(cassandra_rows.bind_item))
        if partitions_too:
            controls = beyond_reach(cassandra_rows.bind_controls)
            patch.setattr(cassandra_rows, "bind_controls", controls)
        yield


@pytest.mark.parametrize("neighbours", [0, 20])
def test_items_that_fail_for_reasons_of_their_own_are_quarantined_however_many(
    with_queues: Backend, queues: Queues, neighbours: int
) -> None:
    """18: nothing but poison in a claim, and an answer that could be the store's."""
    ledger, film = Ledger(), make_film()
    players = [new_player(with_queues.redis, film) for _ in range(10 + neighbours)]
    for player in players:
        ledger.keep(player, player.report(with_queues.progress))
    poison = {player.viewer.profile_id for player in players[:10]}
    with_queues.flusher.wiring.durable._pause = lambda _: None
    with refused(poison):
        for _ in range(MAX_ATTEMPTS):
            assert with_queues.marks()["quarantined"] == {}
            with_queues.flush()
    marks = with_queues.marks()
    assert {member.partition(":")[0] for member in marks["quarantined"]} == poison
    assert (marks["dirty"], marks["claimed"]) == ({}, {})
    assert with_queues.lost(ledger) == []
    assert {notice["profileId"] for notice in queues.quarantined()} <= poison
    result, _ = with_queues.warm("flush/redrive_quarantined").call({})
    assert result["redriven"] == len(poison)
    with_queues.drain()
    assert with_queues.not_durable(ledger) == []


def test_partitions_that_are_down_for_hours_have_no_item_quarantined(
    with_queues: Backend,
) -> None:
    """18 and 17: the rest of the cluster is well, and takes what is its own."""
    ledger, film = Ledger(), make_film()
    players = [new_player(with_queues.redis, film) for _ in range(20)]
    away = {player.viewer.profile_id for player in players[:10]}
    with_queues.flusher.wiring.durable._pause = lambda _: None
    with refused(away, partitions_too=True):
        for _ in range(2 * MAX_ATTEMPTS):
            for player in players:
                ledger.keep(player, player.report(with_queues.progress))
            with_queues.flush()
    marks = with_queues.marks()
    assert {member.partition(":")[0] for member in marks["dirty"]} == away
    assert marks["quarantined"] == {}
    with_queues.drain()
    assert with_queues.not_durable(ledger) == []


def test_a_quarantined_item_that_was_mended_is_redriven_and_becomes_durable(
    with_queues: Backend, queues: Queues
) -> None:
    """18: by the operator's command, through the flush queue."""
    ledger, player = Ledger(), new_player(with_queues.redis, make_film())
    ledger.keep(player, player.report(with_queues.progress))
    spoil(with_queues, player, "no UUID")
    with_queues.flush()
    assert with_queues.lost(ledger) == [], "it is kept, though set aside"
    with_queues.redis.hset(place_key(player), "vid", player.video_id)
    result, _ = with_queues.warm("flush/redrive_quarantined").call({})
    assert result == {"redriven": 1, "restored": 0, "gone": 0, "kept": 0, "notes": []}
    assert queues.quarantined() == []
    (order,) = queues.orders()
    consumed = with_queues.flusher.consume([order_of(order)])
    assert consumed.failed == []
    assert with_queues.not_durable(ledger) == []
    assert with_queues.marks() == {"dirty": {}, "claimed": {}, "quarantined": {}}


def order_of(body: dict[str, Any]) -> FlushOrder:
    order = FlushOrder(
        first_bucket=body["firstBucket"],
        last_bucket=body["lastBucket"],
        profile_id=body["profileId"],
        item_ids=tuple(body["itemIds"]),
    )
    assert body_of(order) == body
    return order


def old_item(player: Player, *, days: int, rev: int) -> DirtyItem:
    """Return what a flusher set aside that long ago."""
    then = time.time_ns() // 1000 - days * DAYS_US
    item = make_item(profile_id=player.viewer.profile_id)
    place = dataclasses.replace(
        item.place,
        video_id=player.video_id,
        item_id=player.item_id,
        rev=rev,
        changed_at=then,
        moved_at=then,
        viewed_at=then,
        viewing_started_at=then // 1000 * 1000,
        position=60.0,
    )
    return dataclasses.replace(
        item, item_id=player.item_id, place=place, version=then, dirty_since=then, devices=()
    )


def test_a_redriven_message_of_days_ago_never_replaces_what_came_after_it(
    with_queues: Backend, queues: Queues
) -> None:
    """32: the viewer went on from elsewhere; the message has an older place."""
    ledger, player = Ledger(), new_player(with_queues.redis, make_film())
    for _ in range(3):
        ledger.keep(player, player.report(with_queues.progress))
    with_queues.drain()
    before = with_queues.durable(player)
    put_aside(queues, old_item(player, days=5, rev=9))
    result, log = with_queues.warm("flush/redrive_quarantined").call({})
    assert result == {"redriven": 0, "restored": 1, "gone": 0, "kept": 0, "notes": []}
    assert log.count("playback.viewing.v1") == 1, "its minutes were watched all the same"
    assert with_queues.durable(player) == before
    assert with_queues.not_durable(ledger) == []


def test_a_redriven_message_whose_state_nobody_else_has_brings_it_back(
    with_queues: Backend, queues: Queues
) -> None:
    """32: with the rest of its ninety days."""
    player = new_player(with_queues.redis, make_film())
    item = old_item(player, days=5, rev=9)
    put_aside(queues, item)
    with_queues.warm("flush/redrive_quarantined").call({})
    assert with_queues.durable(player) == item.place
    ttl = "SELECT TTL(place) AS left FROM latest_position WHERE profile_id = ?"
    (row,) = with_queues.query(ttl, *uuids(player.viewer.profile_id))
    assert 84.9 * 86_400 < row.left <= 85 * 86_400


def put_aside(queues: Queues, item: DirtyItem) -> None:
    key = (item.profile_id, item.item_id)
    SqsQuarantine(url=queues.quarantine_url, connect=lambda: queues.sqs).put(
        items=[item], reason={key: "for a reason that was mended"}
    )


def test_flush_orders_of_days_ago_change_nothing(with_queues: Backend) -> None:
    """32: of the orders' own dead-letter queue, some for what is durable, some for what is gone."""
    ledger, player = Ledger(), new_player(with_queues.redis, make_film())
    ledger.keep(player, player.report(with_queues.progress, state="paused"))
    old = [
        urgent_order(profile_id=player.viewer.profile_id, item_ids=[player.item_id, "gone"]),
        urgent_order(profile_id="nobody", item_ids=["nothing"]),
        dataclasses.replace(EVERYTHING, older_than=360),
    ]
    assert with_queues.flusher.consume(old).failed == []
    before = with_queues.durable(player)
    assert with_queues.flusher.consume(old * 3).failed == []
    assert with_queues.durable(player) == before
    assert with_queues.not_durable(ledger) == []
    bucket = BucketKeys.of(bucket_of("nobody"))
    assert not with_queues.redis.exists(bucket.dirty, bucket.claimed)
    assert not with_queues.redis.exists(ProfileKeys.of("nobody").place("nothing"))
