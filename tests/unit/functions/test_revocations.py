"""The two workers between a revoked session and the edge, as timers and queues call them."""

import json
from dataclasses import replace
from typing import Any

import pytest

from reprise.adapters.revocation_queue_sqs import PER_MESSAGE, body_of
from reprise.domain.grants import holder_of
from reprise.domain.revocations import GRACE_SECONDS, Revocation
from reprise.edge.consumers import BadMessageError
from reprise.edge.revocations import read_revocations
from tests.harness.functions import NOW, World

UNTIL = NOW + 3600 + GRACE_SECONDS
TICK = {"source": "aws.events"}


@pytest.fixture
def world() -> World:
    return World()


def revoke(world: World, *, ago: int = 0) -> str:
    """Revoke the viewer's session; return its holder."""
    session_id = world.viewer.session_id
    kept = world.records.sessions[session_id]
    world.records.sessions[session_id] = replace(kept, revoked_at=world.now - ago)
    return holder_of(session_id)


def line_of(log: str) -> dict[str, Any]:
    (line,) = [json.loads(text) for text in log.splitlines() if '"message":"work"' in text]
    found: dict[str, Any] = line
    return found


def told(*revocations: Revocation) -> str:
    return json.dumps(body_of(revocations))


def publish(world: World, *bodies: str) -> tuple[list[str], list[dict[str, Any]]]:
    """Deliver messages; return which failed and the lines of the work."""
    records = [
        {"messageId": f"m-{number}", "body": body, "eventSource": "aws:sqs"}
        for number, body in enumerate(bodies, start=1)
    ]
    answer, log = world.call("delivery/publish_revocations", {"Records": records})
    failed = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
    lines = [json.loads(text) for text in log.splitlines()]
    return failed, [line for line in lines if line.get("message") == "work"]


def test_a_revoked_session_is_told_to_the_edge_and_counted(world: World) -> None:
    holder = revoke(world, ago=40)
    answer, log = world.call("sessions/collect_revocations", TICK)
    assert answer == {"revocations": 1}
    assert line_of(log)["RevocationsTold"] == 1
    assert world.revocation_queue.told == [Revocation(holder, NOW - 40, UNTIL - 40)]
    failed, lines = publish(world, told(*world.revocation_queue.told))
    assert (failed, world.revoked_holders.holders) == ([], {holder: UNTIL - 40})
    (line,) = lines
    assert (line["HoldersRevoked"], line["HoldersForgotten"], line["RevocationLag"]) == (1, 0, 40)
    assert line["told"] == 1


def test_while_nobody_is_revoked_nothing_is_told(world: World) -> None:
    assert world.call("sessions/collect_revocations", TICK)[0] == {"revocations": 0}
    assert world.revocation_queue.told == []


def test_a_message_told_again_measures_no_lag(world: World) -> None:
    body = told(Revocation(holder_of("s"), NOW, UNTIL))
    failed, (_, again) = publish(world, body, body)
    assert (failed, again["HoldersRevoked"]) == ([], 0)
    assert "RevocationLag" not in again


def test_a_message_that_is_none_fails_alone(world: World) -> None:
    good = told(Revocation(holder_of("s"), NOW, UNTIL))
    assert publish(world, "not JSON", good, "{}")[0] == ["m-1", "m-3"]
    assert world.revoked_holders.holders == {holder_of("s"): UNTIL}


def test_while_the_edge_is_away_its_messages_come_again(world: World) -> None:
    world.revoked_holders.down = True
    good = told(Revocation(holder_of("s"), NOW, UNTIL))
    assert publish(world, good)[0] == ["m-1"]


def test_a_whole_message_is_read_as_it_was_written() -> None:
    revocations = [
        Revocation(holder_of(str(number)), NOW + number, UNTIL + number)
        for number in range(PER_MESSAGE)
    ]
    assert read_revocations(told(*revocations)) == revocations
    with pytest.raises(BadMessageError):
        read_revocations(told(*revocations, revocations[0]))


@pytest.mark.parametrize(
    "changes",
    [
        {"holder": "short"},
        {"holder": "x" * 21 + "/"},
        {"holder": "x" * 22 + "\n"},
        {"holder": None},
        {"until": "1795000000"},
        {"until": -1},
        {"until": 1.5},
        {"revokedAt": True},
        {"more": 1},
    ],
)
def test_what_no_collector_tells_is_refused(changes: dict[str, Any]) -> None:
    (good,) = body_of([Revocation(holder_of("s"), NOW, UNTIL)])["revocations"]
    with pytest.raises(BadMessageError):
        read_revocations(json.dumps({"revocations": [good | changes]}))
    with pytest.raises(BadMessageError):
        read_revocations('{"revocations": []}')
