"""The promise of `TokenIssuer` and `TokenVerifier`, kept by the fake and by the real pair."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from reprise.adapters.tokens_pyjwt import JwtIssuer, JwtVerifier
from reprise.application.identity_ports import TokenIssuer, TokenVerifier
from reprise.domain.errors import UnauthenticatedError
from reprise.domain.identity import Claims, PolicyFacts
from tests.fakes.tokens import FakeTokens
from tests.harness.keys import SIGNING, VERIFYING

NOW = 1_795_000_000
CLAIMS = Claims(
    account_id="account-1",
    session_id="session-1",
    profile_id="profile-1",
    policy=PolicyFacts("US", "basic", 3, kids=False),
    expires_at=NOW + 900,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Whoever issues, and whoever proves."""

    issuer: TokenIssuer
    verifier: TokenVerifier


def fake() -> Pair:
    tokens = FakeTokens()
    return Pair(tokens, tokens)


def real() -> Pair:
    return Pair(
        JwtIssuer(keys=SIGNING, issuer="reprise", audience="reprise-api"),
        JwtVerifier(keys=VERIFYING, issuer="reprise", audience="reprise-api"),
    )


@pytest.fixture(params=[fake, real], ids=["fake", "real"])
def pair(request: pytest.FixtureRequest) -> Pair:
    make: Callable[[], Pair] = request.param
    return make()


def test_a_token_proves_what_it_was_issued_for(pair: Pair) -> None:
    token = pair.issuer.issue(claims=CLAIMS, now=NOW)
    assert pair.verifier.verify(token=token, now=NOW) == CLAIMS


def test_a_token_without_a_profile_proves_none(pair: Pair) -> None:
    claims = replace(CLAIMS, profile_id=None, policy=None)
    token = pair.issuer.issue(claims=claims, now=NOW)
    assert pair.verifier.verify(token=token, now=NOW) == claims


@pytest.mark.parametrize("seconds", [-5, 0, 899, 904])
def test_a_token_is_good_in_its_time_and_five_seconds_around(pair: Pair, seconds: int) -> None:
    token = pair.issuer.issue(claims=CLAIMS, now=NOW)
    assert pair.verifier.verify(token=token, now=NOW + seconds) == CLAIMS


@pytest.mark.parametrize("seconds", [-3600, -6, 905, 86_400])
def test_a_token_is_worth_nothing_out_of_its_time(pair: Pair, seconds: int) -> None:
    token = pair.issuer.issue(claims=CLAIMS, now=NOW)
    with pytest.raises(UnauthenticatedError):
        pair.verifier.verify(token=token, now=NOW + seconds)


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "nonsense", "é.é.é", "\ud800"])
def test_what_is_no_token_proves_nothing(pair: Pair, token: str) -> None:
    with pytest.raises(UnauthenticatedError):
        pair.verifier.verify(token=token, now=NOW)
