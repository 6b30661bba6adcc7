"""Redis is a cluster whose slots move, wait or go away: fault 5, through the real handlers."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
import redis as redis_driver

from reprise.adapters.cassandra_session import CassandraConnection
from reprise.adapters.live_keys import ProfileKeys
from reprise.adapters.redis_calls import TIMEOUTS_TO_OPEN
from reprise.adapters.redis_client import connect
from reprise_local.fault_proxy import FaultProxy
from reprise_local.ports import free_port
from reprise_local.servers import RedisServer
from tests.builders import make_film, make_series
from tests.harness.backends import Backend
from tests.harness.functions import Answer
from tests.harness.players import (
    Ledger,
    Player,
    event_of,
    live_fields,
    new_player,
    publish,
    sign_in,
)

SLOTS = 16_384
HALF = SLOTS // 2
BUDGET_SECONDS = 0.3
GIVES_UP_WITHIN_SECONDS = 1.0
LAST_PORT_WITH_A_BUS = 55_535


class ClusterNode(RedisServer):
    """One of two nodes that own half the slots each."""

    def command(self) -> Sequence[str]:
        own = {"cluster-enabled": "yes", "cluster-node-timeout": "15000"}
        return [*super().command(), *(part for k, v in own.items() for part in (f"--{k}", v))]

    def ask(self, *command: Any) -> Any:
        with redis_driver.Redis(port=self.port, protocol=2, decode_responses=True) as client:
            return client.execute_command(*command)

    @property
    def node_id(self) -> str:
        return str(self.ask("CLUSTER MYID"))


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ClusterNode, ClusterNode]]:
    ports = [port for port in (free_port() for _ in range(50)) if port < LAST_PORT_WITH_A_BUS]
    folder = tmp_path_factory.mktemp("cluster")
    first = ClusterNode(folder=folder / "a", port=ports[0])
    second = ClusterNode(folder=folder / "b", port=ports[1])
    with first, second:
        form(first, second)
        yield first, second


def form(first: ClusterNode, second: ClusterNode) -> None:
    first.ask("CLUSTER ADDSLOTSRANGE", 0, HALF - 1)
    second.ask("CLUSTER ADDSLOTSRANGE", HALF, SLOTS - 1)
    first.ask("CLUSTER SET-CONFIG-EPOCH", 1)
    second.ask("CLUSTER SET-CONFIG-EPOCH", 2)
    first.ask("CLUSTER MEET", "127.0.0.1", second.port)
    for node in (first, second):
        await_state(node, "ok")


def await_state(node: ClusterNode, wanted: str) -> None:
    deadline = time.monotonic() + 20
    while node.ask("CLUSTER INFO")["cluster_state"] != wanted:
        assert time.monotonic() < deadline, f"the cluster does not become {wanted}"
        time.sleep(0.05)


@pytest.fixture
def cluster(
    nodes: tuple[ClusterNode, ClusterNode],
    cassandra_proxy: FaultProxy,
    cassandra_connection: CassandraConnection,
) -> Iterator[Backend]:
    """Functions on a cluster of two."""
    url = f"redis://127.0.0.1:{nodes[0].port}"
    client = connect(url=url, cluster=True, timeout_ms=5_000)
    backend = Backend(
        redis=client,
        redis_url=url,
        connection=cassandra_connection,
        cassandra_port=cassandra_proxy.port,
        variables={"REDIS_CLUSTER": "true"},
    )
    yield backend
    for node in nodes:
        node.ask("FLUSHALL")
    backend.close()
    client.close()


def slot_of(backend: Backend, player: Player) -> int:
    return int(backend.redis.keyslot(ProfileKeys.of(player.viewer.profile_id).live))


def player_on(node: ClusterNode, backend: Backend) -> Player:
    film = make_film()
    for _ in range(100):
        player = new_player(backend.redis, film)
        if node.ask("CLUSTER COUNTKEYSINSLOT", slot_of(backend, player)):
            return player
    raise AssertionError("no viewer lives on this node")


def begin_move(slot: int, source: ClusterNode, target: ClusterNode) -> None:
    target.ask("CLUSTER SETSLOT", slot, "IMPORTING", source.node_id)
    source.ask("CLUSTER SETSLOT", slot, "MIGRATING", target.node_id)


def move_keys(slot: int, source: ClusterNode, target: ClusterNode) -> None:
    for key in source.ask("CLUSTER GETKEYSINSLOT", slot, 1000):
        source.ask("MIGRATE", "127.0.0.1", target.port, key, 0, 5000)


def end_move(slot: int, source: ClusterNode, target: ClusterNode) -> None:
    for node in (target, source):
        node.ask("CLUSTER SETSLOT", slot, "NODE", target.node_id)


def test_every_route_and_the_flush_run_on_a_cluster(cluster: Backend) -> None:
    """5: every script and pipeline stays in one slot, or goes to each slot's node."""
    ledger = Ledger()
    titles = [make_film(), make_series()]
    players = [new_player(cluster.redis, title) for title in titles * 10]
    for player in players:
        ledger.keep(player, player.report(cluster.progress))
        ledger.keep(player, player.report(cluster.progress, state="paused"))
    assert len(ledger.told) == len(players)
    assert cluster.flush().failed == []
    assert cluster.not_durable(ledger) == []
    for player in players[:2]:
        path = {"videoId": player.video_id}
        for folder, method, resource, given, status in (
            ("playstate/list_continue_watching", "GET", "/continue-watching", None, 200),
            ("playstate/mark_watched", "PUT", "/videos/{videoId}/watched", path, 200),
            ("playstate/unmark_watched", "DELETE", "/videos/{videoId}/watched", path, 200),
            ("playstate/list_history", "GET", "/history", None, 200),
            ("playstate/hide_title", "DELETE", "/continue-watching/{videoId}", path, 204),
        ):
            event = event_of(player.viewer, method, resource, path=given)
            assert cluster.warm(folder).request(event).status == status
        event = event_of(
            player.viewer, "POST", "/stream/progress/batch", body={"reports": [player.body()]}
        )
        assert cluster.warm("stream/record_batch").request(event).status == 200
    for folder in ("flush/plan_flush", "flush/sweep_overdue"):
        assert cluster.warm(folder).call({})[0]["orders"] >= 0
    cluster.drain()


def test_a_slot_that_moved_is_followed_within_the_same_request(
    cluster: Backend, nodes: tuple[ClusterNode, ClusterNode]
) -> None:
    """5: MOVED."""
    source, target = nodes
    player = player_on(source, cluster)
    assert player.report(cluster.progress).status == 200
    slot = slot_of(cluster, player)
    begin_move(slot, source, target)
    move_keys(slot, source, target)
    end_move(slot, source, target)
    with pytest.raises(redis_driver.exceptions.MovedError):
        source.ask("GET", ProfileKeys.of(player.viewer.profile_id).live)
    answer = player.report(cluster.progress)
    assert (answer.status, answer.body["moved"], answer.body["place"]["rev"]) == (200, True, 2)


def test_a_slot_that_is_half_moved_is_503_in_time_and_whole_again_afterwards(
    cluster: Backend, nodes: tuple[ClusterNode, ClusterNode]
) -> None:
    """5: ASK and TRYAGAIN; the keys of one script stand on both nodes."""
    source, target = nodes
    player = player_on(source, cluster)
    player.report(cluster.progress)
    slot = slot_of(cluster, player)
    begin_move(slot, source, target)
    half = ProfileKeys.of(player.viewer.profile_id).place(player.item_id)
    source.ask("MIGRATE", "127.0.0.1", target.port, half, 0, 5000)
    event = player.event()
    started = time.monotonic()
    answer = cluster.progress.request(event)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert time.monotonic() - started < GIVES_UP_WITHIN_SECONDS
    move_keys(slot, source, target)
    end_move(slot, source, target)
    answer = cluster.progress.request(event)
    assert (answer.status, answer.body["moved"], answer.body["place"]["rev"]) == (200, True, 2)
    assert live_fields(cluster.redis, player)["rev"] == "2"


def test_a_cluster_that_lost_slots_is_503_in_time_and_goes_on_when_it_is_whole(
    cluster: Backend, nodes: tuple[ClusterNode, ClusterNode]
) -> None:
    """5: CLUSTERDOWN."""
    first, _ = nodes
    player = player_on(first, cluster)
    slot = slot_of(cluster, player)
    player.report(cluster.progress)
    first.ask("CLUSTER DELSLOTS", slot)
    await_state(first, "fail")
    event = player.event()
    started = time.monotonic()
    answer = cluster.progress.request(event)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert time.monotonic() - started < GIVES_UP_WITHIN_SECONDS
    first.ask("CLUSTER ADDSLOTS", slot)
    await_state(first, "ok")
    answer = cluster.progress.request(event)
    assert (answer.status, answer.body["moved"], answer.body["place"]["rev"]) == (200, True, 2)


def test_a_function_that_starts_while_the_cluster_is_away_is_503_and_recovers(
    cluster: Backend, nodes: tuple[ClusterNode, ClusterNode]
) -> None:
    """5: nothing to discover the slots from."""
    player = player_on(nodes[0], cluster)
    event = player.event()
    for node in nodes:
        node.pause()
    try:
        answer = cluster.progress.request(event)
    finally:
        for node in nodes:
            node.resume()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert cluster.progress.request(event).status == 200


@pytest.mark.parametrize("hanging", [1, 2], ids=["a node", "the cluster"])
def test_a_cluster_that_hangs_costs_its_budget_until_the_breaker_opens(
    cluster: Backend, nodes: tuple[ClusterNode, ClusterNode], hanging: int
) -> None:
    """2 and 5: the client asks each other node once where the slots are."""
    player = player_on(nodes[0], cluster)
    player.report(cluster.progress)
    events = [player.event() for _ in range(TIMEOUTS_TO_OPEN + 20)]
    for node in nodes[:hanging]:
        node.pause()
    try:
        answers = [timed(cluster, event) for event in events]
    finally:
        for node in nodes:
            node.resume()
    assert all((a.status, a.headers["Retry-After"]) == (503, "1") for a, _ in answers)
    budget = BUDGET_SECONDS if hanging == 1 else BUDGET_SECONDS * (1 + len(nodes))
    assert min(seconds for _, seconds in answers[:TIMEOUTS_TO_OPEN]) < budget
    assert sum(seconds for _, seconds in answers[TIMEOUTS_TO_OPEN:]) < BUDGET_SECONDS


def test_a_cluster_whose_nodes_are_all_gone_is_503_and_never_500(
    cluster: Backend, nodes: tuple[ClusterNode, ClusterNode]
) -> None:
    """1 and 5."""
    player = player_on(nodes[0], cluster)
    player.report(cluster.progress)
    for node in nodes:
        node.kill()
    try:
        statuses = {player.report(cluster.progress).status for _ in range(5)}
    finally:
        for node in nodes:
            node.start()
            await_state(node, "ok")
    assert statuses == {503}
    sign_in(cluster.redis, player.viewer)
    publish(cluster.redis, make_film(id=player.video_id))
    assert player.report(cluster.progress).status == 200


def timed(backend: Backend, event: Mapping[str, Any]) -> tuple[Answer, float]:
    started = time.monotonic()
    answer = backend.progress.request(event)
    return answer, time.monotonic() - started
