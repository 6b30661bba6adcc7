"""Live state that can't be read: told with its raw fields, set aside, mended: fault 18.

The queues are SQS as moto plays it, behind the real adapters.
"""

import json
import time
from typing import Literal

import pytest

from reprise.adapters.cassandra_session import RECONNECT_SECONDS
from reprise_local.fault_proxy import FaultProxy
from tests.builders import make_film
from tests.harness.backends import Backend
from tests.harness.players import Ledger, Player, new_player, place_key
from tests.harness.queues import Queues

BAD = ("pos", "somewhere")


def damaged(backend: Backend, how: Literal["field", "type"]) -> Player:
    """Return a viewer whose live place can't be read, and was not durable yet."""
    player = new_player(backend.redis, make_film())
    player.report(backend.progress)
    backend.drain()
    player.report(backend.progress)
    key = place_key(player)
    if how == "type":
        backend.redis.delete(key)
        backend.redis.set(key, "no hash")
    else:
        backend.redis.hset(key, "pos", "somewhere")
    return player


@pytest.mark.parametrize("how", ["field", "type"])
def test_damaged_state_is_told_set_aside_counted_and_replaced_by_the_next_report(
    with_queues: Backend, queues: Queues, how: Literal["field", "type"]
) -> None:
    """18: a hash that is no place at all, and a key that is no hash."""
    player = damaged(with_queues, how)
    neighbour, ledger = new_player(with_queues.redis, make_film()), Ledger()
    ledger.keep(neighbour, neighbour.report(with_queues.progress))
    consumed = with_queues.flush()
    assert consumed.failed == []
    assert (consumed.measured("CorruptState"), consumed.measured("Quarantined")) == (1, 1)
    assert with_queues.not_durable(ledger) == []
    (notice,) = queues.quarantined()
    assert (notice["profileId"], notice["itemId"]) == (player.viewer.profile_id, player.item_id)
    assert notice["reason"].startswith("the live state can't be read")
    assert notice["raw"].items() >= dict([("type", "string") if how == "type" else BAD]).items()
    assert with_queues.flush().measured("Quarantined") == 0, "it is not tried again by itself"
    answer = player.report(with_queues.progress)
    assert (answer.status, answer.body["place"]["position"]) == (200, player.position)
    with_queues.drain()
    durable = with_queues.durable(player)
    assert durable is not None
    assert durable.position == player.position
    result, _ = with_queues.warm("flush/redrive_quarantined").call({})
    assert result == {"redriven": 0, "restored": 0, "gone": 1, "kept": 0, "notes": []}
    assert queues.quarantined() == []


@pytest.mark.parametrize("how", ["field", "type"])
def test_damaged_state_stays_with_its_message_until_it_is_mended(
    with_queues: Backend, queues: Queues, how: Literal["field", "type"]
) -> None:
    """18: a redrive says what is to be mended, and where."""
    player = damaged(with_queues, how)
    with_queues.flush()
    result, log = with_queues.warm("flush/redrive_quarantined").call({})
    (note,) = result.pop("notes")
    assert result == {"redriven": 0, "restored": 0, "gone": 0, "kept": 1}
    assert f"is damaged still at {place_key(player)}" in note
    assert note in json.loads(log.splitlines()[-1])["notes"]
    assert queues.hidden() == 1, "it comes back by itself"
    assert len(with_queues.marks()["quarantined"]) == 1


def test_damaged_state_that_was_mended_is_redriven_and_becomes_durable(
    with_queues: Backend, queues: Queues
) -> None:
    """18: from the raw fields of its message."""
    player = damaged(with_queues, "field")
    with_queues.flush()
    (notice,) = queues.quarantined()
    assert notice["raw"]["pos"] == "somewhere"
    with_queues.redis.hset(place_key(player), "pos", str(player.position))
    result, _ = with_queues.warm("flush/redrive_quarantined").call({})
    assert result == {"redriven": 1, "restored": 0, "gone": 0, "kept": 0, "notes": []}
    with_queues.drain()
    durable = with_queues.durable(player)
    assert durable is not None
    assert durable.position == player.position
    assert with_queues.marks() == {"dirty": {}, "claimed": {}, "quarantined": {}}


def test_a_provisional_place_whose_last_report_is_damaged_holds_up_nobody(
    with_queues: Backend, cassandra_proxy: FaultProxy, queues: Queues
) -> None:
    """18: born while Cassandra was away; what is to be judged again can't be read."""
    ledger, film = Ledger(), make_film()
    players = [new_player(with_queues.redis, film) for _ in range(3)]
    cassandra_proxy.down()
    for player in players:
        ledger.keep(player, player.report(with_queues.progress))
    cassandra_proxy.heal()
    time.sleep(1.5 * RECONNECT_SECONDS)
    with_queues.close_breakers()
    for player in players[:1]:
        with_queues.redis.hset(place_key(player), "lr", "{no report")
    with_queues.drain()
    assert len(with_queues.not_durable(ledger)) == 1
    assert with_queues.lost(ledger) == []
    (notice,) = queues.quarantined()
    assert "can't be settled" in notice["reason"]
