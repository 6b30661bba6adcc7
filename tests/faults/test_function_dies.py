"""A function is killed in the middle of a request, or many start at once: faults 31 and 33."""

import signal
import time
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any, Literal

import pytest

from reprise_local.fault_proxy import FaultProxy
from tests.builders import make_film
from tests.faults.waiting import eventually
from tests.harness.backends import Backend
from tests.harness.child import Child, Fatal, Said
from tests.harness.environments import environment
from tests.harness.players import Ledger, Player, event_of, live_fields, new_player

PROCESSES = 6
CONNECTIONS_PER_ENVIRONMENT = 2
"""The driver's control connection and one of its pool; one node."""


def child(backend: Backend, folder: str, fatal: Fatal | None = None) -> Child:
    variables = environment(redis_url=backend.redis_url, cassandra_port=backend.cassandra_port)
    return Child(folder, variables, fatal=fatal)


def killed_in(backend: Backend, folder: str, fatal: Fatal, event: Mapping[str, Any]) -> Said:
    with child(backend, folder, fatal) as doomed:
        doomed.await_ready()
        said = doomed.call(event)
        assert doomed.await_death() == -signal.SIGKILL
        return said


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_report_whose_function_is_killed_is_stored_once_by_the_players_retry(
    backend: Backend, when: Literal["before", "after"]
) -> None:
    """31: killed before or after the one step that stores; a time-out of Lambda kills like this."""
    player = new_player(backend.redis, make_film())
    player.report(backend.progress)
    event = player.event()
    fatal = Fatal("live", "record", when)
    said = killed_in(backend, "stream/record_progress", fatal, event)
    assert said.result is None
    stored = live_fields(backend.redis, player)["rev"]
    assert stored == ("1" if when == "before" else "2")
    answer = backend.progress.request(event)
    assert (answer.status, answer.body["place"]["rev"]) == (200, 2)
    assert answer.body["moved"] is (when == "before")
    backend.drain()
    durable = backend.durable(player)
    assert durable is not None
    assert (durable.rev, durable.position) == (2, player.position)


def test_a_stop_whose_function_is_killed_before_it_ordered_the_flush_is_ordered_by_the_retry(
    backend: Backend,
) -> None:
    """31: stored, not yet ordered to be durable at once; the sweep would take it too."""
    player = new_player(backend.redis, make_film())
    event = player.event(state="stopped")
    killed_in(backend, "stream/record_progress", Fatal("queue", "send", "before"), event)
    assert backend.unsaved() == 1
    answer = backend.progress.request(event)
    assert (answer.status, answer.body["reason"]) == (200, "duplicate")
    (order,) = backend.progress.queue.orders
    assert order.item_ids == (player.item_id,)
    assert backend.flusher.consume([order]).failed == []
    assert backend.unsaved() == 0


def test_a_function_that_hangs_on_redis_and_is_killed_has_stored_all_or_nothing(
    backend: Backend, redis_proxy: FaultProxy
) -> None:
    """31: killed from outside, while its script's answer is on the way."""
    player = new_player(backend.redis, make_film())
    player.report(backend.progress)
    event = player.event()
    with child(backend, "stream/record_progress") as doomed:
        doomed.await_ready()
        assert doomed.call(player.event()).result["statusCode"] == 200
        redis_proxy.latency(5)
        doomed.begin(player.event())
        eventually(lambda: live_fields(backend.redis, player)["rev"] == "3")
        doomed.kill()
        doomed.await_death()
    redis_proxy.heal()
    assert backend.progress.request(event).body["reason"] == "duplicate"
    assert player.report(backend.progress).body["place"]["rev"] == 4


def test_a_row_whose_builder_is_killed_is_built_by_another(backend: Backend) -> None:
    """31: the dead one holds the lock of the single flight, which runs out."""
    player = new_player(backend.redis, make_film())
    player.report(backend.progress)
    event = event_of(player.viewer, "GET", "/continue-watching")
    killed_in(
        backend, "playstate/list_continue_watching", Fatal("durable", "places", "before"), event
    )
    deadline = time.monotonic() + 10
    while (answer := backend.row.request(event)).status == 503:
        assert time.monotonic() < deadline
    assert [entry["videoId"] for entry in answer.body["items"]] == [player.video_id]


def storm(backend: Backend, players: list[Player]) -> list[Said]:
    """Start a function per player at once and let each answer its first report."""
    with ExitStack() as stack:
        children = [stack.enter_context(child(backend, "stream/record_progress")) for _ in players]
        for each, player in zip(children, players, strict=True):
            each.begin(player.event())
        for each in children:
            each.await_ready()
        return [each.finish() for each in children]


def test_a_storm_of_cold_starts_opens_no_connection_to_cassandra_for_live_places(
    backend: Backend, cassandra_proxy: FaultProxy
) -> None:
    """33: nor imports a driver; each first report is stored."""
    ledger, film = Ledger(), make_film()
    players = [new_player(backend.redis, film) for _ in range(PROCESSES)]
    for player in players:
        ledger.keep(player, player.report(backend.progress))
    connections = cassandra_proxy.accepted
    said = storm(backend, players)
    assert [each.result["statusCode"] for each in said] == [200] * PROCESSES
    assert {driver for each in said for driver in each.drivers} == set()
    assert cassandra_proxy.accepted == connections
    for player in players:
        assert live_fields(backend.redis, player)["rev"] == "2"


def test_a_storm_of_cold_starts_for_cold_places_opens_two_connections_each(
    backend: Backend, cassandra_proxy: FaultProxy
) -> None:
    """33: and finds every viewer's place."""
    ledger, film = Ledger(), make_film()
    players = [new_player(backend.redis, film) for _ in range(PROCESSES)]
    for player in players:
        ledger.keep(player, player.report(backend.progress))
    backend.flush()
    for key in backend.redis.scan_iter(match="*:place:*"):
        backend.redis.delete(key)
    connections = cassandra_proxy.accepted
    said = storm(backend, players)
    assert [each.result["statusCode"] for each in said] == [200] * PROCESSES
    opened = cassandra_proxy.accepted - connections
    assert opened <= PROCESSES * CONNECTIONS_PER_ENVIRONMENT
    for player in players:
        assert live_fields(backend.redis, player)["rev"] == "2"
