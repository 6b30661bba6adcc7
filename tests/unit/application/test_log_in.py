"""Who gets a session, as whom, and what is left behind when something fails."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from reprise.application.identity_ports import StoredAccount
from reprise.application.log_in import (
    ACCESS_SECONDS,
    SESSION_SECONDS,
    LoggedIn,
    log_in,
    normalise_email,
    refresh_token_hash,
)
from reprise.domain.errors import NotFoundError, UnauthenticatedError, UnavailableError
from reprise.domain.identity import Account, PolicyFacts, Profile
from reprise.domain.policy import ForbiddenError
from tests.builders import TV
from tests.fakes.accounts import FakeAccounts
from tests.fakes.passwords import FakePasswords
from tests.fakes.sessions import FakeSessions
from tests.fakes.tokens import FakeTokens

NOW = 1_795_000_000
ADA = Profile("p-ada", "Ada", False, 5, False, "en", "heron")
KIM = Profile("p-kim", "Kim", True, 2, False, "en", "comet")
LOCKED = Profile("p-locked", "Max", False, 5, True, "en", "fox")


class Front:
    """A log-in with every port faked."""

    def __init__(self, *profiles: Profile) -> None:
        account = Account(id=str(uuid4()), email="ada@example.org", plan="standard", region="GB")
        self.stored = StoredAccount(account, "hashed:open sesame", profiles)
        self.accounts = FakeAccounts(self.stored)
        self.passwords = FakePasswords()
        self.sessions = FakeSessions()
        self.tokens = FakeTokens()

    def log_in(self, **overrides: Any) -> LoggedIn:
        values: dict[str, Any] = {
            "email": "ada@example.org",
            "password": "open sesame",
            "device": TV,
            "profile_id": None,
            "accounts": self.accounts,
            "passwords": self.passwords,
            "sessions": self.sessions,
            "issuer": self.tokens,
            "now": NOW,
            "new_id": lambda: "session-1",
            "new_secret": lambda: "secret-1",
        }
        return log_in(**(values | overrides))


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
    kept = front.accounts.sessions[result.session_id]
    live = front.sessions.live[(front.stored.account.id, "p-ada", result.session_id)]
    assert kept.expires_at == NOW + SESSION_SECONDS
    assert live.lifetime == SESSION_SECONDS
    assert kept.device == live.device == TV


def test_only_the_hash_of_the_refresh_token_is_kept() -> None:
    front = Front(ADA)
    result = front.log_in()
    kept = front.accounts.sessions[result.session_id]
    assert result.refresh_token == "secret-1"
    assert kept.refresh_token_hash == refresh_token_hash("secret-1")
    assert "secret-1" not in kept.refresh_token_hash


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


def test_a_profile_with_a_pin_is_not_selected_here() -> None:
    front = Front(ADA, LOCKED)
    with pytest.raises(ForbiddenError) as refused:
        front.log_in(profile_id="p-locked")
    assert refused.value.reason == "pin"
    assert not front.accounts.sessions


def test_another_accounts_profile_is_unknown() -> None:
    front = Front(ADA)
    with pytest.raises(NotFoundError):
        front.log_in(profile_id="p-somebody-elses")
    assert not front.accounts.sessions


def test_an_unknown_address_and_a_wrong_password_are_answered_alike() -> None:
    front = Front(ADA)
    with pytest.raises(UnauthenticatedError) as unknown:
        front.log_in(email="nobody@example.org")
    with pytest.raises(UnauthenticatedError) as wrong:
        front.log_in(password="open barley")
    assert str(unknown.value) == str(wrong.value)
    assert front.passwords.compared == 2
    assert not front.accounts.sessions
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


def test_an_account_without_a_password_hash_never_signs_in() -> None:
    front = Front(ADA)
    front.accounts = FakeAccounts(replace(front.stored, password_hash=""))
    with pytest.raises(UnauthenticatedError):
        front.log_in(password="")
