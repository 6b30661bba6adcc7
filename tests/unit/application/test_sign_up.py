"""Who gets an account, who gets back into theirs, and what nobody is told."""

from typing import Any

import pytest

from reprise.application.sign_in import SignedIn
from reprise.application.sign_up import sign_up
from reprise.domain.attempts import DAY, LIMITS
from reprise.domain.errors import RateLimitedError, UnavailableError
from reprise.domain.identity import PolicyFacts, Profile
from tests.builders import TV
from tests.harness.front import NOW
from tests.harness.front import Front as Ports

ADA = Profile("p-ada", "Ada", False, 5, False, "en", "heron")


class Front(Ports):
    """A sign-up with every port faked."""

    def sign_up(self, **overrides: Any) -> SignedIn:
        values: dict[str, Any] = {
            "email": "bob@example.org",
            "password": "a long password",
            "region": "DE",
            "plan": "standard",
            "device": TV,
            "network": "203.0.113.7",
            "accounts": self.accounts,
            "passwords": self.passwords,
            "records": self.records,
            "attempts": self.attempts,
            "door": self.door(),
            "secrets": self.secrets,
        }
        return sign_up(**(values | overrides))


@pytest.fixture
def front() -> Front:
    return Front(ADA)


def test_a_new_account_is_signed_in_with_one_open_profile(front: Front) -> None:
    result = front.sign_up()
    assert (result.account.email, result.account.plan) == ("bob@example.org", "standard")
    assert result.account.region == "DE"
    (profile,) = result.profiles
    assert result.profile == profile
    assert profile == Profile(profile.id, "bob", False, 5, False, "de", "heron")
    claims = front.tokens.verify(token=result.access_token, now=NOW)
    assert claims.policy == PolicyFacts("DE", "standard", 5, kids=False)
    assert (result.account.id, profile.id, result.session_id) in front.sessions.live


def test_only_a_hash_of_the_password_is_kept(front: Front) -> None:
    account_id = front.sign_up().account.id
    stored = front.accounts.stored[account_id]
    assert stored.password_hash == front.passwords.hash(password="a long password")


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("ada.lovelace@example.org", "ada.lovelace"),
        (f"{'x' * 40}@example.org", "x" * 30),
        ("\u200b@example.org", "Viewer"),
    ],
)
def test_the_first_profile_is_named_after_the_address(front: Front, email: str, name: str) -> None:
    profile = front.sign_up(email=email).profile
    assert profile is not None
    assert profile.name == name


@pytest.mark.parametrize(("region", "language"), [("AT", "de"), ("BR", "pt"), ("ZZ", "en")])
def test_the_first_profile_speaks_the_language_of_the_region(
    front: Front, region: str, language: str
) -> None:
    profile = front.sign_up(region=region).profile
    assert profile is not None
    assert profile.language == language


def test_signing_up_again_with_the_same_password_signs_in(front: Front) -> None:
    first = front.sign_up()
    again = front.sign_up(email=" BOB@example.org", plan="basic", region="US")
    assert again.account == first.account
    assert again.session_id != first.session_id
    assert len(front.accounts.stored) == 2


def test_a_taken_address_with_another_password_gets_an_account_of_its_own(front: Front) -> None:
    result = front.sign_up(email="ada@example.org")
    assert result.account.id != front.stored.account.id
    assert front.accounts.stored[front.stored.account.id] == front.stored


@pytest.mark.parametrize("there", [0, 1, 2])
def test_a_sign_up_compares_alike_whether_or_not_there_is_an_account(
    front: Front, there: int
) -> None:
    for number in range(there):
        front.add(f"bob-{number}", email="bob@example.org", password=f"another {number}")
    front.sign_up()
    assert front.passwords.compared == 2


def test_an_account_that_somebody_makes_meanwhile_is_found(front: Front) -> None:
    def meanwhile() -> None:
        front.accounts.before_create = lambda: None
        front.add("bob-1", email="bob@example.org", password="a long password")

    front.accounts.before_create = meanwhile
    assert front.sign_up().account.id == "bob-1"


def test_an_account_that_somebody_else_makes_meanwhile_is_left_alone(front: Front) -> None:
    def meanwhile() -> None:
        front.accounts.before_create = lambda: None
        front.add("bob-1", email="bob@example.org", password="another")

    front.accounts.before_create = meanwhile
    assert front.sign_up().account.id not in {"bob-1", front.stored.account.id}


def test_an_address_that_never_rests_is_given_up_for_now(front: Front) -> None:
    front.accounts.create = lambda **_: False  # type: ignore[method-assign]
    with pytest.raises(UnavailableError):
        front.sign_up()


def test_a_second_account_a_day_is_the_last_whether_or_not_there_was_one(front: Front) -> None:
    for email in ("ada@example.org", "bob@example.org"):
        for number in range(LIMITS["new-account"].times):
            front.sign_up(email=email, password=f"a long password {number}")
        with pytest.raises(RateLimitedError) as refused:
            front.sign_up(email=email, password="one more password")
        assert refused.value.retry_after == DAY


def test_a_full_address_is_refused_as_one_that_had_its_share(front: Front) -> None:
    for number in range(3):
        front.add(f"bob-{number}", email="bob@example.org", password=f"another {number}")
    with pytest.raises(RateLimitedError) as refused:
        front.sign_up()
    assert (str(refused.value), refused.value.retry_after) == (
        "too many attempts; try again later",
        DAY,
    )
    assert len(front.accounts.credentials(email="bob@example.org")) == 3


def test_repeating_a_sign_up_is_not_another_account(front: Front) -> None:
    first = front.sign_up()
    for _ in range(LIMITS["sign-up"].times - 1):
        assert front.sign_up().account == first.account


@pytest.mark.parametrize("email", ["ada@example.org", "bob@example.org"])
def test_an_address_may_sign_up_so_often(front: Front, email: str) -> None:
    for number in range(LIMITS["sign-up"].times):
        front.sign_up(email=email, password="open sesame", network=str(number))
    with pytest.raises(RateLimitedError):
        front.sign_up(email=email, password="open sesame")


def test_a_network_may_sign_up_so_often(front: Front) -> None:
    for number in range(LIMITS["sign-up-network"].times):
        front.sign_up(email=f"somebody-{number}@example.org")
    with pytest.raises(RateLimitedError):
        front.sign_up()
    assert front.sign_up(network="198.51.100.9").account.email == "bob@example.org"


@pytest.mark.parametrize("store", ["accounts", "records", "sessions", "attempts"])
def test_a_store_that_is_away_hands_out_no_token(front: Front, store: str) -> None:
    getattr(front, store).down = True
    with pytest.raises(UnavailableError):
        front.sign_up()
    assert not front.tokens.issued
    getattr(front, store).down = False
    assert front.sign_up().account.email == "bob@example.org"
