"""An environment that slept wakes up with dead connections: fault 21, for each of the stores.

A frozen environment is not told that its connections died: the first bytes that it sends are
answered with a reset, or, behind some networks, never.
"""

import pytest

from reprise.adapters import cassandra_session
from reprise_local.fault_proxy import FaultProxy
from tests.builders import make_film
from tests.faults.waiting import eventually
from tests.harness.backends import Backend
from tests.harness.players import event_of, new_player, place_key
from tests.harness.sign_in import demo_visitor, login_function


def test_the_first_report_after_a_sleep_succeeds_with_one_new_connection(
    live_only: Backend, redis_proxy: FaultProxy
) -> None:
    """21, Redis."""
    player = new_player(live_only.redis, make_film())
    player.report(live_only.progress)
    before = redis_proxy.accepted
    redis_proxy.strand()
    answer = player.report(live_only.progress)
    assert (answer.status, answer.body["moved"], answer.body["place"]["rev"]) == (200, True, 2)
    assert redis_proxy.accepted == before + 1


def test_a_connection_that_is_silently_dead_costs_one_503_and_is_replaced(
    live_only: Backend, redis_proxy: FaultProxy
) -> None:
    """21, Redis behind a network that drops instead of resetting."""
    player = new_player(live_only.redis, make_film())
    player.report(live_only.progress)
    redis_proxy.black_hole()
    event = player.event()
    answer = live_only.progress.request(event)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    redis_proxy.heal()
    answer = live_only.progress.request(event)
    assert (answer.status, answer.body["moved"], answer.body["place"]["rev"]) == (200, True, 2)


def test_the_first_read_of_the_history_after_a_sleep_succeeds(
    backend: Backend, cassandra_proxy: FaultProxy
) -> None:
    """21, Cassandra: the driver's control connection and its pool's are both dead."""
    player = new_player(backend.redis, make_film())
    player.report(backend.progress)
    backend.flush()
    history = backend.function("playstate/list_history")
    event = event_of(player.viewer, "GET", "/history")
    assert history.request(event).status == 200
    cassandra_proxy.strand()
    answer = history.request(event)
    assert answer.status == 200
    assert [viewing["position"] for viewing in answer.body["items"]] == [player.position]


def test_connections_to_cassandra_that_are_silently_dead_are_found_out_and_replaced(
    backend: Backend, cassandra_proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """21, Cassandra behind a network that drops: the driver's heartbeat gives up in time."""
    monkeypatch.setattr(cassandra_session, "HEARTBEAT_SECONDS", 1)
    player = new_player(backend.redis, make_film())
    player.report(backend.progress)
    backend.flush()
    history = backend.function("playstate/list_history", CASSANDRA_TIMEOUT_MS="500")
    event = event_of(player.viewer, "GET", "/history")
    assert history.request(event).status == 200
    cassandra_proxy.strand(silently=True)
    answer = history.request(event)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")

    def answers_again() -> bool:
        backend.close_breakers()
        return history.request(event).status == 200

    eventually(answers_again, seconds=10)


def test_the_first_flush_after_a_sleep_is_durable(
    backend: Backend, cassandra_proxy: FaultProxy
) -> None:
    """21, Cassandra, writing."""
    player = new_player(backend.redis, make_film())
    player.report(backend.progress)
    assert backend.flush().failed == []
    player.report(backend.progress)
    cassandra_proxy.strand()
    backend.drain()
    durable = backend.durable(player)
    assert durable is not None
    assert durable.rev == 2


def test_a_cold_place_is_found_in_the_history_after_a_sleep(
    backend: Backend, cassandra_proxy: FaultProxy
) -> None:
    """21, Cassandra on the path of a report: not taken for a viewer who never watched.

    Where a slow machine needs longer to reconnect than the report may wait, the place is
    provisional until the flush has settled it; either way it continues the durable one.
    """
    player = new_player(backend.redis, make_film())
    player.report(backend.progress)
    backend.flush()
    before = backend.durable(player)
    backend.redis.delete(place_key(player))
    cassandra_proxy.strand()
    assert player.report(backend.progress).status == 200
    backend.close_breakers()
    backend.drain()
    after = backend.durable(player)
    assert before is not None
    assert after is not None
    assert (after.rev, after.viewing_started_at) == (2, before.viewing_started_at)


def test_the_first_sign_in_after_a_sleep_succeeds_with_one_new_connection(
    sign_in_backend: Backend, postgres_proxy: FaultProxy
) -> None:
    """21, PostgreSQL."""
    function, visitor = login_function(sign_in_backend), demo_visitor()
    assert visitor.log_in(function).status == 200
    before = postgres_proxy.accepted
    postgres_proxy.strand()
    assert visitor.log_in(function).status == 200
    assert postgres_proxy.accepted == before + 1
