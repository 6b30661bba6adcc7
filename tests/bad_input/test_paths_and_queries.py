"""Ids in paths, parameters in queries, tokens in headers: refused, and no store is asked."""

import base64
import json
from typing import Any

import jwt
import pytest

from tests.bad_input.cases import HOSTILE_IDS
from tests.builders import make_viewer
from tests.harness.functions import World
from tests.harness.keys import KEY, VERIFYING, make_key

ACTS = [
    ("playstate/hide_title", "DELETE", "/continue-watching/{videoId}"),
    ("playstate/mark_watched", "PUT", "/videos/{videoId}/watched"),
    ("playstate/unmark_watched", "DELETE", "/videos/{videoId}/watched"),
]
READS = [
    ("playstate/list_continue_watching", "GET", "/continue-watching"),
    ("playstate/list_history", "GET", "/history"),
]
HOSTILE_TEXTS = [value for value in HOSTILE_IDS if isinstance(value, str)]


@pytest.fixture
def world() -> World:
    return World()


def assert_untouched(world: World) -> None:
    assert world.live.states == {}
    assert world.live.sent == {}
    assert world.durable.reads == 0


@pytest.mark.parametrize("route", ACTS, ids=lambda route: route[0])
@pytest.mark.parametrize("hostile", HOSTILE_TEXTS, ids=lambda text: repr(text)[:30])
def test_an_id_that_nothing_can_have_is_404(world: World, route: Any, hostile: str) -> None:
    folder, method, resource = route
    answer = world.request(folder, world.event(method, resource, path={"videoId": hostile}))
    assert answer.status == 404
    assert answer.body["type"] == "/problems/not-found"
    assert_untouched(world)


@pytest.mark.parametrize("route", ACTS[1:], ids=lambda route: route[0])
@pytest.mark.parametrize("hostile", HOSTILE_TEXTS, ids=lambda text: repr(text)[:30])
def test_a_malformed_episode_in_the_query_is_named(world: World, route: Any, hostile: str) -> None:
    folder, method, resource = route
    query = {"episodeId": hostile}
    event = world.event(method, resource, path={"videoId": world.film.id}, query=query)
    answer = world.request(folder, event)
    assert (answer.status, answer.wrong_fields) == (400, ["episodeId"])
    assert_untouched(world)


@pytest.mark.parametrize("route", [*ACTS, *READS], ids=lambda route: route[0])
def test_an_unknown_parameter_is_named(world: World, route: Any) -> None:
    folder, method, resource = route
    path = {"videoId": world.film.id} if "{" in resource else None
    answer = world.request(folder, world.event(method, resource, path=path, query={"_": "1"}))
    assert (answer.status, answer.wrong_fields) == (400, ["_"])
    assert_untouched(world)


@pytest.mark.parametrize("route", [*ACTS, *READS], ids=lambda route: route[0])
def test_a_body_past_the_limit_is_413_where_none_is_read_too(world: World, route: Any) -> None:
    folder, method, resource = route
    path = {"videoId": world.film.id} if "{" in resource else None
    answer = world.request(folder, world.event(method, resource, path=path, raw="x" * 16_385))
    assert answer.status == 413
    assert_untouched(world)


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "AAAA", "=" * 8, "A" * 600, "é", "../..", "%00", "eyJhIjoxfQ", "a b", "AAAA\n"],
)
def test_a_forged_cursor_is_named(world: World, cursor: str) -> None:
    event = world.event("GET", "/history", query={"cursor": cursor})
    answer = world.request("playstate/list_history", event)
    assert (answer.status, answer.wrong_fields) == (400, ["cursor"])
    assert_untouched(world)


def _signed(world: World, *, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """Return a token of ours with parts of it changed, properly signed by our key."""
    payload = jwt.decode(world.token(), options={"verify_signature": False})
    headers = {"kid": KEY["kid"], "typ": "at+jwt"} | (header or {})
    return jwt.encode(payload | claims, jwt.PyJWK(KEY), algorithm="RS256", headers=headers)


def _unsigned(world: World, algorithm: str) -> str:
    head = {"alg": algorithm, "kid": KEY["kid"], "typ": "at+jwt"}
    return _segment(head) + "." + world.token().split(".")[1] + "."


def _segment(facts: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(facts).encode()).rstrip(b"=").decode()


def bad_tokens(world: World) -> dict[str, str]:
    now = world.now
    genuine = world.token()
    head, payload, signature = genuine.split(".")
    return {
        "alg none": _unsigned(world, "none"),
        "alg None": _unsigned(world, "None"),
        "HS256 keyed with our public key": _confused(world),
        "another key under our kid": _foreign(world),
        "a kid that is a path": _signed(world, header={"kid": "../../dev/null"}),
        "a kid that is a URL": _signed(world, header={"kid": "https://evil.example/jwks"}),
        "a header that brings its own key": _signed(world, header={"jwk": {"kty": "RSA"}}),
        "another audience": _signed(world, aud="someone-else"),
        "another issuer": _signed(world, iss="someone-else"),
        "another type": _signed(world, header={"typ": "JWT"}),
        "expired": _signed(world, iat=now - 1000, nbf=now - 1000, exp=now - 100),
        "not yet valid": _signed(world, iat=now + 1000, nbf=now + 1000, exp=now + 2000),
        "no subject": _signed(world, sub=None),
        "a policy that is none": _signed(world, pol="everything"),
        "a cut signature": genuine[:-8],
        "no signature": f"{head}.{payload}.",
        "another payload": f"{head}.{payload[:-4]}AAAA.{signature}",
        "five dots": f"{genuine}.a.b.c",
        "50 KB": f"{head}.{'A' * 50_000}.{signature}",
        "nothing": "",
    }


def _confused(world: World) -> str:
    head = {"alg": "HS256", "kid": KEY["kid"], "typ": "at+jwt"}
    signing_input = _segment(head) + "." + world.token().split(".")[1]
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = mac.sign(signing_input.encode(), VERIFYING.encode())
    return signing_input + "." + base64.urlsafe_b64encode(signature).rstrip(b"=").decode()


def _foreign(world: World) -> str:
    payload = jwt.decode(world.token(), options={"verify_signature": False})
    headers = {"kid": KEY["kid"], "typ": "at+jwt"}
    return jwt.encode(payload, jwt.PyJWK(make_key(KEY["kid"])), algorithm="RS256", headers=headers)


def test_every_bad_token_is_401_on_every_route_of_viewers(world: World) -> None:
    tokens = bad_tokens(world)
    for folder, method, resource in [*ACTS, *READS]:
        path = {"videoId": world.film.id} if "{" in resource else None
        for name, token in tokens.items():
            headers = {"Authorization": f"Bearer {token}"}
            answer = world.request(
                folder, world.event(method, resource, path=path, headers=headers)
            )
            assert answer.status == 401, (folder, name)
            assert token == "" or token not in answer.log
    assert_untouched(world)


def test_another_accounts_session_does_not_open_this_ones_profile(world: World) -> None:
    stranger = make_viewer(profile_id=world.viewer.profile_id)
    headers = {"Authorization": f"Bearer {world.token(stranger)}"}
    for folder, method, resource in [*ACTS, *READS]:
        path = {"videoId": world.film.id} if "{" in resource else None
        answer = world.request(folder, world.event(method, resource, path=path, headers=headers))
        assert answer.status == 401
    assert world.live.states == {}
