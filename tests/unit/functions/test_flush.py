"""The functions of the flush as Lambda calls them: orders in, partial failures out."""

import json
from typing import Any

import pytest

from reprise.adapters.flush_queue_sqs import body_of
from reprise.application.ports import PoisonError
from reprise.bootstrap.flush import LOG, FlushWiring
from reprise.domain.flush import FlushOrder
from reprise.edge.consumers import BadMessageError
from tests import flush_builders as make
from tests.harness.functions import World, load

EVERYTHING = FlushOrder(0, 1023)


@pytest.fixture
def world() -> World:
    return World()


def watch(world: World, number: int = 1) -> tuple[str, str]:
    world.buffer.now_us = world.now * 1_000_000
    item = make.make_item(profile_id=make.an_id(number))
    world.buffer.store(item)
    return item.profile_id, item.item_id


def records(*orders: FlushOrder | str) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "body": order if isinstance(order, str) else json.dumps(body_of(order)),
                "eventSource": "aws:sqs",
            }
            for number, order in enumerate(orders)
        ]
    }


def metrics(log: str) -> dict[str, Any]:
    """Add up the measures of every line."""
    found: dict[str, Any] = {}
    for line in map(json.loads, log.splitlines()):
        for declared in line.get("_aws", {"CloudWatchMetrics": []})["CloudWatchMetrics"]:
            for metric in declared["Metrics"]:
                found[metric["Name"]] = found.get(metric["Name"], 0) + line[metric["Name"]]
    return found


def test_an_order_is_carried_out_and_measured(world: World) -> None:
    watch(world)
    answer, log = world.call("flush/flush_places", records(EVERYTHING))
    assert answer == {"batchItemFailures": []}
    assert len(world.durable.stored) == 1
    measured = metrics(log)
    assert (measured["PlacesFlushed"], measured["RowsWritten"]) == (1, 3)
    assert {"FlushLag", "OldestDirtyAge", "Quarantined", "FlushFailures"} <= set(measured)


def test_an_order_with_nothing_to_do_measures_no_lag(world: World) -> None:
    _, log = world.call("flush/flush_places", records(EVERYTHING))
    assert "FlushLag" not in metrics(log)


def test_only_the_order_that_failed_is_delivered_again(world: World) -> None:
    good, bad = watch(world, 1), watch(world, 2)
    world.durable.failures[bad] = RuntimeError("odd")
    orders = [FlushOrder(0, 0, profile_id=key[0], item_ids=(key[1],)) for key in (good, bad)]
    answer, log = world.call("flush/flush_places", records(*orders, "not ours"))
    failed = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
    assert sorted(failed) == ["message-1", "message-2"]
    assert metrics(log)["FlushFailures"] == 1


def test_someone_who_paused_goes_before_a_range(world: World) -> None:
    ranged, paused = watch(world, 1), watch(world, 2)
    urgent = FlushOrder(0, 0, profile_id=paused[0], item_ids=(paused[1],))
    world.call("flush/flush_places", records(EVERYTHING, urgent))
    assert [key for key, _ in world.durable.writes] == [paused, ranged]


def test_poison_is_measured(world: World) -> None:
    world.durable.failures[watch(world)] = PoisonError("too large")
    answer, log = world.call("flush/flush_places", records(EVERYTHING))
    assert answer == {"batchItemFailures": []}
    assert metrics(log)["Quarantined"] == 1


def test_the_planner_orders_what_is_dirty_and_measures_it(world: World) -> None:
    watch(world)
    answer, log = world.call("flush/plan_flush", {})
    assert answer == {"orders": 1}
    assert len(world.queue.orders) == 1
    measured = metrics(log)
    assert (measured["DirtyItems"], measured["LeftBehind"], measured["OldestDirtyAge"]) == (1, 0, 0)


def test_the_sweep_orders_what_was_missed(world: World) -> None:
    watch(world)
    assert world.call("flush/sweep_overdue", {})[0] == {"orders": 0}
    world.now += 400
    assert world.call("flush/sweep_overdue", {})[0] == {"orders": 1}
    assert [order.older_than for order in world.queue.orders] == [360]


def test_a_planner_whose_queue_is_down_fails_and_says_so(world: World) -> None:
    watch(world)
    world.queue.down = True
    with pytest.raises(Exception, match="down"):
        world.call("flush/plan_flush", {})


def test_a_redrive_reports_what_became_of_each_message(world: World) -> None:
    there = make.make_item(profile_id=world.viewer.profile_id)
    erased = make.make_item(profile_id=make.an_id(1))
    world.quarantine.put(items=[there, erased], reason={})
    answer, _ = world.call("flush/redrive_quarantined", {"limit": 5})
    assert answer == {"redriven": 0, "restored": 1, "gone": 1, "kept": 0, "notes": []}


@pytest.mark.parametrize("limit", [0, -1, 1_001, "5", 2.0, True, None])
def test_a_redrive_of_no_sensible_number_is_refused(world: World, limit: Any) -> None:
    with pytest.raises(BadMessageError):
        world.call("flush/redrive_quarantined", {"limit": limit})


def test_events_go_to_the_log_where_there_is_no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    module = load("flush/flush_places")
    wiring = FlushWiring(module.SETTINGS)
    monkeypatch.setattr(type(module.SETTINGS.events), "url", LOG, raising=False)
    assert type(wiring.publisher).__name__ == "LogPublisher"
