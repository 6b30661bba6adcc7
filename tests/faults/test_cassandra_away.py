"""Cassandra is slow, cut off half way, or gone for ten minutes: faults 15, 16 and 17."""

import time

import pytest

from reprise.adapters import cassandra_rows as rows
from reprise.adapters.cassandra_session import RECONNECT_SECONDS
from reprise.adapters.places_cassandra import ATTEMPTS, PAUSE_SECONDS
from reprise_local.fault_proxy import FaultProxy
from reprise_local.servers import CassandraServer
from tests.builders import PHONE, make_film
from tests.harness.backends import EVERYTHING, Backend
from tests.harness.players import Ledger, Player, new_player, second_device

PAUSED_TIMEOUT_MS = "300"
HEARTBEATS_OF_TEN_MINUTES = 20
"""One every thirty seconds."""

WRITTEN_AT = (
    "SELECT WRITETIME(place) AS at FROM latest_position"
    " WHERE profile_id = ? AND video_id = ? AND item_id = ?"
)


def test_a_write_that_times_out_is_repeated_with_a_pause_and_stays_dirty(
    backend: Backend, cassandra_server: CassandraServer
) -> None:
    """15: the store hangs in the middle of a flush; every item is given back uncounted."""
    ledger, film = Ledger(), make_film()
    players = [new_player(backend.redis, film) for _ in range(10)]
    flusher = backend.function("flush/flush_places", CASSANDRA_TIMEOUT_MS=PAUSED_TIMEOUT_MS)
    pauses: list[float] = []
    flusher.wiring.durable._pause = pauses.append
    for player in players:
        ledger.keep(player, player.report(backend.progress))
    assert backend.flush().failed == []
    for player in players:
        ledger.keep(player, player.report(backend.progress))
    cassandra_server.pause()
    consumed = backend.flush()
    cassandra_server.resume()
    assert consumed.failed == ["0"], "the queue delivers the order again"
    assert consumed.measured("FlushFailures") == len(players)
    assert 1 <= len(pauses) < ATTEMPTS, "a store that hangs is not asked over and over"
    assert PAUSE_SECONDS <= pauses[0] <= 2 * PAUSE_SECONDS, "jitter"
    marks = backend.marks()
    assert (len(marks["dirty"]), len(marks["claimed"])) == (len(players), 0)
    assert backend.lost(ledger) == []
    for key in backend.redis.scan_iter(match="*:place:*"):
        assert backend.redis.hget(key, "att") is None, "the store's failure is not the item's"
    backend.drain()
    assert backend.not_durable(ledger) == []


@pytest.mark.parametrize("applied", [True, False], ids=["all applied", "some cut off"])
def test_a_flush_whose_writes_were_applied_and_not_answered_is_sent_again_as_it_was(
    backend: Backend, cassandra_proxy: FaultProxy, applied: bool
) -> None:
    """16: unanswered writes are not acknowledged; repeated, they carry the same timestamps."""
    ledger, film = Ledger(), make_film()
    players = [new_player(backend.redis, film) for _ in range(20)]
    flusher = backend.function("flush/flush_places", CASSANDRA_TIMEOUT_MS="1000")
    warm = new_player(backend.redis, film)
    warm.report(backend.progress)
    assert backend.flush().failed == []
    for player in players:
        ledger.keep(player, player.report(backend.progress))
    if applied:
        cassandra_proxy.lose_answers()
    else:
        cassandra_proxy.limit_request(after=8_000)
    consumed = flusher.consume([EVERYTHING])
    cassandra_proxy.heal()
    assert consumed.failed == ["0"]
    assert backend.lost(ledger) == []
    kept = [p for p in players if backend.durable(p) is not None]
    assert kept, "something was applied"
    times = [written_at(backend, player) for player in kept]
    backend.drain()
    assert backend.not_durable(ledger) == []
    assert [written_at(backend, player) for player in kept] == times


def written_at(backend: Backend, player: Player) -> int:
    profile, video, item = rows.uuids(player.viewer.profile_id, player.video_id, player.item_id)
    (row,) = backend.query(WRITTEN_AT, profile, video, item)
    return int(row.at)


def test_ten_minutes_without_cassandra_cost_no_report_and_lose_none(
    backend: Backend, cassandra_proxy: FaultProxy
) -> None:
    """17: known viewers and new ones, on one and on two devices; the buffer holds one entry per
    item however long it takes, and drains when the store is back."""
    ledger, film = Ledger(), make_film(duration=7200.0)
    known = [new_player(backend.redis, film) for _ in range(20)]
    for player in known:
        ledger.keep(player, player.report(backend.progress))
    backend.flush()
    for key in list(backend.redis.scan_iter(match="*:place:*"))[:10]:
        backend.redis.delete(key)
    new = [new_player(backend.redis, film) for _ in range(20)]
    cassandra_proxy.down()
    sizes = []
    for minute in range(HEARTBEATS_OF_TEN_MINUTES // 2):
        for player in (*known, *new[: 2 * (minute + 1)]):
            for _ in range(2):
                answer = ledger.keep(player, player.report(backend.progress))
                assert (answer.status, answer.body["moved"]) == (200, True)
        if minute == 5:
            assert backend.flush().failed == ["0"]
        sizes.append(backend.unsaved())
    assert sizes == [len(known) + 2 * (minute + 1) for minute in range(10)], "linear in items"
    phone = second_device(backend.redis, new[0], PHONE)
    phone.position = 4000.0
    ledger.keep(phone, phone.report(backend.progress))
    assert backend.lost(ledger) == []
    cassandra_proxy.heal()
    time.sleep(1.5 * RECONNECT_SECONDS)
    backend.close_breakers()
    backend.drain()
    assert backend.not_durable(ledger) == []
    for player in known:
        durable = backend.durable(player)
        assert durable is not None
        assert durable.position == player.position
