"""Signing in over HTTP."""

import pytest

from tests.e2e.api_client import PHONE, TV, ApiClient
from tests.e2e.people import PASSWORD, People, Person
from tests.harness.stack import TestStack

pytestmark = pytest.mark.cloud

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def test_everybody_of_the_demo_signs_in_and_gets_what_the_contract_says(
    stack: TestStack, nobody: ApiClient
) -> None:
    plans = set()
    for account in stack.accounts:
        answer = nobody.log_in(email=account.email, password=account.password)
        assert answer.status == 200
        body = answer.json
        assert set(body) == {
            *("accessToken", "tokenType", "expiresIn", "refreshToken", "sessionId"),
            *("account", "profile", "profiles"),
        }
        assert (body["tokenType"], body["expiresIn"]) == ("Bearer", 900)
        assert body["account"]["email"] == account.email
        assert set(body["account"]) == {"id", "email", "plan", "region"}
        assert body["profile"] == dict(zip(("id", "name"), account.profiles[0], strict=True))
        assert [(profile["id"], profile["name"]) for profile in body["profiles"]] == list(
            account.profiles
        )
        assert set(body["profiles"][0]) == {
            *("id", "name", "kids", "maturityLevel", "hasPin", "language", "avatar"),
        }
        assert nobody.call("GET", "/continue-watching").status == 200
        plans.add(body["account"]["plan"])
    assert plans == {"basic", "standard", "premium"}


def test_a_wrong_password_and_a_stranger_look_the_same(person: Person, nobody: ApiClient) -> None:
    wrong = nobody.log_in(email=person.email, password="not it")
    stranger = nobody.log_in(email="nobody@e2e.reprise.example", password=PASSWORD)
    for answer in (wrong, stranger):
        assert (answer.status, answer.kind) == (401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert wrong.json["detail"] == stranger.json["detail"]


def test_the_e_mail_address_is_taken_in_any_case(person: Person, nobody: ApiClient) -> None:
    answer = nobody.log_in(email=f" {person.email.upper()} ", password=PASSWORD)
    assert answer.status == 200


def test_each_profile_is_chosen_by_its_id_and_only_by_its_account(
    people: People, nobody: ApiClient
) -> None:
    family = people.someone(profiles=({}, {"name": "Second"}, {"name": "Locked", "pin": "x"}))
    second = family.on(PHONE, profile=1)
    assert second.profile_id == family.profiles[1].id
    locked = nobody.log_in(email=family.email, password=PASSWORD, profileId=family.profiles[2].id)
    assert (locked.status, locked.kind, locked.json["reason"]) == (403, "forbidden", "pin")
    other = people.someone()
    foreign = nobody.log_in(email=family.email, password=PASSWORD, profileId=other.profile_id)
    assert (foreign.status, foreign.kind) == (404, "not-found")


def test_an_account_whose_profiles_all_wait_for_a_pin_gets_no_profile_and_no_row(
    people: People, nobody: ApiClient
) -> None:
    careful = people.someone(profiles=({"pin": "x"},))
    answer = nobody.log_in(email=careful.email, password=PASSWORD)
    assert answer.status == 200
    assert answer.json["profile"] is None
    refused = nobody.call("GET", "/continue-watching")
    assert (refused.status, refused.json["reason"]) == (403, "pin")


def test_every_wrong_field_of_a_sign_in_is_named_at_once(nobody: ApiClient) -> None:
    body = {"email": "no address", "password": "", "device": {**TV, "type": "toaster"}, "x": 1}
    answer = nobody.call("POST", "/auth/login", body)
    assert (answer.status, answer.kind) == (400, "invalid-request")
    assert set(answer.wrong_fields) == {"email", "password", "device.type", "x"}
