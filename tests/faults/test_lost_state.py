"""Redis answers and has forgotten: evicted state and a failover that lost writes: faults 9, 10."""

from reprise_local.fault_proxy import FaultProxy
from tests.builders import PHONE, make_film
from tests.faults.replicas import Replica
from tests.harness.backends import Backend
from tests.harness.players import Ledger, new_player, place_key, second_device


def test_evicted_state_under_a_mark_is_counted_and_the_mark_removed(backend: Backend) -> None:
    """9: the others of the flush are not concerned."""
    film, ledger = make_film(), Ledger()
    victim, other = new_player(backend.redis, film), new_player(backend.redis, film)
    victim.report(backend.progress)
    ledger.keep(other, other.report(backend.progress))
    backend.redis.delete(place_key(victim))
    consumed = backend.flush()
    assert consumed.failed == []
    assert consumed.measured("EvictedState") == 1
    assert backend.unsaved() == 0
    assert backend.not_durable(ledger) == []
    assert backend.durable(victim) is None


def test_a_viewer_whose_state_was_evicted_goes_on_from_the_durable_place(backend: Backend) -> None:
    """9: what was lost is at most what was reported since the last flush."""
    ledger, player = Ledger(), new_player(backend.redis, make_film())
    for _ in range(3):
        player.report(backend.progress)
    backend.flush()
    player.report(backend.progress)
    backend.redis.delete(place_key(player))
    answer = ledger.keep(player, player.report(backend.progress))
    assert (answer.status, answer.body["moved"], answer.body["place"]["rev"]) == (200, True, 4)
    assert backend.flush().measured("EvictedState") == 0
    assert backend.not_durable(ledger) == []


def fail_over(backend: Backend, proxy: FaultProxy, replica: Replica) -> None:
    """Lead every connection to the replica, which has what it had when it was cut off."""
    backend.redis = replica.client
    proxy.point_at(port=replica.server.port)
    proxy.down()
    proxy.heal()


def test_a_failover_that_lost_writes_is_repaired_by_the_next_heartbeat(
    backend: Backend, redis_proxy: FaultProxy, replica: Replica
) -> None:
    """10: the replica missed ten reports, of which nine had become durable."""
    ledger, player = Ledger(), new_player(backend.redis, make_film())
    player.report(backend.progress)
    replica.catch_up(backend.redis)
    replica.promote()
    for _ in range(9):
        player.report(backend.progress)
    backend.flush()
    player.report(backend.progress)
    fail_over(backend, redis_proxy, replica)
    answer = player.report(backend.progress)
    assert (answer.status, answer.body["moved"]) == (200, True)
    assert answer.body["place"]["position"] == player.position
    backend.drain()
    durable = backend.durable(player)
    assert durable is not None
    assert durable.position == player.position
    ledger.keep(player, answer)
    assert backend.not_durable(ledger) == []


def test_what_a_failed_over_redis_still_holds_as_dirty_never_replaces_a_later_place(
    backend: Backend, redis_proxy: FaultProxy, replica: Replica
) -> None:
    """10: the stale state is flushed, with its own older timestamp."""
    player = new_player(backend.redis, make_film())
    player.report(backend.progress)
    replica.catch_up(backend.redis)
    replica.promote()
    for _ in range(9):
        player.report(backend.progress)
    backend.flush()
    before = backend.durable(player)
    fail_over(backend, redis_proxy, replica)
    assert backend.unsaved() == 1
    assert backend.flush().failed == []
    assert backend.unsaved() == 0
    after = backend.durable(player)
    assert before is not None
    assert after == before
    assert after.position == player.position


def test_a_take_over_that_a_failover_lost_is_taken_again_by_the_device_that_plays(
    backend: Backend, redis_proxy: FaultProxy, replica: Replica
) -> None:
    """10: even where the paused television speaks first."""
    television = new_player(backend.redis, make_film())
    phone = second_device(backend.redis, television, PHONE)
    phone.position = 3000.0
    television.report(backend.progress)
    replica.catch_up(backend.redis)
    replica.promote()
    assert phone.report(backend.progress).body["moved"]
    backend.flush()
    fail_over(backend, redis_proxy, replica)
    television.report(backend.progress, state="paused", position=television.position)
    answer = phone.report(backend.progress)
    assert answer.body["place"]["position"] == phone.position
    backend.drain()
    durable = backend.durable(phone)
    assert durable is not None
    assert (durable.position, durable.device.id) == (phone.position, PHONE.id)
