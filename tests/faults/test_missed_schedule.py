"""Nobody fired the flush for half an hour: fault 34."""

import pytest

from reprise.domain.errors import UnavailableError
from tests.builders import make_film
from tests.harness.backends import Backend
from tests.harness.environments import Consumed, Function
from tests.harness.players import Ledger, new_player

HALF_AN_HOUR = 1_800.0


def run(function: Function) -> Consumed:
    """Fire a scheduled function."""
    _, log = function.call({"source": "aws.events"})
    return Consumed(failed=[], log=log)


def test_the_sweep_finds_what_a_missed_schedule_left_and_its_age_is_seen(backend: Backend) -> None:
    """34."""
    ledger, film = Ledger(), make_film()
    players = [new_player(backend.redis, film) for _ in range(30)]
    for player in players:
        ledger.keep(player, player.report(backend.progress))
    backend.pass_time(HALF_AN_HOUR)
    fresh = new_player(backend.redis, film)
    ledger.keep(fresh, fresh.report(backend.progress))
    sweep = backend.function("flush/sweep_overdue")
    seen = run(sweep)
    assert seen.measured("DirtyItems") == len(players) + 1
    assert HALF_AN_HOUR <= seen.measured("OldestDirtyAge") < HALF_AN_HOUR + 60
    orders = sweep.queue.orders
    assert orders
    assert {order.older_than for order in orders} == {360}
    consumed = backend.flusher.consume(orders)
    assert consumed.failed == []
    assert consumed.measured("PlacesFlushed") == len(players)
    assert consumed.measured("FlushLag") >= HALF_AN_HOUR
    member = f"{fresh.viewer.profile_id}:{fresh.item_id}"
    assert list(backend.marks()["dirty"]) == [member], "what is fresh waits for its schedule"
    after = run(sweep)
    assert after.measured("OldestDirtyAge") < 60
    assert len(sweep.queue.orders) == len(orders), "nothing more to sweep"
    planner = backend.function("flush/plan_flush")
    run(planner)
    assert backend.flusher.consume(planner.queue.orders).failed == []
    assert backend.unsaved() == 0
    assert backend.not_durable(ledger) == []


def test_the_sweep_counts_and_takes_what_dead_flushers_left_behind(backend: Backend) -> None:
    """34 and 11: the leases ran out while no schedule fired."""
    ledger, film = Ledger(), make_film()
    players = [new_player(backend.redis, film) for _ in range(5)]
    for player in players:
        ledger.keep(player, player.report(backend.progress))
    claimed = backend.flusher.wiring.buffer.claim(buckets=range(1024), dirty_before=None, limit=100)
    assert len(claimed) == len(players)
    backend.pass_time(HALF_AN_HOUR)
    sweep = backend.function("flush/sweep_overdue")
    seen = run(sweep)
    assert seen.measured("LeftBehind") == len(players)
    assert backend.flusher.consume(sweep.queue.orders).failed == []
    assert backend.unsaved() == 0
    assert backend.not_durable(ledger) == []


def test_a_planner_that_cannot_send_its_orders_loses_nothing_and_fails_aloud(
    backend: Backend,
) -> None:
    """34: the queue is away as well."""
    player = new_player(backend.redis, make_film())
    player.report(backend.progress)
    planner = backend.function("flush/plan_flush", real_queues=True)
    with pytest.raises(UnavailableError):
        planner.call({})
    assert backend.unsaved() == 1
    assert backend.flush().failed == []
    assert backend.unsaved() == 0
