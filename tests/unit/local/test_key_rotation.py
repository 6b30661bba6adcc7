"""A rotation loses no token: who verifies learns a key before anybody signs with it."""

from collections.abc import Sequence
from typing import Any

import jwt
import pytest

from reprise.adapters.tokens_pyjwt import JwtIssuer, JwtVerifier
from reprise.domain.errors import UnauthenticatedError
from reprise.domain.identity import Claims
from reprise_local.errors import LocalError
from reprise_local.key_rotation import OVERLAP_SECONDS, key_set, retire, rotate
from reprise_local.keys import Key, new_key, public_halves

NOW = 1_795_000_000
CLAIMS = Claims("account-1", "session-1", None, None, NOW + 900)


class FakeKeys:
    """Keys of a stage, which proves at every step that what signs can be verified."""

    def __init__(self) -> None:
        self.kept: list[Key] = [new_key()]
        self.published = public_halves(self.kept)
        self.fails = ""

    def private(self) -> Sequence[Key]:
        return self.kept

    def keep(self, keys: Sequence[Key]) -> None:
        self._maybe_fail("keep")
        self.kept = list(keys)
        self.token()

    def publish(self, keys: Sequence[Key]) -> None:
        self._maybe_fail("publish")
        self.published = list(keys)
        self.token()

    def token(self) -> str:
        """Return a token that is signed now, and counts now."""
        issuer = JwtIssuer(keys=key_set(self.kept), issuer="i", audience="a")
        token = issuer.issue(claims=CLAIMS, now=NOW)
        assert self.counts(token)
        return token

    def counts(self, token: str) -> bool:
        verifier = JwtVerifier(keys=key_set(self.published), issuer="i", audience="a")
        try:
            return verifier.verify(token=token, now=NOW) == CLAIMS
        except UnauthenticatedError:
            return False

    def _maybe_fail(self, step: str) -> None:
        if self.fails == step:
            raise OSError(f"cut off at {step}")


def kid(token: str) -> Any:
    return jwt.get_unverified_header(token)["kid"]


def test_tokens_of_both_keys_count_until_the_old_one_is_retired() -> None:
    keys = FakeKeys()
    before = keys.token()
    new_kid = rotate(keys, now=NOW)
    after = keys.token()
    assert kid(after) == new_kid != kid(before)
    assert keys.counts(before)
    assert keys.counts(after)
    assert retire(keys, now=NOW + OVERLAP_SECONDS) == [kid(before)]
    assert keys.counts(after)
    assert not keys.counts(before)


def test_an_old_key_is_not_retired_while_a_token_of_it_may_be_good() -> None:
    keys = FakeKeys()
    before = keys.token()
    rotate(keys, now=NOW)
    with pytest.raises(LocalError, match="another 1 s"):
        retire(keys, now=NOW + OVERLAP_SECONDS - 1)
    assert keys.counts(before)


def test_a_stolen_key_is_retired_at_once() -> None:
    keys = FakeKeys()
    before = keys.token()
    rotate(keys, now=NOW)
    retire(keys, now=NOW, hurried=True)
    assert not keys.counts(before)


def test_there_are_never_more_than_two_keys() -> None:
    keys = FakeKeys()
    rotate(keys, now=NOW)
    with pytest.raises(LocalError):
        rotate(keys, now=NOW + 10_000)
    assert len(keys.kept) == len(keys.published) == 2


def test_a_single_key_is_never_retired() -> None:
    with pytest.raises(LocalError):
        retire(FakeKeys(), now=NOW, hurried=True)


@pytest.mark.parametrize("step", ["publish", "keep"])
def test_a_rotation_that_was_cut_off_can_be_repeated(step: str) -> None:
    keys = FakeKeys()
    before = keys.token()
    keys.fails = step
    with pytest.raises(OSError, match="cut off"):
        rotate(keys, now=NOW)
    keys.fails = ""
    assert keys.counts(keys.token())
    rotate(keys, now=NOW)
    assert keys.counts(before)


@pytest.mark.parametrize("step", ["publish", "keep"])
def test_a_retirement_that_was_cut_off_can_be_repeated(step: str) -> None:
    keys = FakeKeys()
    before = keys.token()
    rotate(keys, now=NOW)
    after = keys.token()
    keys.fails = step
    with pytest.raises(OSError, match="cut off"):
        retire(keys, now=NOW + OVERLAP_SECONDS)
    keys.fails = ""
    assert keys.counts(after)
    assert retire(keys, now=NOW + OVERLAP_SECONDS) == [kid(before)]
    assert not keys.counts(before)
    assert len(keys.kept) == 1


def test_what_is_published_holds_nothing_private() -> None:
    keys = FakeKeys()
    rotate(keys, now=NOW)
    assert [set(key) for key in keys.published] == [{"kty", "kid", "alg", "use", "n", "e"}] * 2
