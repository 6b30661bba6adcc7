"""What functions of a local cloud would read, looked at by `make doctor`."""

import pytest

from reprise_local.aws import LocalAws
from reprise_local.key_checks import KeyFinding, look_at_secret, wrong_with_tokens
from tests.harness.keys import SIGNING, VERIFYING
from tests.harness.secret_store import SecretStore

NAME = "reprise/local/jwt-signing"


def look(store: SecretStore) -> KeyFinding:
    return look_at_secret(LocalAws(store.url), NAME, wrong_with_tokens, again="make run")


def test_a_sound_secret_needs_no_mending() -> None:
    with SecretStore(**{NAME: SIGNING}) as store:
        assert look(store) == KeyFinding(NAME, "can sign")


def test_a_secret_that_is_not_there_is_told() -> None:
    with SecretStore() as store:
        assert look(store) == KeyFinding(NAME, "ResourceNotFoundException", "make run")


@pytest.mark.parametrize("text", [VERIFYING, "damaged"])
def test_a_secret_that_can_not_sign_is_told(text: str) -> None:
    with SecretStore(**{NAME: text}) as store:
        seen = look(store)
    assert seen.mend == "make run"
    assert seen.found not in {"", "can sign"}
