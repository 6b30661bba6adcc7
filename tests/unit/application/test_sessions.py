"""Seeing one's sessions, ending them, and changing the password that opens them."""

from dataclasses import replace
from typing import Any

import pytest

from reprise.application.change_password import change_password
from reprise.application.list_sessions import list_sessions
from reprise.application.log_out import log_out
from reprise.application.revoke_sessions import revoke_other_sessions, revoke_session
from reprise.domain.attempts import LIMITS
from reprise.domain.errors import (
    NotFoundError,
    RateLimitedError,
    UnauthenticatedError,
    UnavailableError,
    UnfitFieldError,
)
from reprise.domain.identity import Claims, Profile
from tests.builders import PHONE, TV
from tests.harness.front import Front as Ports

ADA = Profile("p-ada", "Ada", False, 5, False, "en", "heron")
KIM = Profile("p-kim", "Kim", True, 2, False, "en", "comet")


class Front(Ports):
    """Everything an account does about its sessions, with every port faked."""

    def enter(self, **overrides: Any) -> Claims:
        """Sign in, and return what the token proves."""
        return self.tokens.verify(token=self.log_in(**overrides).access_token, now=self.now)

    @property
    def stores(self) -> dict[str, Any]:
        return {
            "accounts": self.accounts,
            "records": self.records,
            "sessions": self.sessions,
            "now": self.now,
        }

    @property
    def live(self) -> set[str]:
        return {key[2] for key in self.sessions.live}

    def change(self, claims: Claims, **overrides: Any) -> None:
        values: dict[str, Any] = {
            "claims": claims,
            "current": "open sesame",
            "new": "another sesame",
            "network": "203.0.113.7",
            "accounts": self.accounts,
            "passwords": self.passwords,
            "sessions": self.sessions,
            "attempts": self.attempts,
            "now": self.now,
        }
        change_password(**(values | overrides))


@pytest.fixture
def front() -> Front:
    return Front(ADA, KIM)


def test_logging_out_ends_this_session_and_no_other(front: Front) -> None:
    mine, other = front.enter(), front.enter(device=PHONE)
    log_out(claims=mine, **front.stores)
    assert front.live == {other.session_id}
    assert front.records.sessions[mine.session_id].revoked_at == front.now


def test_a_session_ends_as_whichever_profile_it_was_used(front: Front) -> None:
    mine = front.enter()
    for claims in (replace(mine, profile_id="p-kim"), replace(mine, profile_id=None, policy=None)):
        front.sessions.start(claims=claims, device=TV, lifetime=60)
    log_out(claims=mine, **front.stores)
    assert not front.sessions.live


def test_a_log_out_that_did_not_reach_live_sessions_can_be_repeated(front: Front) -> None:
    mine = front.enter()
    front.sessions.down = True
    with pytest.raises(UnavailableError):
        log_out(claims=mine, **front.stores)
    front.sessions.down = False
    log_out(claims=mine, **front.stores)
    assert not front.live


def test_the_list_says_which_session_asks(front: Front) -> None:
    old = front.enter(door=front.door(country="FR"))
    front.now += 10
    mine = front.enter(device=PHONE)
    found = list_sessions(claims=mine, records=front.records, now=front.now)
    assert [(record.id, record.device, record.country, current) for record, current in found] == [
        (mine.session_id, PHONE, None, True),
        (old.session_id, TV, "FR", False),
    ]


def test_one_session_of_the_account_is_ended(front: Front) -> None:
    mine, other = front.enter(), front.enter(device=PHONE)
    for _ in range(2):
        revoke_session(claims=mine, session_id=other.session_id, **front.stores)
    assert front.live == {mine.session_id}


def test_another_accounts_session_is_unknown_and_left_alone(front: Front) -> None:
    front.add("bob-1", email="bob@example.org", password="a long password")
    mine = front.enter()
    bobs = front.enter(email="bob@example.org", password="a long password")
    for session_id in (bobs.session_id, "unknown"):
        with pytest.raises(NotFoundError):
            revoke_session(claims=mine, session_id=session_id, **front.stores)
    assert bobs.session_id in front.live


def test_every_other_session_is_ended(front: Front) -> None:
    mine, *others = (front.enter() for _ in range(4))
    assert revoke_other_sessions(claims=mine, **front.stores) == len(others)
    assert front.live == {mine.session_id}


def test_ending_every_other_session_can_be_repeated_after_a_failure(front: Front) -> None:
    mine, _ = front.enter(), front.enter()
    front.sessions.down = True
    with pytest.raises(UnavailableError):
        revoke_other_sessions(claims=mine, **front.stores)
    front.sessions.down = False
    revoke_other_sessions(claims=mine, **front.stores)
    assert front.live == {mine.session_id}


def test_of_an_account_that_is_gone_nothing_can_be_ended_or_changed(front: Front) -> None:
    mine = front.enter()
    front.accounts.stored.clear()
    with pytest.raises(NotFoundError):
        revoke_other_sessions(claims=mine, **front.stores)
    with pytest.raises(NotFoundError):
        revoke_session(claims=mine, session_id=mine.session_id, **front.stores)
    with pytest.raises(UnauthenticatedError):
        front.change(mine)


def test_another_password_counts_from_now_on_and_ends_the_other_sessions(front: Front) -> None:
    mine, _ = front.enter(), front.enter(device=PHONE)
    front.change(mine)
    assert front.live == {mine.session_id}
    with pytest.raises(UnauthenticatedError):
        front.enter()
    assert front.enter(password="another sesame").account_id == mine.account_id


@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ({"current": "open barley"}, "currentPassword"),
        ({"new": "short"}, "newPassword"),
        ({"new": "password123"}, "newPassword"),
        ({"new": "ADA@example.org"}, "newPassword"),
        ({"new": "the password of another"}, "newPassword"),
    ],
)
def test_a_password_that_cannot_be_changed_or_taken_is_named(
    front: Front, overrides: dict[str, str], field: str
) -> None:
    front.add("account-2", password="the password of another")
    mine, other = front.enter(), front.enter()
    with pytest.raises(UnfitFieldError) as refused:
        front.change(mine, **overrides)
    assert refused.value.field == field
    assert front.accounts.stored[mine.account_id] == front.stored
    assert front.live == {mine.session_id, other.session_id}


def test_the_same_password_may_be_taken_again(front: Front) -> None:
    mine = front.enter()
    front.change(mine, new="open sesame")
    assert front.enter().account_id == mine.account_id


def test_a_password_that_changed_meanwhile_is_not_the_current_one(front: Front) -> None:
    mine = front.enter()
    hash_ = front.passwords.hash

    def changing(**values: Any) -> str:
        front.accounts.stored[mine.account_id] = replace(front.stored, password_hash="x")
        return hash_(**values)

    front.passwords.hash = changing  # type: ignore[method-assign]
    with pytest.raises(UnfitFieldError) as refused:
        front.change(mine, new="open barley")
    assert refused.value.field == "currentPassword"


def test_sessions_that_cannot_be_ended_keep_the_password(front: Front) -> None:
    mine, _ = front.enter(), front.enter()
    front.sessions.down = True
    with pytest.raises(UnavailableError):
        front.change(mine)
    front.sessions.down = False
    assert front.accounts.stored[mine.account_id] == front.stored
    front.change(mine)


def test_the_current_password_is_guessed_at_no_more_often_than_at_log_in(front: Front) -> None:
    mine = front.enter()
    for _ in range(LIMITS["log-in"].times):
        with pytest.raises(UnfitFieldError):
            front.change(mine, current="open barley")
    with pytest.raises(RateLimitedError):
        front.change(mine)
    with pytest.raises(RateLimitedError):
        front.enter()
