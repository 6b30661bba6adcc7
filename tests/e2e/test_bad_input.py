"""The bad-input matrix through the real gateway: named, refused, nothing stored, nothing logged."""

import json
import time
from typing import Any

import pytest

from tests.bad_input import cases
from tests.e2e.api_client import Answer, ApiClient, Json, Player
from tests.e2e.cloud import Aws, Live, eventually
from tests.e2e.people import PASSWORD, Person

pytestmark = pytest.mark.cloud

PROGRESS = "/stream/progress"
BATCH = "/stream/progress/batch"


def good(client: ApiClient, film: str) -> Json:
    return Player(client, film).act("start", position=1200.0).next(plays=34.5)


def changed(report: Json, field: str, value: Any) -> Json:
    return {name: value for name, value in (report | {field: value}).items() if value is not ...}


def complaint(answer: Answer, fields: list[str] | None = None) -> str | None:
    """Return what is wrong with a refusal, or None."""
    if answer.status != 400 or answer.kind != "invalid-request":
        return f"answered {answer.status}"
    if answer.headers["X-Correlation-Id"] != answer.json["correlationId"]:
        return "bears two correlation ids"
    if fields is not None and answer.wrong_fields != fields:
        return f"names {answer.wrong_fields}"
    return "shows our insides" if "Traceback" in json.dumps(answer.json) else None


def test_every_wrong_field_of_the_matrix_is_named_and_nothing_is_stored(
    tv: ApiClient, film: str, live: Live
) -> None:
    report = good(tv, film)
    wrong = {}
    for field, value in cases.FIELDS:
        raw = json.dumps(changed(report, field, value)).encode()
        answer = tv.call("POST", PROGRESS, raw=raw)
        wrong[field, repr(value)[:40]] = complaint(answer, [field])
    for intervals, fields in cases.NOT_INTERVALS:
        answer = tv.call("POST", PROGRESS, changed(report, "intervals", intervals))
        wrong["intervals", repr(intervals)[:40]] = complaint(answer, fields)
    assert {case: told for case, told in wrong.items() if told} == {}
    assert live.keys(tv.profile_id) == set()


@pytest.mark.parametrize("path", [PROGRESS, BATCH])
def test_bodies_that_are_no_json_object_are_refused_and_nothing_is_stored(
    tv: ApiClient, live: Live, path: str
) -> None:
    raw = {
        name: body.encode("utf-8", errors="surrogatepass")
        for name, body in cases.RAW_BODIES.items()
        if body is not None
    }
    raw |= {
        "invalid UTF-8": b'{"videoId": "\xff\xfe"}',
        "UTF-16": '{"seq": 1}'.encode("utf-16"),
        "zeros": bytes(64),
        **{text: f'{{"position": {text}}}'.encode() for text in cases.NOT_NUMBERS},
        **{text: text.encode() for text in cases.DUPLICATES},
    }
    wrong = {name: complaint(tv.call("POST", path, raw=body)) for name, body in raw.items()}
    assert {name: told for name, told in wrong.items() if told} == {}
    assert live.keys(tv.profile_id) == set()


def test_every_wrong_field_is_named_at_once(tv: ApiClient) -> None:
    answer = tv.call("POST", PROGRESS, {"seq": "1", "position": -1, "role": "admin"})
    assert answer.status == 400
    assert set(answer.wrong_fields) == {
        *("videoId", "playbackId", "seq", "act", "actKind", "playedSinceAct", "position"),
        *("state", "eventTime", "role"),
    }
    assert all(problem["reason"] for problem in answer.json["errors"])


# LocalStack's server reads forms in parts itself, and refuses ours before the gateway sees it.
@pytest.mark.parametrize(
    "content_type", [given for given in cases.CONTENT_TYPES if "multipart" not in str(given)]
)
def test_another_content_type_is_415(
    tv: ApiClient, film: str, live: Live, content_type: str | None
) -> None:
    raw = json.dumps(good(tv, film)).encode()
    answer = tv.call("POST", PROGRESS, raw=raw, headers={"Content-Type": content_type})
    assert (answer.status, answer.kind) == (415, "unsupported-media-type")
    assert live.keys(tv.profile_id) == set()


@pytest.mark.parametrize(("path", "limit"), [(PROGRESS, 16 * 1024), (BATCH, 128 * 1024)])
def test_a_body_past_its_limit_is_413(tv: ApiClient, path: str, limit: int) -> None:
    answer = tv.call("POST", path, raw=b'"' + b"a" * limit + b'"')
    assert (answer.status, answer.kind) == (413, "too-large")
    answer = tv.call("POST", path, raw=b'"' + b"a" * (limit - 2) + b'"')
    assert (answer.status, answer.kind) == (400, "invalid-request")


def test_ten_megabytes_and_a_flood_of_headers_are_413(tv: ApiClient) -> None:
    big = tv.call("POST", PROGRESS, raw=b"[" * 10_000_000)
    assert (big.status, big.kind) == (413, "too-large")
    flood = tv.call("GET", "/history", headers={"X-Big": "x" * 11_000})
    assert (flood.status, flood.kind) == (413, "too-large")


def test_headers_that_must_come_once_are_refused_when_they_come_twice(
    tv: ApiClient, film: str
) -> None:
    token = f"Bearer {tv.token}"
    twice = [("Authorization", token), ("Authorization", token)]
    answer = tv.call("POST", PROGRESS, good(tv, film), headers=twice)
    assert (answer.status, answer.kind) == (400, "invalid-request")
    assert answer.wrong_fields == ["authorization"]


@pytest.mark.parametrize("value", ["a b", "x" * 65, "{b0042}", "", "é"])
def test_a_correlation_id_that_is_not_well_formed_is_replaced(
    nobody: ApiClient, value: str
) -> None:
    headers = {"X-Correlation-Id": value.encode()}
    answer = nobody.call("GET", "/history", headers=headers)
    assert answer.status == 401
    assert answer.headers["X-Correlation-Id"] not in {value, ""}


@pytest.mark.parametrize(
    "title", ["a:b", "%7Bb0042%7D", "*", "%2e%2e", "a%0d%0ab", "a%00b", "x" * 65, "%F0%9F%8E%AC"]
)
def test_hostile_ids_in_paths_are_404_and_touch_nothing(
    tv: ApiClient, live: Live, title: str
) -> None:
    for method, path in (
        ("DELETE", f"/continue-watching/{title}"),
        ("PUT", f"/videos/{title}/watched"),
        ("DELETE", f"/videos/{title}/watched"),
    ):
        answer = tv.call(method, path)
        assert (answer.status, answer.kind) == (404, "not-found"), path
    assert live.keys(tv.profile_id) == set()


def test_no_secret_of_good_or_bad_requests_is_in_any_log(
    person: Person, tv: ApiClient, film: str, aws: Aws
) -> None:
    since = time.time() - 5
    assert tv.token is not None
    refresh = tv.log_in(email=person.email, password=PASSWORD).json["refreshToken"]
    marker = {"X-Correlation-Id": "secrets-of-bad-requests"}
    tv.call("POST", PROGRESS, good(tv, film))
    tv.call("POST", PROGRESS, {"seq": "x", tv.token: tv.token})
    tv.call("POST", PROGRESS, raw=f'{{"a": "{tv.token}"'.encode())
    tv.call("GET", f"/history?cursor={tv.token}")
    tv.call("POST", "/auth/login", {"email": person.email, "password": [PASSWORD]})
    tv.call("GET", "/history", headers={"Authorization": f"Bearer x{tv.token}"})
    tv.call("GET", "/history?limit=0", headers=marker)
    lines = eventually(
        lambda: _with(marker["X-Correlation-Id"], list(aws.all_lines(since=since))),
        within=15,
        otherwise="the last request is not in the logs",
        every=0.2,
    )
    told = "\n".join(lines)
    for secret in (tv.token, tv.token.rpartition(".")[2][:40], refresh, PASSWORD, person.email):
        assert secret not in told


def _with(marker: str, lines: list[str]) -> list[str]:
    return lines if any(marker in line for line in lines) else []
