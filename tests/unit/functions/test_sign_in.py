"""What `POST /auth/login` takes and answers, field by field as on the wire."""

import time
from typing import Any

import pytest

from reprise.application.sign_in import SESSION_SECONDS, refresh_token_hash
from reprise.domain.identity import Device
from tests.harness.functions import EMAIL, PASSWORD, Answer, World, make_event

DEVICE = {"id": "tv-1", "type": "tv", "name": "Living room 📺"}
GOOD = {"email": EMAIL, "password": PASSWORD, "device": DEVICE}


@pytest.fixture
def world() -> World:
    return World()


def log_in(world: World, body: object = None, **parts: Any) -> Answer:
    event = make_event("POST", "/auth/login", body=GOOD if body is None else body, **parts)
    return world.request("auth/log_in", event)


def refused(answer: Answer, world: World) -> None:
    """No other session was kept, none is live."""
    assert set(world.records.sessions) == {world.viewer.session_id}
    assert [key[2] for key in world.sessions.live] == [world.viewer.session_id]
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_signing_in_answers_everything_a_client_needs(world: World) -> None:
    answer = log_in(world)
    assert answer.status == 200
    token, refresh = answer.body.pop("accessToken"), answer.body.pop("refreshToken")
    session_id = answer.body.pop("sessionId")
    assert answer.body == {
        "tokenType": "Bearer",
        "expiresIn": 900,
        "account": {
            "id": world.viewer.account_id,
            "email": EMAIL,
            "plan": "premium",
            "region": "US",
        },
        "profile": {"id": world.viewer.profile_id, "name": "Ada"},
        "profiles": [
            {
                "id": world.viewer.profile_id,
                "name": "Ada",
                "kids": False,
                "maturityLevel": 5,
                "hasPin": False,
                "language": "en",
                "avatar": "heron",
            }
        ],
    }
    assert world.tokens.verify(token=token, now=int(time.time())).session_id == session_id
    assert len(refresh) >= 43
    assert world.records.tokens[refresh_token_hash(refresh)].session_id == session_id
    kept = world.records.sessions[session_id]
    assert kept.device == Device("tv-1", "tv", "Living room 📺")


def test_no_two_sessions_or_refresh_tokens_are_alike(world: World) -> None:
    answers = [log_in(world).body for _ in range(3)]
    for name in ("sessionId", "refreshToken"):
        assert len({answer[name] for answer in answers}) == 3


def test_the_session_is_live_as_long_as_it_can_be_refreshed(world: World) -> None:
    log_in(world)
    *_, live = world.sessions.live.values()
    assert live.lifetime == SESSION_SECONDS


def test_tokens_and_passwords_never_reach_the_log(world: World) -> None:
    answer = log_in(world)
    wrong = log_in(world, GOOD | {"password": "a wrong secret"})
    for secret in (
        answer.body["accessToken"],
        answer.body["refreshToken"],
        PASSWORD,
        EMAIL,
        "a wrong secret",
    ):
        assert secret not in answer.log
        assert secret not in wrong.log


@pytest.mark.parametrize("wrong", [{"email": "nobody@example.org"}, {"password": "open barley"}])
def test_a_wrong_address_or_password_is_401_and_says_not_which(
    world: World, wrong: dict[str, str]
) -> None:
    answer = log_in(world, GOOD | wrong)
    assert (answer.status, answer.body["type"]) == (401, "/problems/unauthenticated")
    assert answer.body["detail"] == "the e-mail address or the password is wrong"
    refused(answer, world)


def test_another_accounts_profile_is_404(world: World) -> None:
    answer = log_in(world, GOOD | {"profileId": "somebody-elses"})
    assert answer.status == 404
    refused(answer, world)


def test_a_named_profile_of_the_account_is_selected(world: World) -> None:
    answer = log_in(world, GOOD | {"profileId": world.viewer.profile_id})
    assert answer.body["profile"]["id"] == world.viewer.profile_id


def test_every_wrong_field_is_named_at_once(world: World) -> None:
    body = {
        "email": 7,
        "role": "admin",
        "profileId": None,
        "device": {"id": "a b", "type": "car", "name": "\n", "updatedAt": 1},
    }
    answer = log_in(world, body)
    assert answer.status == 400
    assert sorted(answer.wrong_fields) == [
        "device.id",
        "device.name",
        "device.type",
        "device.updatedAt",
        "email",
        "password",
        "profileId",
        "role",
    ]
    refused(answer, world)


BAD_FIELDS: dict[str, list[object]] = {
    "email": [
        *("", "ada", "@", "a@", "a b@c", "a@b@c", "a\0@b", "x" * 251 + "@abc"),
        *(None, [], {}, True, 1.5, "a@b\r\nBcc: c@d"),
    ],
    "password": ["", None, 5, [], "x" * 1025],
    "device": [None, "tv", [], 7],
    "profileId": ["", "{b0001}", "a:b", "../x", "x" * 65, 3, ["a"], "é"],
}
BAD_DEVICES: dict[str, list[object]] = {
    "id": ["", "a b", "{}", "a:b", "*", "x" * 65, 1, None, "tv\n", "tv\u202e"],
    "type": ["", "TV", "fridge", 1, None],
    "name": ["", "   ", "a\nb", "a\0b", "x" * 81, 1, None, "a\u2028b"],
}


def cases(bad: dict[str, list[object]]) -> list[tuple[str, object]]:
    return [(field, value) for field, values in bad.items() for value in values]


@pytest.mark.parametrize(("field", "value"), cases(BAD_FIELDS))
def test_a_field_that_is_not_as_it_must_be_is_400(world: World, field: str, value: object) -> None:
    answer = log_in(world, GOOD | {field: value})
    assert (answer.status, answer.wrong_fields) == (400, [field])
    refused(answer, world)


@pytest.mark.parametrize(("field", "value"), cases(BAD_DEVICES))
def test_a_device_that_is_not_as_it_must_be_is_400(world: World, field: str, value: object) -> None:
    answer = log_in(world, GOOD | {"device": DEVICE | {field: value}})
    assert (answer.status, answer.wrong_fields) == (400, [f"device.{field}"])
    refused(answer, world)


@pytest.mark.parametrize("raw", ["", "[", "[]", "null", '"x"', '{"email":"a@b","email":"c@d"}'])
def test_a_body_that_is_no_object_is_400(world: World, raw: str) -> None:
    event = make_event("POST", "/auth/login", raw=raw, headers={"Content-Type": "application/json"})
    answer = world.request("auth/log_in", event)
    assert answer.status == 400
    refused(answer, world)


def test_a_lone_surrogate_is_400(world: World) -> None:
    answer = log_in(world, GOOD | {"password": "\ud800"})
    assert answer.status == 400


def test_a_body_over_sixteen_kilobytes_is_413(world: World) -> None:
    answer = log_in(world, GOOD | {"password": "x" * 17_000})
    assert answer.status == 413
    refused(answer, world)


def test_query_parameters_are_400(world: World) -> None:
    answer = log_in(world, query={"debug": "1"})
    assert (answer.status, answer.wrong_fields) == (400, ["debug"])
    refused(answer, world)


@pytest.mark.parametrize("store", ["accounts", "sessions", "records", "attempts"])
def test_a_store_that_is_down_is_503_and_says_when_to_come_back(world: World, store: str) -> None:
    getattr(world, store).down = True
    answer = log_in(world)
    assert (answer.status, answer.body["type"]) == (503, "/problems/unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
    assert [key[2] for key in world.sessions.live] == [world.viewer.session_id]


def test_no_token_is_needed_and_a_bad_one_does_not_matter(world: World) -> None:
    assert log_in(world, headers={"Authorization": "Bearer nonsense"}).status == 200
