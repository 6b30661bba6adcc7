"""Flushers die, overlap and are overtaken: faults 11, 12, 13 and 14; zero lost, nothing twice."""

import json
import signal
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import pytest

from reprise.adapters.flush_queue_sqs import body_of
from reprise.domain.flush import urgent_order
from reprise.domain.playstate import DirtyItem
from tests.builders import make_film
from tests.harness.backends import EVERYTHING, Backend
from tests.harness.child import Child, Fatal
from tests.harness.environments import environment, sqs_event
from tests.harness.players import STEP_SECONDS, Ledger, Player, new_player

EVENT = sqs_event([json.dumps(body_of(EVERYTHING))])
DEATHS = {
    "after the claim": Fatal("buffer", "claim", "after"),
    "before the write": Fatal("durable", "write", "before"),
    "after the write": Fatal("durable", "write", "after"),
    "before the acknowledgement": Fatal("buffer", "acknowledge", "before"),
    "after the acknowledgement": Fatal("buffer", "acknowledge", "after"),
}


def flusher(backend: Backend, fatal: Fatal | None = None) -> Child:
    variables = environment(redis_url=backend.redis_url, cassandra_port=backend.cassandra_port)
    return Child("flush/flush_places", variables, fatal=fatal)


def watch(backend: Backend, players: Sequence[Player], ledger: Ledger, *, reports: int) -> None:
    for _ in range(reports):
        for player in players:
            ledger.keep(player, player.report(backend.progress))


def watched_seconds(events: Sequence[Mapping[str, Any]]) -> Mapping[str, float]:
    """Return the seconds that events tell of each profile, repeated events counted once."""
    once = {event["eventId"]: event for event in events}
    seconds: defaultdict[str, float] = defaultdict(float)
    for event in once.values():
        seconds[event["profileId"]] += sum(end - start for start, end, _ in event["intervals"])
    return seconds


@pytest.mark.parametrize("fatal", DEATHS.values(), ids=DEATHS)
def test_a_flusher_that_is_killed_loses_nothing_and_its_work_is_done_again(
    backend: Backend, fatal: Fatal
) -> None:
    """11."""
    ledger, film = Ledger(), make_film()
    players = [new_player(backend.redis, film) for _ in range(20)]
    watch(backend, players, ledger, reports=2)
    with flusher(backend, fatal) as child:
        child.await_ready()
        said = child.call(EVENT)
        assert said.result is None
        assert child.await_death() == -signal.SIGKILL
    assert backend.lost(ledger) == []
    watch(backend, players[:10], ledger, reports=1)
    events = [*said.events, *backend.drain()]
    assert backend.not_durable(ledger) == []
    seconds = watched_seconds(events)
    assert [seconds[p.viewer.profile_id] for p in players[:10]] == [3 * STEP_SECONDS] * 10
    assert [seconds[p.viewer.profile_id] for p in players[10:]] == [2 * STEP_SECONDS] * 10


def test_a_report_between_the_read_and_the_acknowledgement_keeps_the_mark(
    backend: Backend,
) -> None:
    """12."""
    ledger, player = Ledger(), new_player(backend.redis, make_film())
    watch(backend, [player], ledger, reports=1)
    real = backend.flusher.wiring.durable
    write = real.write

    def overtaken(*, items: Sequence[DirtyItem], now: int) -> object:
        watch(backend, [player], ledger, reports=1)
        return write(items=items, now=now)

    real.write = overtaken
    backend.flush()
    real.write = write
    first = backend.durable(player)
    assert first is not None
    assert first.rev == 1
    assert list(backend.marks()["dirty"]) == [f"{player.viewer.profile_id}:{player.item_id}"]
    assert backend.lost(ledger) == []
    backend.flush()
    assert backend.not_durable(ledger) == []
    assert backend.unsaved() == 0


def test_two_flushers_of_the_same_buckets_at_once_leave_what_one_would(backend: Backend) -> None:
    """13: two processes, the same range and the same urgent orders, while viewers go on."""
    ledger, film = Ledger(), make_film()
    players = [new_player(backend.redis, film) for _ in range(60)]
    watch(backend, players, ledger, reports=2)
    orders = [
        urgent_order(profile_id=p.viewer.profile_id, item_ids=[p.item_id]) for p in players[::3]
    ]
    event = sqs_event([json.dumps(body_of(order)) for order in [EVERYTHING, *orders]])
    with ExitStack() as stack:
        children = [stack.enter_context(flusher(backend)) for _ in range(2)]
        for child in children:
            child.await_ready()
        for child in children:
            child.begin(event)
        watch(backend, players, ledger, reports=3)
        said = [child.finish() for child in children]
    assert [each.result for each in said] == [{"batchItemFailures": []}] * 2
    assert backend.lost(ledger) == []
    events = [*said[0].events, *said[1].events, *backend.drain()]
    assert backend.not_durable(ledger) == []
    seconds = watched_seconds(events)
    assert set(seconds.values()) == {5 * STEP_SECONDS}
    assert len(seconds) == len(players)


def test_a_flush_that_outlasts_its_lease_writes_twice_and_harms_nothing(backend: Backend) -> None:
    """14: another flusher has written a later version when the slow one comes to write."""
    ledger, player = Ledger(), new_player(backend.redis, make_film())
    watch(backend, [player], ledger, reports=1)
    backend.pass_time(600)
    slow = backend.function("flush/flush_places")
    other = backend.function("flush/flush_places")
    write = slow.wiring.durable.write
    others: list[Mapping[str, Any]] = []

    def hang(*, items: Sequence[DirtyItem], now: int) -> object:
        backend.expire_leases()
        others.extend(other.consume([EVERYTHING]).events)
        watch(backend, [player], ledger, reports=1)
        others.extend(other.consume([EVERYTHING]).events)
        return write(items=items, now=now)

    slow.wiring.durable.write = hang
    consumed = slow.consume([EVERYTHING])
    assert consumed.failed == []
    assert consumed.measured("OldestDirtyAge") >= 600
    assert backend.unsaved() == 0
    assert backend.not_durable(ledger) == []
    durable = backend.durable(player)
    assert durable is not None
    assert durable.rev == 2
    seconds = watched_seconds([*others, *consumed.events])
    assert list(seconds.values()) == [2 * STEP_SECONDS]
