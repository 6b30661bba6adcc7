"""Signing up, refreshing, sessions, passwords and keys, field by field as on the wire."""

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from reprise.adapters.tokens_pyjwt import JwtVerifier
from reprise.application.sign_in import refresh_token_hash
from reprise.domain.attempts import LIMITS
from reprise.domain.identity import PolicyFacts, Viewer
from tests.builders import KID, PHONE, make_viewer
from tests.harness.functions import (
    EDGE_SECRET,
    EMAIL,
    PASSWORD,
    REFRESH_TOKEN,
    Answer,
    World,
    make_event,
)

DEVICE = {"id": "tv-1", "type": "tv", "name": "Living room"}
NEW = {"email": "bob@example.org", "password": "a long password", "region": "DE", "device": DEVICE}
ACCOUNT_ROUTES = [
    ("POST", "/auth/logout", "auth/log_out"),
    ("PUT", "/auth/password", "auth/change_password"),
    ("GET", "/sessions", "sessions/list_sessions"),
    ("DELETE", "/sessions", "sessions/revoke_other_sessions"),
    ("DELETE", "/sessions/{sessionId}", "sessions/revoke_session"),
]
CHANGE = {"currentPassword": PASSWORD, "newPassword": "another long password"}


@pytest.fixture
def world() -> World:
    return World()


def sign_up(world: World, body: object = NEW, **parts: Any) -> Answer:
    event = make_event("POST", "/auth/signup", body=body, **parts)
    return world.request("auth/sign_up", event)


def refresh(world: World, token: object = REFRESH_TOKEN, **parts: Any) -> Answer:
    event = make_event("POST", "/auth/refresh", body={"refreshToken": token}, **parts)
    return world.request("auth/refresh_session", event)


def ask(world: World, method: str, resource: str, folder: str, **parts: Any) -> Answer:
    """Call a route of the account as its viewer, with whatever it needs."""
    if "{sessionId}" in resource:
        parts = {"path": {"sessionId": world.viewer.session_id}} | parts
    if method == "PUT":
        parts = {"body": CHANGE} | parts
    return world.request(folder, world.event(method, resource, **parts))


def test_signing_up_answers_as_logging_in_does(world: World) -> None:
    answer = sign_up(world)
    assert answer.status == 201
    assert set(answer.body) == {
        *("accessToken", "tokenType", "expiresIn", "refreshToken", "sessionId"),
        *("account", "profile", "profiles"),
    }
    account = answer.body["account"]
    assert account == {**account, "email": "bob@example.org", "plan": "basic", "region": "DE"}
    (profile,) = answer.body["profiles"]
    assert answer.body["profile"] == {"id": profile["id"], "name": "bob"}
    assert (profile["maturityLevel"], profile["hasPin"], profile["language"]) == (5, False, "de")


def test_signing_up_again_after_a_lost_answer_is_201_and_the_same_account(world: World) -> None:
    first, again = sign_up(world), sign_up(world)
    assert again.status == 201
    assert again.body["account"] == first.body["account"]


def test_a_taken_address_answers_as_a_free_one(world: World) -> None:
    taken, free = sign_up(world, NEW | {"email": EMAIL}), sign_up(world)
    assert (taken.status, set(taken.body)) == (free.status, set(free.body))
    assert taken.headers.keys() == free.headers.keys()


BAD_FIELDS: dict[str, list[object]] = {
    "email": ["", "ada", "a@b\r\nBcc: c@d", None, 7, "x" * 251 + "@abc"],
    "password": [
        *("", "short", "password123", "aaaaaaaa", None, 8),
        *("x1" * 513, "bob@EXAMPLE.org"),
    ],
    "region": ["", "de", "DEU", "D", None, 1, "DE\n", "D\u0415"],
    "plan": ["", "free", None, 1, ["basic"]],
    "device": [None, "tv", []],
    "role": ["admin"],
    "accountId": ["x"],
    "profileId": ["x"],
}


@pytest.mark.parametrize(
    ("field", "value"),
    [(field, value) for field, values in BAD_FIELDS.items() for value in values],
)
def test_a_field_of_a_sign_up_that_is_not_as_it_must_be_is_named(
    world: World, field: str, value: object
) -> None:
    answer = sign_up(world, NEW | {field: value})
    assert (answer.status, answer.wrong_fields) == (400, [field])
    assert len(world.accounts.stored) == 1


def test_a_weak_password_is_told_which_rule_it_breaks(world: World) -> None:
    for password, words in [("short", "8 to 1024"), ("bob@example.org", "e-mail address")]:
        (problem,) = sign_up(world, NEW | {"password": password}).body["errors"]
        assert words in problem["reason"]


@pytest.mark.parametrize("missing", ["email", "password", "region", "device"])
def test_what_is_missing_of_a_sign_up_is_named(world: World, missing: str) -> None:
    body = {name: value for name, value in NEW.items() if name != missing}
    answer = sign_up(world, body)
    assert (answer.status, answer.wrong_fields) == (400, [missing])


def test_too_many_sign_ups_of_a_network_are_429_and_say_when_to_come_back(world: World) -> None:
    event = make_event("POST", "/auth/signup", body=NEW)
    event["requestContext"]["identity"] = {"sourceIp": "203.0.113.7"}
    for _ in range(LIMITS["sign-up-network"].times):
        world.attempts.hit(kind="sign-up-network", key="203.0.113.7")
    answer = world.request("auth/sign_up", event)
    assert (answer.status, answer.body["type"]) == (429, "/problems/rate-limited")
    assert int(answer.headers["Retry-After"]) >= 1
    assert sign_up(world).status == 201


def test_what_a_client_says_of_its_network_does_not_count(world: World) -> None:
    event = make_event(
        "POST", "/auth/signup", body=NEW, headers={"X-Forwarded-For": "198.51.100.9"}
    )
    event["requestContext"]["identity"] = {"sourceIp": "203.0.113.7"}
    world.request("auth/sign_up", event)
    assert ("sign-up-network", "203.0.113.7") in world.attempts.made
    assert not any("198.51.100.9" in key for _, key in world.attempts.made)


def test_the_edges_country_is_the_region_of_the_policy(world: World) -> None:
    headers = {"CloudFront-Viewer-Country": "FR", "X-Reprise-Edge": EDGE_SECRET}
    for answer in (sign_up(world, headers=headers), refresh(world, headers=headers)):
        claims = world.tokens.verify(token=answer.body["accessToken"], now=int(time.time()))
        assert claims.policy is not None
        assert claims.policy.region == "FR"
    forged = {"CloudFront-Viewer-Country": "FR", "X-Reprise-Edge": "a guess"}
    claims = world.tokens.verify(
        token=sign_up(world, headers=forged).body["accessToken"], now=int(time.time())
    )
    assert claims.policy is not None
    assert claims.policy.region == "DE"


def test_refreshing_answers_as_logging_in_does_and_takes_the_token_once(world: World) -> None:
    answer = refresh(world)
    assert answer.status == 200
    assert answer.body["sessionId"] == world.viewer.session_id
    assert answer.body["profile"]["id"] == world.viewer.profile_id
    assert refresh_token_hash(answer.body["refreshToken"]) in world.records.tokens
    again = refresh(world)
    assert (again.status, again.body["type"]) == (401, "/problems/unauthenticated")
    assert not world.sessions.live
    assert refresh(world, answer.body["refreshToken"]).status == 401


@pytest.mark.parametrize(
    "token", ["", "x" * 42, "x" * 129, "x" * 42 + "!", "x" * 43 + "\n", None, 7, [], {}]
)
def test_what_cannot_be_a_refresh_token_is_400(world: World, token: object) -> None:
    answer = refresh(world, token)
    assert (answer.status, answer.wrong_fields) == (400, ["refreshToken"])


def test_the_list_shows_every_device_and_says_which_one_asks(world: World) -> None:
    other = make_viewer(account_id=world.viewer.account_id, profile_id=world.viewer.profile_id)
    world.now -= 60
    world.sign_in(other, device=PHONE)
    world.now += 60
    answer = ask(world, *ACCOUNT_ROUTES[2])
    assert answer.status == 200
    assert answer.body == {
        "items": [
            {
                "id": world.viewer.session_id,
                "device": {"id": "tv-1", "type": "tv", "name": "Living room"},
                "createdAt": "2026-11-18T11:06:40.000000Z",
                "lastSeenAt": "2026-11-18T11:06:40.000000Z",
                "country": None,
                "current": True,
            },
            {
                "id": other.session_id,
                "device": {"id": "phone-1", "type": "phone", "name": "Ana's phone"},
                "createdAt": "2026-11-18T11:05:40.000000Z",
                "lastSeenAt": "2026-11-18T11:05:40.000000Z",
                "country": None,
                "current": False,
            },
        ]
    }


@pytest.mark.parametrize("ending", ACCOUNT_ROUTES[:1] + ACCOUNT_ROUTES[4:])
def test_a_session_that_ended_is_refused_by_every_route_of_the_account(
    world: World, ending: tuple[str, str, str]
) -> None:
    assert ask(world, *ending).status == 204
    for route in ACCOUNT_ROUTES:
        answer = ask(world, *route)
        assert (answer.status, answer.body["type"]) == (401, "/problems/unauthenticated")
    assert refresh(world).status == 401


def test_all_other_sessions_end(world: World) -> None:
    other = make_viewer(account_id=world.viewer.account_id, profile_id=world.viewer.profile_id)
    world.sign_in(other, device=PHONE)
    assert ask(world, *ACCOUNT_ROUTES[3]).status == 204
    assert [key[2] for key in world.sessions.live] == [world.viewer.session_id]


@pytest.mark.parametrize(
    "session_id", ["00000000-0000-4000-8000-000000000000", "x", "a:b", "../x", "{b0001}", "x" * 65]
)
def test_an_unknown_session_is_404(world: World, session_id: str) -> None:
    answer = ask(world, *ACCOUNT_ROUTES[4], path={"sessionId": session_id})
    assert (answer.status, answer.body["type"]) == (404, "/problems/not-found")


def test_another_accounts_session_is_404_and_lives_on(world: World) -> None:
    stranger = make_viewer()
    world.sign_in(stranger)
    answer = ask(world, *ACCOUNT_ROUTES[4], path={"sessionId": stranger.session_id})
    assert answer.status == 404
    assert (stranger.account_id, stranger.profile_id, stranger.session_id) in world.sessions.live


def kid(world: World, *, in_token: PolicyFacts, live: PolicyFacts) -> Viewer:
    """Return a viewer whose live session says another thing than its token."""
    viewer = replace(world.viewer, session_id="session-of-a-kid", policy=live)
    world.sign_in(viewer)
    return replace(viewer, policy=in_token)


@pytest.mark.parametrize("route", ACCOUNT_ROUTES)
def test_a_kids_profile_reaches_nothing_of_the_account_but_the_way_out(
    world: World, route: tuple[str, str, str]
) -> None:
    adult = replace(KID, kids=False, maturity_level=5)
    viewer = kid(world, in_token=adult, live=KID)
    headers = {"Authorization": f"Bearer {world.token(viewer)}"}
    answer = ask(world, *route, headers=headers)
    if route[1] == "/auth/logout":
        assert answer.status == 204
    else:
        assert (answer.status, answer.body["reason"]) == (403, "kids")


def test_a_profile_that_is_no_kids_any_more_reaches_the_account_at_once(world: World) -> None:
    adult = replace(KID, kids=False, maturity_level=5)
    viewer = kid(world, in_token=KID, live=adult)
    headers = {"Authorization": f"Bearer {world.token(viewer)}"}
    assert ask(world, *ACCOUNT_ROUTES[2], headers=headers).status == 200


def test_without_a_profile_the_account_is_reached(world: World) -> None:
    token = world.token(profile_id=None, policy=None)
    claims = world.tokens.verify(token=token, now=world.now)
    world.sessions.start(claims=claims, device=PHONE, lifetime=60)
    headers = {"Authorization": f"Bearer {token}"}
    for route in ACCOUNT_ROUTES[2:3] + ACCOUNT_ROUTES[:1]:
        assert ask(world, *route, headers=headers).status in {200, 204}


@pytest.mark.parametrize("route", ACCOUNT_ROUTES)
@pytest.mark.parametrize("store", ["accounts", "records", "sessions"])
def test_a_store_that_is_away_is_503_and_nothing_is_half_done(
    world: World, route: tuple[str, str, str], store: str
) -> None:
    getattr(world, store).down = True
    answer = ask(world, *route)
    reached = {"sessions/list_sessions": {"records", "sessions"}}.get(
        route[2], {"accounts", "records", "sessions"}
    )
    assert answer.status == (503 if store in reached else 200)
    getattr(world, store).down = False
    assert ask(world, *route).status in {200, 204}


@pytest.mark.parametrize("route", ACCOUNT_ROUTES)
def test_a_session_may_ask_so_often_a_minute(world: World, route: tuple[str, str, str]) -> None:
    world.sessions.sent[world.viewer.session_id] = 120
    answer = ask(world, *route)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "60")


@pytest.mark.parametrize("route", ACCOUNT_ROUTES)
@pytest.mark.parametrize("authorization", ["", "Bearer x", "Basic eDp5", "Bearer a.b.c"])
def test_no_route_of_the_account_answers_without_a_sound_token(
    world: World, route: tuple[str, str, str], authorization: str
) -> None:
    answer = ask(world, *route, headers={"Authorization": authorization})
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_another_password_counts_at_once_and_this_session_goes_on(world: World) -> None:
    assert ask(world, *ACCOUNT_ROUTES[1]).status == 204
    (stored,) = world.accounts.stored.values()
    assert stored.password_hash == world.passwords.hash(password="another long password")
    assert ask(world, *ACCOUNT_ROUTES[2]).status == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"currentPassword": "not it"}, "currentPassword"),
        ({"currentPassword": ""}, "currentPassword"),
        ({"currentPassword": None}, "currentPassword"),
        ({"newPassword": "short"}, "newPassword"),
        ({"newPassword": "password123"}, "newPassword"),
        ({"newPassword": EMAIL}, "newPassword"),
        ({"newPassword": ["a long password"]}, "newPassword"),
        ({"newPassword": "x1" * 513}, "newPassword"),
        ({"email": "eve@example.org"}, "email"),
    ],
)
def test_a_field_of_a_change_of_password_that_is_wrong_is_named(
    world: World, changes: dict[str, object], field: str
) -> None:
    answer = ask(world, *ACCOUNT_ROUTES[1], body=CHANGE | changes)
    assert (answer.status, answer.wrong_fields) == (400, [field])
    (stored,) = world.accounts.stored.values()
    assert stored.password_hash == world.passwords.hash(password=PASSWORD)


def test_the_published_keys_prove_our_tokens_and_hold_nothing_private(world: World) -> None:
    event = make_event("GET", "/.well-known/jwks.json")
    answer = world.request("auth/list_keys", event)
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert [set(key) for key in answer.body["keys"]] == [{"kty", "kid", "alg", "use", "n", "e"}]
    verifier = JwtVerifier(keys=json.dumps(answer.body), issuer="reprise", audience="reprise-api")
    assert verifier.verify(token=world.token(), now=world.now).session_id


def test_no_secret_of_any_of_these_routes_reaches_the_log(world: World) -> None:
    logs = [
        sign_up(world).log,
        sign_up(world, NEW | {"password": "short"}).log,
        refresh(world).log,
        refresh(world, "no-token-of-ours" * 3).log,
    ]
    world = World()
    logs += [ask(world, *ACCOUNT_ROUTES[1]).log]
    logs += [ask(world, *ACCOUNT_ROUTES[1], body=CHANGE | {"currentPassword": "a guess"}).log]
    written = "".join(logs)
    assert written
    for secret in (
        *("bob@example.org", EMAIL, "a long password", PASSWORD, "another long password"),
        *("short", "a guess", REFRESH_TOKEN, "no-token-of-ours", world.token()),
    ):
        assert secret not in written
