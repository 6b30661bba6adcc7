"""Accounts and sessions over HTTP: making one, staying signed in, and ending it everywhere."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest

from reprise.adapters.tokens_pyjwt import JwtIssuer, JwtVerifier
from reprise.domain.attempts import LIMITS
from reprise_local.key_rotation import key_set, tell_functions
from reprise_local.keys import new_key, public_halves
from tests.e2e.api_client import PHONE, TABLET, TV, Answer, ApiClient
from tests.e2e.cloud import Aws, Live
from tests.e2e.people import PASSWORD, People, Person
from tests.e2e.routes import VIEWER_ROUTES

pytestmark = pytest.mark.cloud

FIELDS = {
    *("accessToken", "tokenType", "expiresIn", "refreshToken", "sessionId"),
    *("account", "profile", "profiles"),
}
SECRET = "a long password of the tests"


@pytest.fixture
def email() -> str:
    return f"{uuid4()}@e2e.reprise.example"


@pytest.fixture
def phone(api_url: str) -> Iterator[ApiClient]:
    client = ApiClient(api_url, device=PHONE)
    yield client
    client.close()


def is_signed_in(client: ApiClient) -> bool:
    statuses = {client.call("GET", path).status for path in ("/continue-watching", "/sessions")}
    assert len(statuses) == 1, "routes disagree about a session"
    return statuses == {200}


def test_somebody_new_signs_up_and_is_signed_in(nobody: ApiClient, email: str) -> None:
    answer = nobody.sign_up(email=f" {email.upper()} ", password=SECRET, region="DE")
    assert (answer.status, set(answer.json)) == (201, FIELDS)
    account = answer.json["account"]
    assert account == {"id": account["id"], "email": email, "plan": "basic", "region": "DE"}
    (profile,) = answer.json["profiles"]
    assert answer.json["profile"] == {"id": profile["id"], "name": email[:30]}
    assert (profile["language"], profile["maturityLevel"], profile["hasPin"]) == ("de", 5, False)
    assert is_signed_in(nobody)
    assert nobody.log_in(email=email, password=SECRET).json["account"] == account


def test_a_sign_up_that_is_sent_again_signs_in_to_the_same_account(
    nobody: ApiClient, email: str
) -> None:
    first, again = (nobody.sign_up(email=email, password=SECRET) for _ in range(2))
    assert (again.status, again.json["account"]) == (201, first.json["account"])


def test_a_taken_address_looks_like_a_free_one(
    person: Person, nobody: ApiClient, email: str
) -> None:
    taken = nobody.sign_up(email=person.email, password=SECRET)
    free = nobody.sign_up(email=email, password=SECRET)
    assert (taken.status, set(taken.json)) == (free.status, set(free.json)) == (201, FIELDS)
    assert taken.json["account"]["id"] != person.account_id
    owner = nobody.log_in(email=person.email, password=PASSWORD)
    assert owner.json["account"]["id"] == person.account_id


def test_two_who_sign_up_at_once_with_one_password_share_one_account(
    api_url: str, email: str, postgres_dsn: str
) -> None:
    def sign_up(_: int) -> Answer:
        client = ApiClient(api_url, device=TV)
        try:
            return client.sign_up(email=email, password=SECRET)
        finally:
            client.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(sign_up, range(2)))
    assert [answer.status for answer in answers] == [201, 201]
    assert len({answer.json["account"]["id"] for answer in answers}) == 1
    with psycopg.connect(postgres_dsn) as connection:
        found = connection.execute("SELECT count(*) FROM account WHERE email = %s", [email])
        assert found.fetchone() == (1,)


def test_every_wrong_field_of_a_sign_up_is_named_at_once(nobody: ApiClient) -> None:
    answer = nobody.sign_up(email="x", password="password123", region="Germany", role="admin")
    assert (answer.status, answer.kind) == (400, "invalid-request")
    assert set(answer.wrong_fields) == {"email", "password", "region", "role"}


def test_a_third_account_a_day_is_refused_whether_or_not_the_address_was_taken(
    person: Person, nobody: ApiClient, email: str
) -> None:
    for address in (person.email, email):
        for number in range(LIMITS["new-account"].times):
            assert nobody.sign_up(email=address, password=f"{SECRET} {number}").status == 201
        refused = nobody.sign_up(email=address, password=f"{SECRET} again")
        assert (refused.status, refused.kind) == (429, "rate-limited")
        assert refused.headers["Retry-After"] == str(LIMITS["new-account"].seconds)


def test_an_address_is_locked_after_ten_wrong_passwords_known_or_not(
    person: Person, nobody: ApiClient, email: str
) -> None:
    for address in (person.email, email):
        for _ in range(LIMITS["log-in"].times):
            assert nobody.log_in(email=address, password="not it").status == 401
        locked = nobody.log_in(email=address, password=PASSWORD)
        assert (locked.status, locked.kind) == (429, "rate-limited")
        assert 1 <= int(locked.headers["Retry-After"]) <= LIMITS["log-in"].seconds


def test_refreshing_goes_on_with_the_same_session(person: Person) -> None:
    television = person.on()
    session_id, first = television.session_id, television.refresh_token
    answer = television.refresh()
    assert (answer.status, set(answer.json)) == (200, FIELDS)
    assert answer.json["sessionId"] == session_id
    assert television.refresh_token != first
    assert is_signed_in(television)
    assert television.refresh().status == 200


def test_a_locked_profile_is_reached_at_sign_in_with_its_pin(
    person: Person, phone: ApiClient
) -> None:
    television = person.on()
    body = {"name": "Grown-up", "maturityLevel": 5, "pin": "4821"}
    locked = television.call("POST", "/profiles", body).json
    wanted = {"email": person.email, "password": PASSWORD, "profileId": locked["id"]}
    for pin in ({}, {"pin": "0000"}):
        refused = phone.log_in(**wanted, **pin)
        assert (refused.status, refused.json["reason"]) == (403, "pin")
    opened = phone.log_in(**wanted, pin="4821")
    assert (opened.status, opened.json["profile"]["id"]) == (200, locked["id"])


def test_a_refresh_token_that_comes_twice_ends_the_session_and_no_other(person: Person) -> None:
    television, phone = person.on(), person.on(PHONE)
    stolen = television.refresh_token
    assert television.refresh().status == 200
    again = television.refresh(stolen)
    assert (again.status, again.kind) == (401, "unauthenticated")
    assert not is_signed_in(television)
    assert television.refresh().status == 401
    assert is_signed_in(phone)


def test_of_many_refreshes_at_once_with_one_token_one_at_most_counts(
    person: Person, api_url: str
) -> None:
    television = person.on()

    def refresh(_: int) -> int:
        client = ApiClient(api_url, device=TV)
        try:
            return client.refresh(television.refresh_token).status
        finally:
            client.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(refresh, range(4)))
    assert statuses == [200, 401, 401, 401]
    assert not is_signed_in(television)


def test_a_session_that_redis_lost_lives_again_after_a_refresh(person: Person, live: Live) -> None:
    television = person.on()
    live.sign_out(person.profile_id, television.session_id)
    assert not is_signed_in(television)
    assert television.refresh().status == 200
    assert is_signed_in(television)


def test_a_session_that_was_logged_out_never_lives_again(person: Person, film: str) -> None:
    television, phone = person.on(), person.on(PHONE)
    for route in VIEWER_ROUTES:
        assert route.send(television, film).status in route.passes, route
    assert television.call("POST", "/auth/logout").status == 204
    for route in VIEWER_ROUTES:
        assert route.send(television, film).status == 401, route
    assert television.call("POST", "/auth/logout").status == 401
    assert television.refresh().status == 401
    assert is_signed_in(phone)


def test_the_sessions_of_an_account_are_listed_and_ended_one_by_one(
    people: People, person: Person
) -> None:
    television, phone, tablet = person.on(), person.on(PHONE), person.on(TABLET)
    items = phone.must("GET", "/sessions")["items"]
    current = {item["device"]["id"]: item["current"] for item in items}
    assert current == {TABLET["id"]: False, PHONE["id"]: True, TV["id"]: False}
    assert sorted((item["createdAt"] for item in items), reverse=True) == [
        item["createdAt"] for item in items
    ]
    assert set(items[0]) == {"id", "device", "createdAt", "lastSeenAt", "country", "current"}
    for _ in range(2):
        assert phone.call("DELETE", f"/sessions/{television.session_id}").status == 204
    assert not is_signed_in(television)
    stranger = people.someone().on()
    unknown = phone.call("DELETE", f"/sessions/{stranger.session_id}")
    assert (unknown.status, unknown.kind) == (404, "not-found")
    assert is_signed_in(stranger)
    assert phone.call("DELETE", "/sessions").status == 204
    assert (is_signed_in(phone), is_signed_in(tablet)) == (True, False)
    (only,) = phone.must("GET", "/sessions")["items"]
    assert only["id"] == phone.session_id


def test_another_password_ends_the_other_sessions(person: Person, nobody: ApiClient) -> None:
    television, phone = person.on(), person.on(PHONE)
    wrong = phone.call(
        "PUT", "/auth/password", {"currentPassword": "not it", "newPassword": SECRET}
    )
    assert (wrong.status, wrong.wrong_fields) == (400, ["currentPassword"])
    phone.must("PUT", "/auth/password", {"currentPassword": PASSWORD, "newPassword": SECRET})
    assert (is_signed_in(television), is_signed_in(phone)) == (False, True)
    assert television.refresh().status == 401
    assert nobody.log_in(email=person.email, password=PASSWORD).status == 401
    assert nobody.log_in(email=person.email, password=SECRET).status == 200


def test_a_device_comes_back_to_the_profile_it_had(people: People, phone: ApiClient) -> None:
    family = people.someone(profiles=({}, {"name": "Second"}))
    family.on(PHONE, profile=1)
    answer = phone.log_in(email=family.email, password=PASSWORD)
    assert answer.json["profile"]["id"] == family.profiles[1].id
    on_tv = ApiClient(family.api_url, device=TV)
    first = on_tv.log_in(email=family.email, password=PASSWORD)
    on_tv.close()
    assert first.json["profile"]["id"] == family.profiles[0].id


def test_a_kids_profile_reaches_nothing_of_the_account_but_the_way_out(people: People) -> None:
    kid = people.someone(profiles=({"kids": True, "maturityLevel": 2},)).on()
    for method, path in [("GET", "/sessions"), ("DELETE", "/sessions")]:
        answer = kid.call(method, path)
        assert (answer.status, answer.json["reason"]) == (403, "kids")
    assert kid.call("POST", "/auth/logout").status == 204
    assert kid.call("GET", "/continue-watching").status == 401


def test_the_published_keys_prove_what_we_sign(person: Person, nobody: ApiClient) -> None:
    answer = nobody.call("GET", "/.well-known/jwks.json")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    verifier = JwtVerifier(keys=json.dumps(answer.json), issuer="reprise", audience="reprise-api")
    television = person.on()
    claims = verifier.verify(token=str(television.token), now=int(time.time()))
    assert claims.session_id == television.session_id


def test_tokens_of_two_keys_count_until_the_old_one_is_retired(
    person: Person, nobody: ApiClient, aws: Aws
) -> None:
    """On one function, so that nobody else's tokens are touched."""
    television = person.on()
    published = nobody.must("GET", "/.well-known/jwks.json")["keys"]
    old = str(television.token)
    claims = JwtVerifier(keys=key_set(published), issuer="reprise", audience="reprise-api").verify(
        token=old, now=int(time.time())
    )
    key = new_key()
    new = JwtIssuer(keys=key_set([key]), issuer="reprise", audience="reprise-api").issue(
        claims=claims, now=int(time.time())
    )

    def statuses() -> list[int]:
        answers = []
        for token in (old, new):
            television.token = token
            answers.append(television.call("GET", "/sessions").status)
        return answers

    function = aws.outputs["ListSessionsFunction"]
    client = aws.client("lambda")
    fresh = public_halves([key])
    assert statuses() == [200, 401]
    try:
        tell_functions(client, stage="local", keys=[*fresh, *published], only=function)
        assert statuses() == [200, 200]
        tell_functions(client, stage="local", keys=fresh, only=function)
        assert statuses() == [401, 200]
    finally:
        tell_functions(client, stage="local", keys=published, only=function)
    assert statuses() == [200, 401]


def test_no_secret_of_signing_in_is_ever_logged(nobody: ApiClient, email: str, aws: Aws) -> None:
    since = time.time() - 1
    nobody.sign_up(email=email, password=SECRET)
    secrets = [email, SECRET, nobody.refresh_token, str(nobody.token)]
    nobody.refresh()
    nobody.log_in(email=email, password="a wrong guess of the tests")
    nobody.call("PUT", "/auth/password", {"currentPassword": SECRET, "newPassword": f"{SECRET}!"})
    secrets += [nobody.refresh_token, str(nobody.token), "a wrong guess of the tests"]
    outputs = ("SignUp", "LogIn", "RefreshSession", "ChangePassword")
    lines = [line for name in outputs for line in aws.lines(f"{name}Function", since=since)]
    assert any("/auth/signup" in line for line in lines)
    assert not [secret for secret in secrets if any(secret in line for line in lines)]
