"""Reports that are not as they must be: 400 and nothing stored, whatever is wrong with them."""

import json
from typing import Any

import pytest

from tests.bad_input import cases
from tests.harness.functions import Answer, World

PROGRESS = "stream/record_progress"
BATCH = "stream/record_batch"


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def send(world: World, *, folder: str = PROGRESS, **parts: Any) -> Answer:
    resource = "/stream/progress" + ("/batch" if folder == BATCH else "")
    return world.request(folder, world.event("POST", resource, **parts))


def assert_refused(world: World, answer: Answer, status: int = 400) -> None:
    """A problem document, nothing stored, no trace of our insides anywhere."""
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Correlation-Id"] == answer.body["correlationId"]
    assert "Traceback" not in answer.log
    assert len(answer.lines) == 1
    assert world.live.states == {}
    assert world.queue.orders == []


@pytest.mark.parametrize(("field", "value"), cases.FIELDS, ids=lambda value: repr(value)[:40])
def test_a_wrong_field_is_named(world: World, field: str, value: Any) -> None:
    answer = send(world, body=world.report(**{field: value}))
    assert_refused(world, answer)
    assert answer.wrong_fields == [field]


@pytest.mark.parametrize(("intervals", "fields"), cases.NOT_INTERVALS)
def test_a_wrong_interval_is_named(world: World, intervals: Any, fields: list[str]) -> None:
    answer = send(world, body=world.report(intervals=intervals))
    assert_refused(world, answer)
    assert answer.wrong_fields == fields


@pytest.mark.parametrize("text", cases.NOT_NUMBERS)
@pytest.mark.parametrize("field", ["position", "playedSinceAct", "seq"])
def test_what_is_no_number_is_named(world: World, field: str, text: str) -> None:
    raw = json.dumps(world.report(**{field: "HERE"})).replace('"HERE"', text)
    answer = send(world, raw=raw, headers={"Content-Type": "application/json"})
    assert_refused(world, answer)
    assert answer.wrong_fields == [field]


def test_every_wrong_field_is_named_at_once(world: World) -> None:
    answer = send(world, body={"seq": "1", "position": -1, "role": "admin"})
    assert_refused(world, answer)
    assert set(answer.wrong_fields) == {
        *("videoId", "playbackId", "seq", "act", "actKind", "playedSinceAct", "position"),
        *("state", "eventTime", "role"),
    }


@pytest.mark.parametrize("name", cases.RAW_BODIES)
def test_a_body_that_is_not_one_json_object_is_refused(world: World, name: str) -> None:
    raw = cases.RAW_BODIES[name]
    answer = send(world, raw=raw, headers={"Content-Type": "application/json"})
    assert_refused(world, answer)


@pytest.mark.parametrize("raw", cases.DUPLICATES)
def test_a_field_sent_twice_is_named(world: World, raw: str) -> None:
    answer = send(world, raw=raw, headers={"Content-Type": "application/json"})
    assert_refused(world, answer)
    assert answer.wrong_fields == ["seq"]


@pytest.mark.parametrize("name", cases.BASE64_BODIES)
def test_a_wrong_base64_flag_is_refused(world: World, name: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = send(world, raw=cases.BASE64_BODIES[name], headers=headers, base64=True)
    assert_refused(world, answer)


@pytest.mark.parametrize("content_type", cases.CONTENT_TYPES)
def test_another_content_type_is_415(world: World, content_type: str | None) -> None:
    raw = json.dumps(world.report())
    headers = {} if content_type is None else {"Content-Type": content_type}
    assert_refused(world, send(world, raw=raw, headers=headers), 415)


@pytest.mark.parametrize("filler", ["a", "é", "🎬"])
@pytest.mark.parametrize(("folder", "limit"), [(PROGRESS, 16 * 1024), (BATCH, 128 * 1024)])
def test_a_body_past_its_limit_is_413(world: World, folder: str, limit: int, filler: str) -> None:
    headers = {"Content-Type": "application/json"}
    size = len(filler.encode())
    too_long = '"' + filler * (limit // size) + '"'
    assert_refused(world, send(world, folder=folder, raw=too_long, headers=headers), 413)
    fits = '"' + filler * (limit // size - 2) + '"'
    assert_refused(world, send(world, folder=folder, raw=fits, headers=headers), 400)


def test_ten_megabytes_are_413_at_once(world: World) -> None:
    headers = {"Content-Type": "application/json"}
    assert_refused(world, send(world, raw="[" * 10_000_000, headers=headers), 413)


@pytest.mark.parametrize("name", ["Authorization", "authorization", "Content-Type"])
def test_a_header_that_must_come_once_and_came_twice_is_refused(world: World, name: str) -> None:
    first = f"Bearer {world.token()}" if "uthorization" in name else "application/json"
    answer = send(world, body=world.report(), headers={name: [first, first]})
    assert_refused(world, answer)
    assert answer.wrong_fields == [name.lower()]


def test_the_same_header_in_two_spellings_is_refused(world: World) -> None:
    answer = send(world, body=world.report(), headers={"AUTHORIZATION": f"Bearer {world.token()}"})
    assert_refused(world, answer)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Big": "x" * 11_000},
        {f"X-{number}": "x" * 90 for number in range(150)},
        {"X-Many": ["x" * 100] * 120},
    ],
    ids=["one big", "many", "one many times"],
)
def test_a_flood_of_headers_is_413(world: World, headers: dict[str, Any]) -> None:
    assert_refused(world, send(world, body=world.report(), headers=headers), 413)


def test_a_wrong_report_is_named_by_its_place_and_refuses_the_whole_batch(world: World) -> None:
    reports = [world.report(seq=n) for n in range(1, 5)]
    reports[1] = world.report(position=-1, intervals=[[0.0, 1.0], [3.0, 2.0]])
    reports[3] = {"seq": 1}
    answer = send(world, folder=BATCH, body={"reports": reports})
    assert_refused(world, answer)
    assert answer.wrong_fields[:2] == ["reports[1].position", "reports[1].intervals[1]"]
    assert "reports[3].eventTime" in answer.wrong_fields
    assert all(field.startswith(("reports[1]", "reports[3]")) for field in answer.wrong_fields)


@pytest.mark.parametrize("reports", [None, {}, "[]", [], [None], [1], [[]], GONE_REPORTS := ...])
def test_reports_that_are_no_list_of_reports_are_refused(world: World, reports: Any) -> None:
    body: dict[str, Any] = {} if reports is GONE_REPORTS else {"reports": reports}
    answer = send(world, folder=BATCH, raw=json.dumps(body), headers={"Content-Type": JSON})
    assert_refused(world, answer)
    assert answer.wrong_fields[0].startswith("reports")


def test_two_hundred_and_one_reports_are_too_many(world: World) -> None:
    reports = [world.report(seq=n, intervals=[]) for n in range(1, 202)]
    answer = send(world, folder=BATCH, body={"reports": reports})
    assert_refused(world, answer)
    assert answer.wrong_fields == ["reports"]


def test_a_batch_of_nothing_but_unknown_fields_is_refused_quickly(world: World) -> None:
    raw = json.dumps({"reports": [{f"f{n}": 0 for n in range(8_000)}]})
    answer = send(world, folder=BATCH, raw=raw, headers={"Content-Type": JSON})
    assert_refused(world, answer)
    assert len(answer.wrong_fields) > 8_000


JSON = "application/json"


@pytest.mark.parametrize(
    "event_time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999999-14:00"]
)
def test_a_clock_that_is_wrong_by_ages_is_no_error(event_time: str) -> None:
    world = World()
    assert send(world, body=world.report(eventTime=event_time)).status == 200


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON", 'application/json; charset="UTF-8"'],
)
def test_json_by_any_of_its_names_is_taken(content_type: str) -> None:
    world = World()
    headers = {"Content-Type": content_type}
    assert send(world, body=world.report(), headers=headers).status == 200


def test_a_position_past_the_end_is_clamped_and_no_error() -> None:
    world = World()
    answer = send(world, body=world.report(position=1e9, intervals=[]))
    assert (answer.status, answer.body["place"]["position"]) == (200, 5400.0)
