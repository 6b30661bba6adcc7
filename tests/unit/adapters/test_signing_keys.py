"""A warm signer notices that its keys were rotated, and survives a secret store that is away."""

import jwt
import pytest

from reprise.adapters.signing_keys import AGAIN_SECONDS, KEEP_SECONDS, RotatingIssuer
from reprise.adapters.tokens_pyjwt import JwtVerifier
from reprise.domain.errors import UnauthenticatedError, UnavailableError
from reprise.domain.identity import Claims
from tests.harness.keys import key_set, make_key, public

NOW = 1_795_000_000
CLAIMS = Claims("account-1", "session-1", None, None, NOW + 900)
OLD, NEW = make_key("old"), make_key("new")


class Secret:
    """What Secrets Manager holds, and how often it was asked."""

    def __init__(self, *keys: dict[str, str]) -> None:
        self.text = key_set(*keys)
        self.down = False
        self.reads = 0

    def read(self) -> str:
        self.reads += 1
        if self.down:
            raise UnavailableError("secrets do not answer")
        return self.text


class Signer:
    def __init__(self, secret: Secret) -> None:
        self.now = 1000.0
        self.issuer = RotatingIssuer(
            read=secret.read, issuer="reprise", audience="reprise-api", clock=lambda: self.now
        )

    def kid(self) -> str:
        token = self.issuer.issue(claims=CLAIMS, now=NOW)
        return str(jwt.get_unverified_header(token)["kid"])


def verifier(*keys: dict[str, str]) -> JwtVerifier:
    return JwtVerifier(keys=key_set(*map(public, keys)), issuer="reprise", audience="reprise-api")


def test_keys_are_read_once_in_five_minutes() -> None:
    secret = Secret(OLD)
    signer = Signer(secret)
    for _ in range(3):
        signer.kid()
    signer.now += KEEP_SECONDS - 1
    assert signer.kid() == "old"
    assert secret.reads == 1


def test_a_rotated_key_signs_after_five_minutes_at_most() -> None:
    secret = Secret(OLD)
    signer = Signer(secret)
    assert signer.kid() == "old"
    secret.text = key_set(NEW, OLD)
    signer.now += KEEP_SECONDS
    assert signer.kid() == "new"


@pytest.mark.parametrize("broken", ["away", "not keys", "public"])
def test_known_keys_sign_on_where_the_secret_cannot_be_read(broken: str) -> None:
    secret = Secret(OLD)
    signer = Signer(secret)
    signer.kid()
    secret.down = broken == "away"
    secret.text = key_set(public(NEW)) if broken == "public" else "nonsense"
    signer.now += KEEP_SECONDS
    for _ in range(3):
        assert signer.kid() == "old"
    assert secret.reads == 2
    secret.down, secret.text = False, key_set(NEW)
    signer.now += AGAIN_SECONDS
    assert signer.kid() == "new"


def test_without_any_keys_nothing_is_signed_and_the_next_request_asks_again() -> None:
    secret = Secret(OLD)
    secret.down = True
    signer = Signer(secret)
    with pytest.raises(UnavailableError):
        signer.kid()
    secret.down = False
    assert signer.kid() == "old"


def test_a_key_that_fails_is_read_again_at_once() -> None:
    secret = Secret(OLD)
    signer = Signer(secret)
    signer.kid()
    broken = signer.issuer._signer
    assert broken is not None
    broken._key = "no key"  # type: ignore[assignment]
    secret.text = key_set(NEW)
    assert signer.kid() == "new"
    assert secret.reads == 2


def test_tokens_of_both_keys_count_while_both_are_published() -> None:
    secret = Secret(OLD)
    signer = Signer(secret)
    before = signer.issuer.issue(claims=CLAIMS, now=NOW)
    secret.text = key_set(NEW, OLD)
    signer.now += KEEP_SECONDS
    after = signer.issuer.issue(claims=CLAIMS, now=NOW)
    both = verifier(NEW, OLD)
    for token in (before, after):
        assert both.verify(token=token, now=NOW) == CLAIMS
    retired = verifier(NEW)
    assert retired.verify(token=after, now=NOW) == CLAIMS
    with pytest.raises(UnauthenticatedError):
        retired.verify(token=before, now=NOW)
