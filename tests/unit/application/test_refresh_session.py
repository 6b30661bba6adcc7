"""Who gets the next token, what it then says, and what ends when one is used twice."""

from dataclasses import replace

import pytest

from reprise.application.refresh_session import refresh_session
from reprise.application.sign_in import ACCESS_SECONDS, SESSION_SECONDS, SignedIn
from reprise.domain.errors import UnauthenticatedError, UnavailableError
from reprise.domain.identity import Claims, PolicyFacts, Profile
from tests.harness.front import Front as Ports

ADA = Profile("p-ada", "Ada", False, 5, False, "en", "heron")
KIM = Profile("p-kim", "Kim", True, 2, False, "en", "comet")


class Front(Ports):
    """Somebody signed in, with every port faked."""

    def refresh(self, token: str, *, country: str | None = None) -> SignedIn:
        return refresh_session(
            refresh_token=token,
            records=self.records,
            door=self.door(country=country),
            secrets=self.secrets,
        )

    def claims(self, result: SignedIn) -> Claims:
        return self.tokens.verify(token=result.access_token, now=self.now)


@pytest.fixture
def front() -> Front:
    return Front(ADA, KIM)


def test_the_next_tokens_are_of_the_same_session_and_profile(front: Front) -> None:
    before = front.log_in(profile_id="p-kim")
    front.now += 800
    after = front.refresh(before.refresh_token)
    assert (after.session_id, after.profile, after.account) == (
        before.session_id,
        before.profile,
        before.account,
    )
    assert after.refresh_token != before.refresh_token
    claims = front.claims(after)
    assert claims.expires_at == front.now + ACCESS_SECONDS
    assert claims.policy == PolicyFacts("GB", "standard", 2, kids=True)


def test_a_session_that_is_refreshed_lasts_another_thirty_days(front: Front) -> None:
    token = front.log_in().refresh_token
    for _ in range(4):
        front.now += SESSION_SECONDS - 1
        result = front.refresh(token)
        token = result.refresh_token
    assert front.records.sessions[result.session_id].expires_at == front.now + SESSION_SECONDS


def test_what_changed_of_the_account_and_the_profile_arrives(front: Front) -> None:
    token = front.log_in().refresh_token
    account = replace(front.stored.account, plan="premium", region="IE")
    profiles = (replace(ADA, maturity_level=3), KIM)
    stored = replace(front.stored, account=account, profiles=profiles)
    front.accounts.stored[account.id] = stored
    result = front.refresh(token)
    facts = PolicyFacts("IE", "premium", 3, kids=False)
    assert front.claims(result).policy == facts
    live = front.sessions.live[(account.id, "p-ada", result.session_id)]
    assert live.policy == facts


def test_where_the_device_is_now_decides_the_region(front: Front) -> None:
    token = front.log_in(door=front.door(country="FR")).refresh_token
    result = front.refresh(token, country="ES")
    policy = front.claims(result).policy
    assert policy is not None
    assert policy.region == "ES"
    assert front.records.sessions[result.session_id].country == "ES"


def test_a_session_that_live_state_lost_lives_again(front: Front) -> None:
    before = front.log_in()
    kept = dict(front.sessions.live)
    front.sessions.live.clear()
    front.refresh(before.refresh_token)
    assert front.sessions.live == kept


def test_a_session_whose_profile_was_deleted_goes_on_without(front: Front) -> None:
    before = front.log_in(profile_id="p-kim")
    front.accounts.stored[front.stored.account.id] = replace(front.stored, profiles=(ADA,))
    result = front.refresh(before.refresh_token)
    assert result.profile is None
    assert front.claims(result).policy is None
    assert (front.stored.account.id, None, result.session_id) in front.sessions.live


def test_a_token_that_comes_twice_ends_the_session_everywhere(front: Front) -> None:
    stolen = front.log_in(profile_id="p-kim").refresh_token
    other = front.log_in()
    following = front.refresh(stolen)
    with pytest.raises(UnauthenticatedError) as refused:
        front.refresh(stolen)
    assert [key[2] for key in front.sessions.live] == [other.session_id]
    with pytest.raises(UnauthenticatedError) as ended:
        front.refresh(following.refresh_token)
    assert str(refused.value) == str(ended.value)


def test_a_session_that_could_not_be_ended_is_ended_by_the_next_use(front: Front) -> None:
    token = front.log_in().refresh_token
    front.refresh(token)
    front.sessions.down = True
    with pytest.raises(UnavailableError):
        front.refresh(token)
    front.sessions.down = False
    with pytest.raises(UnauthenticatedError):
        front.refresh(token)
    assert not front.sessions.live


def test_a_revoked_session_is_not_made_live_again(front: Front) -> None:
    result = front.log_in()
    account_id = front.stored.account.id
    front.records.revoke(account_id=account_id, session_id=result.session_id, now=front.now)
    front.sessions.live.clear()
    with pytest.raises(UnauthenticatedError):
        front.refresh(result.refresh_token)
    assert not front.sessions.live


@pytest.mark.parametrize("token", ["", "unknown", "\ud7ff"])
def test_an_unknown_token_proves_nothing(front: Front, token: str) -> None:
    front.log_in()
    with pytest.raises(UnauthenticatedError):
        front.refresh(token)


def test_a_token_is_good_for_thirty_days(front: Front) -> None:
    token = front.log_in().refresh_token
    front.now += SESSION_SECONDS
    with pytest.raises(UnauthenticatedError):
        front.refresh(token)


@pytest.mark.parametrize("store", ["records", "sessions"])
def test_a_token_stays_good_where_a_store_was_away(front: Front, store: str) -> None:
    token = front.log_in().refresh_token
    getattr(front, store).down = True
    with pytest.raises(UnavailableError):
        front.refresh(token)
    getattr(front, store).down = False
    assert front.refresh(token).profile == ADA
