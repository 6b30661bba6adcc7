"""Clocks are wrong and reports come late, twice or out of order: faults 22, 23, 24 and 25."""

import random
import time

import pytest

from reprise.adapters import cassandra_rows as rows
from tests.builders import PHONE, TV, make_film
from tests.harness.backends import Backend
from tests.harness.functions import Answer
from tests.harness.players import (
    STEP_SECONDS,
    Player,
    event_of,
    instant,
    live_fields,
    new_player,
    second_device,
)

DAY = 86_400
YEAR = 365 * DAY
US = 1_000_000
DEVICES = (
    "SELECT device_id, position, state FROM watch_position_by_device"
    " WHERE profile_id = ? AND video_id = ?"
)


@pytest.mark.parametrize("wrong_by", [YEAR, -YEAR], ids=["a year ahead", "a year behind"])
def test_a_players_wrong_clock_orders_nothing_and_poisons_nothing(
    backend: Backend, wrong_by: int
) -> None:
    """22: neither the wrong report nor the right ones after it are held up by it."""
    player = new_player(backend.redis, make_film())
    began = time.time()
    wrong = player.report(backend.progress, eventTime=instant(began + wrong_by))
    assert (wrong.status, wrong.body["moved"]) == (200, True)
    fields = live_fields(backend.redis, player)
    now = time.time()
    assert (now - 31 * DAY) * US < int(fields["et"]) <= now * US
    for name in ("at", "mat", "wat", "vs", "v"):
        assert (began - 5) * US < int(fields[name]) <= now * US
    backend.flush()
    right = player.report(backend.progress)
    assert (right.body["moved"], right.body["place"]["position"]) == (True, player.position)
    backend.flush()
    durable = backend.durable(player)
    assert durable is not None
    assert (durable.rev, durable.position) == (2, player.position)


@pytest.mark.parametrize("wrong_by", [YEAR, -YEAR], ids=["a year ahead", "a year behind"])
def test_an_offline_report_of_a_wrong_clock_neither_bars_the_future_nor_erases_the_present(
    backend: Backend, wrong_by: int
) -> None:
    """22: what is replayed counts as of now at the latest, of thirty days ago at the earliest."""
    television = new_player(backend.redis, make_film())
    television.report(backend.progress)
    phone = second_device(backend.redis, television, PHONE)
    body = phone.body(eventTime=instant(time.time() + wrong_by), position=3000.0)
    replay = replay_of(backend, phone, body)
    assert replay.body["results"][0]["moved"] is (wrong_by > 0)
    television.act += 1
    answer = television.report(backend.progress, actKind="resume")
    assert (answer.body["moved"], answer.body["place"]["position"]) == (True, television.position)


def replay_of(backend: Backend, player: Player, *bodies: object) -> Answer:
    event = event_of(
        player.viewer, "POST", "/stream/progress/batch", body={"reports": list(bodies)}
    )
    answer = backend.warm("stream/record_batch").request(event)
    assert answer.status == 200
    return answer


def test_a_server_clock_that_steps_back_changes_no_order(backend: Backend) -> None:
    """22: five seconds back in the middle of a viewing; the durable row follows all the same."""
    player = new_player(backend.redis, make_film())
    player.report(backend.progress)
    live = backend.progress.wiring.live
    versions = [int(live_fields(backend.redis, player)["at"])]
    backend.flush()
    live.now_us = versions[0] - 5 * US
    for _ in range(3):
        answer = player.report(backend.progress)
        assert (answer.status, answer.body["moved"]) == (200, True)
        versions.append(int(live_fields(backend.redis, player)["at"]))
        backend.drain()
        durable = backend.durable(player)
        assert durable is not None
        assert (durable.position, durable.changed_at) == (player.position, versions[-1])
    assert versions == sorted(set(versions))


@pytest.mark.parametrize("seed", range(3))
def test_reordered_and_repeated_reports_end_where_the_last_one_was(
    backend: Backend, seed: int
) -> None:
    """23: each is answered with 200 and the place that stands."""
    player = new_player(backend.redis, make_film())
    bodies = [player.body() for _ in range(8)]
    dice = random.Random(seed)
    sent = bodies * 2
    dice.shuffle(sent)
    highest = 0
    for body in sent:
        answer = backend.progress.request(player.event(body))
        newer = body["seq"] > highest
        highest = max(highest, body["seq"])
        assert (answer.status, answer.body["moved"]) == (200, newer)
        assert answer.body["reason"] == (None if newer else "duplicate")
        assert answer.body["place"]["position"] == bodies[highest - 1]["position"]
    backend.flush()
    durable = backend.durable(player)
    assert durable is not None
    assert durable.position == bodies[-1]["position"]


def test_two_devices_that_take_turns_keep_a_row_each_and_the_last_act_the_place(
    backend: Backend,
) -> None:
    """24."""
    television = new_player(backend.redis, make_film(), device=TV)
    phone = second_device(backend.redis, television, PHONE)
    phone.position = 3000.0
    for turn in range(4):
        player = (television, phone)[turn % 2]
        player.act, player.played = turn + 1, STEP_SECONDS
        answer = player.report(backend.progress, actKind="resume")
        assert answer.body["place"]["position"] == player.position
        idle = (phone, television)[turn % 2]
        if turn:
            kept = idle.report(backend.progress, state="paused", position=idle.position)
            assert (kept.body["moved"], kept.body["reason"]) == (False, "act_spent")
            assert kept.body["place"]["position"] == player.position
    backend.drain()
    durable = backend.durable(phone)
    assert durable is not None
    assert (durable.position, durable.device.id) == (phone.position, PHONE.id)
    found = backend.query(DEVICES, *rows.uuids(phone.viewer.profile_id, phone.video_id))
    assert {(row.device_id, row.position, row.state) for row in found} == {
        (TV.id, television.position, "paused"),
        (PHONE.id, phone.position, "playing"),
    }


def test_a_hidden_title_stays_hidden_for_late_reports_and_comes_back_with_a_new_act(
    backend: Backend,
) -> None:
    """25: late by its number, and late by having been offline."""
    player = new_player(backend.redis, make_film())
    player.report(backend.progress)
    late = player.body()
    player.report(backend.progress)
    phone = second_device(backend.redis, player, PHONE)
    offline = phone.body(eventTime=instant(time.time() - 60), position=2000.0)
    assert shown(backend, player) == [player.video_id]
    hide(backend, player)
    backend.flush()
    assert shown(backend, player) == []
    assert backend.progress.request(player.event(late)).body["reason"] == "duplicate"
    assert replay_of(backend, phone, offline).body["results"][0]["reason"] == "superseded"
    assert player.report(backend.progress).body["place"]["hidden"] is True
    backend.drain()
    assert shown(backend, player) == []
    player.act += 1
    assert player.report(backend.progress, actKind="resume").body["place"]["hidden"] is False
    assert shown(backend, player) == [player.video_id]


def hide(backend: Backend, player: Player) -> None:
    path = {"videoId": player.video_id}
    event = event_of(player.viewer, "DELETE", "/continue-watching/{videoId}", path=path)
    assert backend.warm("playstate/hide_title").request(event).status == 204


def shown(backend: Backend, player: Player) -> list[str]:
    answer = backend.row.request(event_of(player.viewer, "GET", "/continue-watching"))
    assert answer.status == 200
    return [entry["videoId"] for entry in answer.body["items"]]
