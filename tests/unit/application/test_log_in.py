"""Who gets a session, as whom, and what is left behind when something fails."""

from dataclasses import replace
from typing import Any

import pytest

from reprise.application.sign_in import (
    ACCESS_SECONDS,
    SESSION_SECONDS,
    normalise_email,
    refresh_token_hash,
)
from reprise.domain.attempts import LIMITS
from reprise.domain.errors import (
    NotFoundError,
    RateLimitedError,
    UnauthenticatedError,
    UnavailableError,
)
from reprise.domain.identity import PolicyFacts, Profile
from reprise.domain.policy import ForbiddenError
from tests.builders import PHONE, TV
from tests.harness.front import NOW, Front

ADA = Profile("p-ada", "Ada", False, 5, False, "en", "heron")
KIM = Profile("p-kim", "Kim", True, 2, False, "en", "comet")
LOCKED = Profile("p-locked", "Max", False, 5, True, "en", "fox")


def test_the_first_profile_without_a_pin_is_selected() -> None:
    front = Front(LOCKED, ADA, KIM)
    result = front.log_in()
    assert result.profile == ADA
    assert result.profiles == (LOCKED, ADA, KIM)
    assert result.account == front.stored.account


def test_the_token_says_who_as_whom_and_until_when() -> None:
    front = Front(ADA)
    result = front.log_in()
    claims = front.tokens.verify(token=result.access_token, now=NOW)
    assert claims.account_id == front.stored.account.id
    assert (claims.session_id, claims.profile_id) == ("session-1", "p-ada")
    assert claims.policy == PolicyFacts("GB", "standard", 5, kids=False)
    assert claims.expires_at == NOW + ACCESS_SECONDS
    assert result.expires_in == ACCESS_SECONDS


def test_the_session_is_kept_and_live_for_thirty_days() -> None:
    front = Front(ADA)
    result = front.log_in()
    kept = front.records.sessions[result.session_id]
    live = front.sessions.live[(front.stored.account.id, "p-ada", result.session_id)]
    assert kept.expires_at == NOW + SESSION_SECONDS
    assert live.lifetime == SESSION_SECONDS
    assert kept.device == live.device == TV


def test_only_the_hash_of_the_refresh_token_is_kept() -> None:
    front = Front(ADA)
    result = front.log_in()
    assert result.refresh_token == "secret-1"
    assert set(front.records.tokens) == {refresh_token_hash("secret-1")}
    assert "secret-1" not in repr(front.records.tokens)


def test_a_named_profile_is_selected() -> None:
    assert Front(ADA, KIM).log_in(profile_id="p-kim").profile == KIM


def test_a_kids_profile_carries_its_limits() -> None:
    front = Front(KIM)
    token = front.log_in().access_token
    assert front.tokens.verify(token=token, now=NOW).policy == PolicyFacts(
        "GB", "standard", 2, kids=True
    )


@pytest.mark.parametrize("profiles", [(), (LOCKED,)])
def test_an_account_without_a_profile_to_select_signs_in_with_none(
    profiles: tuple[Profile, ...],
) -> None:
    front = Front(*profiles)
    result = front.log_in()
    claims = front.tokens.verify(token=result.access_token, now=NOW)
    assert result.profile is None
    assert claims.profile_id is None
    assert claims.policy is None
    assert (front.stored.account.id, None, "session-1") in front.sessions.live


def test_a_profile_with_a_pin_is_selected_with_it() -> None:
    assert Front(KIM, LOCKED).log_in(profile_id="p-locked", pin="4821").profile == LOCKED


def test_a_pin_that_nothing_asks_for_changes_nothing() -> None:
    assert Front(ADA, LOCKED).log_in(pin="0000").profile == ADA
    assert Front(ADA, LOCKED).log_in(profile_id="p-ada", pin="0000").profile == ADA


def test_a_wrong_pin_opens_nothing_and_is_soon_asked_for_no_more() -> None:
    front = Front(ADA, LOCKED)
    for _ in range(LIMITS["pin"].times):
        with pytest.raises(ForbiddenError) as refused:
            front.log_in(profile_id="p-locked", pin="0000")
        assert refused.value.reason == "pin"
    with pytest.raises(RateLimitedError):
        front.log_in(profile_id="p-locked", pin="4821")
    assert not front.records.sessions


def test_a_pin_is_never_looked_at_before_the_password_is_proved() -> None:
    front = Front(ADA, LOCKED)
    with pytest.raises(UnauthenticatedError):
        front.log_in(password="open barley", profile_id="p-locked", pin="0000")
    assert front.log_in(profile_id="p-locked", pin="4821").profile == LOCKED


def test_a_profile_with_a_pin_is_not_selected_without_it() -> None:
    front = Front(ADA, LOCKED)
    with pytest.raises(ForbiddenError) as refused:
        front.log_in(profile_id="p-locked")
    assert refused.value.reason == "pin"
    assert not front.records.sessions


def test_another_accounts_profile_is_unknown() -> None:
    front = Front(ADA)
    with pytest.raises(NotFoundError):
        front.log_in(profile_id="p-somebody-elses")
    assert not front.records.sessions


def test_an_unknown_address_and_a_wrong_password_are_answered_alike() -> None:
    front = Front(ADA)
    with pytest.raises(UnauthenticatedError) as unknown:
        front.log_in(email="nobody@example.org")
    with pytest.raises(UnauthenticatedError) as wrong:
        front.log_in(password="open barley")
    assert str(unknown.value) == str(wrong.value)
    assert front.passwords.compared == 4
    assert not front.records.sessions
    assert not front.sessions.live


def test_a_profile_is_never_told_before_the_password_is_proved() -> None:
    front = Front(ADA, LOCKED)
    with pytest.raises(UnauthenticatedError):
        front.log_in(password="open barley", profile_id="p-locked")


@pytest.mark.parametrize(
    "written", ["ada@example.org", "  Ada@Example.ORG ", "ａda@example.org", "ADA@EXAMPLE.ORG\n"]
)
def test_every_spelling_of_an_address_finds_its_account(written: str) -> None:
    assert Front(ADA).log_in(email=written).profile == ADA


def test_normalising_twice_changes_nothing() -> None:
    once = normalise_email(" ÅDA@Exämple.org ")
    assert normalise_email(once) == once


def test_accounts_being_down_starts_nothing() -> None:
    front = Front(ADA)
    front.accounts.down = True
    with pytest.raises(UnavailableError):
        front.log_in()
    assert not front.sessions.live


def test_live_sessions_being_down_hands_out_no_token() -> None:
    front = Front(ADA)
    front.sessions.down = True
    with pytest.raises(UnavailableError):
        front.log_in()
    assert not front.tokens.issued
    assert not front.records.sessions


def test_an_account_without_a_password_hash_never_signs_in() -> None:
    front = Front(ADA)
    front.accounts.stored[front.stored.account.id] = replace(front.stored, password_hash="")
    with pytest.raises(UnauthenticatedError):
        front.log_in(password="")


def test_the_profile_last_selected_on_a_device_is_selected_there_again() -> None:
    front = Front(ADA, KIM)
    front.log_in(profile_id="p-kim")
    assert front.log_in(device=PHONE).profile == ADA
    assert front.log_in().profile == KIM


@pytest.mark.parametrize("left", [(ADA,), (ADA, replace(KIM, has_pin=True))])
def test_a_remembered_profile_that_is_gone_or_locked_gives_way_to_the_first_open_one(
    left: tuple[Profile, ...],
) -> None:
    front = Front(ADA, KIM)
    front.log_in(profile_id="p-kim")
    front.accounts.stored[front.stored.account.id] = replace(front.stored, profiles=left)
    assert front.log_in().profile == ADA


def test_the_password_tells_which_account_of_an_address_is_meant() -> None:
    front = Front(ADA)
    for number in (2, 3):
        front.add(f"account-{number}", password=f"open sesame {number}")
    for password, account_id in [
        ("open sesame", front.stored.account.id),
        ("open sesame 2", "account-2"),
        ("open sesame 3", "account-3"),
    ]:
        assert front.log_in(password=password).account.id == account_id


@pytest.mark.parametrize(("accounts", "compared"), [(0, 2), (1, 2), (2, 2), (3, 3)])
def test_a_failing_log_in_compares_at_least_twice_and_at_most_thrice(
    accounts: int, compared: int
) -> None:
    front = Front(ADA)
    for number in range(accounts):
        front.add(f"account-{number}", email="bob@example.org", password=f"open sesame {number}")
    with pytest.raises(UnauthenticatedError):
        front.log_in(email="bob@example.org", password="open barley")
    assert front.passwords.compared == compared


def test_a_password_is_taken_in_every_spelling_of_its_characters() -> None:
    front = Front(ADA)
    front.add("account-2", password="öpen sésame")
    decomposed = "o\u0308pen se\u0301same"
    assert front.log_in(password=decomposed).account.id == "account-2"


def test_the_country_of_the_edge_decides_the_region_and_is_kept() -> None:
    front = Front(ADA)
    result = front.log_in(door=front.door(country="FR"))
    claims = front.tokens.verify(token=result.access_token, now=NOW)
    assert claims.policy is not None
    assert claims.policy.region == "FR"
    assert front.records.sessions[result.session_id].country == "FR"
    assert result.account.region == "GB"


def attempt(front: Front, **overrides: Any) -> None:
    with pytest.raises(UnauthenticatedError):
        front.log_in(**({"password": "open barley"} | overrides))


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_an_address_may_be_tried_so_often_whether_or_not_it_has_an_account(email: str) -> None:
    front = Front(ADA)
    for number in range(LIMITS["log-in"].times):
        attempt(front, email=email.upper() if number % 2 else email, network=str(number))
    with pytest.raises(RateLimitedError) as refused:
        front.log_in(email=email)
    assert refused.value.retry_after == LIMITS["log-in"].seconds
    front.now += LIMITS["log-in"].seconds + 1
    assert Front.log_in(front).profile == ADA


def test_too_many_attempts_do_not_even_compare() -> None:
    front = Front(ADA)
    for number in range(LIMITS["log-in"].times):
        attempt(front, network=str(number))
    before = front.passwords.compared
    with pytest.raises(RateLimitedError):
        front.log_in()
    assert front.passwords.compared == before


def test_a_success_gives_the_address_all_attempts_back() -> None:
    front = Front(ADA)
    for _ in range(3):
        for _ in range(LIMITS["log-in"].times - 1):
            attempt(front)
        front.log_in()


def test_a_network_may_try_so_often_whatever_addresses_it_tries() -> None:
    front = Front(ADA)
    for number in range(LIMITS["log-in-network"].times):
        attempt(front, email=f"nobody{number}@example.org")
    with pytest.raises(RateLimitedError):
        front.log_in()
    assert front.log_in(network="198.51.100.9").profile == ADA


def test_attempts_that_found_the_store_away_do_not_lock_anybody_out() -> None:
    front = Front(ADA)
    front.accounts.down = True
    for _ in range(LIMITS["log-in"].times):
        with pytest.raises(UnavailableError):
            front.log_in()
    front.accounts.down = False
    assert front.log_in().profile == ADA


def test_attempts_that_cannot_be_counted_are_not_made() -> None:
    front = Front(ADA)
    front.attempts.down = True
    with pytest.raises(UnavailableError):
        front.log_in()
    assert front.passwords.compared == 0


def test_a_password_that_changes_while_it_is_compared_opens_nothing() -> None:
    front = Front(ADA)
    verify = front.passwords.verify

    def changing(**values: Any) -> bool:
        front.accounts.stored[front.stored.account.id] = replace(front.stored, password_hash="x")
        return verify(**values)

    front.passwords.verify = changing  # type: ignore[method-assign]
    with pytest.raises(UnauthenticatedError):
        front.log_in()
    assert not front.sessions.live
