"""A function that signs starts with keys that can sign, or says in one line why it does not."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from reprise.adapters.secrets_aws import SecretRefusedError
from reprise.adapters.tokens_pyjwt import JwtVerifier
from reprise.bootstrap.identity import AuthWiring, SignInWiring
from reprise.bootstrap.playback import ManifestWiring, PlaybackWiring
from reprise.bootstrap.profiles import SelectionWiring
from reprise.bootstrap.start import RUNTIME, started
from reprise.domain.errors import UnavailableError
from reprise.domain.grants import Grant
from reprise.domain.identity import Claims
from reprise.settings import AuthSettings, GrantedSettings, ManifestSettings, SelectionSettings
from reprise.settings.environment import SettingsError
from tests.harness.bad_keys import BAD_GRANT_KEYS, BAD_TOKEN_KEYS
from tests.harness.functions import ENVIRONMENT, captured
from tests.harness.grant_keys import ecdsa_key, signing_set
from tests.harness.keys import KEY, SIGNING, VERIFYING

NOW = 1_795_000_000
IN_LAMBDA = ENVIRONMENT | {RUNTIME: "127.0.0.1:9001", "REPRISE_STAGE": "local"}
GRANT_SECRET = ENVIRONMENT["GRANT_SIGNING_SECRET_ID"]
TOKEN_SECRET = ENVIRONMENT["JWT_SIGNING_SECRET_ID"]
CLAIMS = Claims("account-1", "session-1", None, None, NOW + 900)

type Start = Callable[..., tuple[Any, Any]]


@dataclass
class Store:
    """The store of secrets: what it answers, or how it fails, and what it was asked for."""

    text: str = ""
    failure: Exception | None = None

    def __post_init__(self) -> None:
        self.asked: list[str] = []

    def read(self, *, secret_id: str, attempts: int) -> str:
        assert attempts == 1, "an init has ten seconds for everything"
        self.asked.append(secret_id)
        if self.failure is not None:
            raise self.failure
        return self.text


def _of(area: Any, wire: Any) -> Start:
    return lambda variables, store: started(area, wire, variables, read=store.read)


GRANTS: Mapping[str, Start] = {
    "manifest": _of(ManifestSettings, ManifestWiring),
    "refresh": _of(GrantedSettings, PlaybackWiring),
}
TOKENS: Mapping[str, Start] = {
    "sign in": _of(AuthSettings, SignInWiring),
    "refresh": _of(AuthSettings, AuthWiring),
    "select": _of(SelectionSettings, SelectionWiring),
}
ALL = [
    *((start, GRANT_SECRET, signing_set(ecdsa_key())) for start in GRANTS.values()),
    *((start, TOKEN_SECRET, SIGNING) for start in TOKENS.values()),
]
each = pytest.mark.parametrize(
    ("start", "secret", "sound"), ALL, ids=[f"{what}s" for what in (*GRANTS, *TOKENS)]
)


def refused(start: Start, store: Store, **variables: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        start(IN_LAMBDA | variables, store)
    assert "\n" not in str(caught.value), "one line"
    return caught.value


@each
def test_outside_lambda_no_secret_is_read(start: Start, secret: str, sound: str) -> None:
    store = Store(failure=AssertionError("asked"))
    start(ENVIRONMENT, store)
    assert store.asked == []


@each
def test_in_lambda_the_keys_are_read_once_before_the_first_request(
    start: Start, secret: str, sound: str
) -> None:
    store = Store(sound)
    start(IN_LAMBDA, store)
    assert store.asked == [secret]


@pytest.mark.parametrize("start", GRANTS.values(), ids=GRANTS)
def test_the_first_grant_is_signed_by_the_keys_of_the_start(start: Start) -> None:
    _, wiring = start(IN_LAMBDA, Store(signing_set(ecdsa_key())))
    signer = wiring.signer
    grant = Grant(resource="https://h/media/x/*", issued_at=NOW, expires_at=NOW + 60)
    assert f"Key-Pair-Id={ecdsa_key().id}" in signer.sign(grant=grant).query
    assert wiring.grants.signer is signer


@pytest.mark.parametrize("start", TOKENS.values(), ids=TOKENS)
def test_the_first_token_is_signed_by_the_keys_of_the_start(start: Start) -> None:
    _, wiring = start(IN_LAMBDA, Store(SIGNING))
    token = wiring.issuer.issue(claims=CLAIMS, now=NOW)
    verifier = JwtVerifier(keys=VERIFYING, issuer="reprise", audience="reprise-api")
    assert verifier.verify(token=token, now=NOW) == CLAIMS


@pytest.mark.parametrize("start", GRANTS.values(), ids=GRANTS)
@pytest.mark.parametrize(("text", "why"), BAD_GRANT_KEYS.values(), ids=BAD_GRANT_KEYS)
def test_what_signs_no_grants_stops_the_start(start: Start, text: str, why: str) -> None:
    error = refused(start, Store(text))
    (problem,) = error.problems
    assert problem.startswith(f"the secret {GRANT_SECRET} ")
    assert why in problem
    assert problem.endswith(" (mend it with: make run)")
    assert ecdsa_key().private_pem.splitlines()[1] not in str(error), "an error is logged"


@pytest.mark.parametrize("start", TOKENS.values(), ids=TOKENS)
@pytest.mark.parametrize(("text", "why"), BAD_TOKEN_KEYS.values(), ids=BAD_TOKEN_KEYS)
def test_what_signs_no_tokens_stops_the_start(start: Start, text: str, why: str) -> None:
    error = refused(start, Store(text))
    (problem,) = error.problems
    assert problem.startswith(f"the secret {TOKEN_SECRET} ")
    assert why in problem
    assert problem.endswith(" (mend it with: make run)")
    assert not any(KEY[name] in str(error) for name in ("d", "p", "q"))


@each
def test_a_secret_that_is_not_there_stops_the_start(start: Start, secret: str, sound: str) -> None:
    error = refused(start, Store(failure=SecretRefusedError("is missing or has no value")))
    assert error.problems == (
        f"the secret {secret} is missing or has no value (mend it with: make run)",
    )


@pytest.mark.parametrize(
    ("start", "mend"),
    [
        (GRANTS["manifest"], "mend it as in: docs/operations.md, Keys of grants"),
        (TOKENS["sign in"], "mend it with: make keys-rotate STAGE=staging"),
    ],
)
def test_on_aws_other_things_mend_it(start: Start, mend: str) -> None:
    error = refused(start, Store("no keys"), REPRISE_STAGE="staging")
    assert str(error).endswith(f" ({mend})")


@each
def test_a_store_that_does_not_answer_now_stops_nothing_and_is_logged(
    start: Start, secret: str, sound: str
) -> None:
    down = UnavailableError("secrets do not answer")
    down.__cause__ = TimeoutError()
    with captured() as log:
        start(IN_LAMBDA, Store(failure=down))
    (line,) = map(json.loads, log.getvalue().splitlines())
    assert (line["level"], line["secret"], line["cause"]) == ("WARNING", secret, "TimeoutError")


def test_everything_that_is_wrong_is_told_at_once() -> None:
    error = refused(
        GRANTS["manifest"],
        Store(BAD_GRANT_KEYS["no keys"][0]),
        MEDIA_URL="",
        REDIS_URL="",
        JWKS="none",
    )
    named = [problem.split(" ", 3)[:3] for problem in error.problems]
    assert [words[0] for words in named[:3]] == ["REDIS_URL", "JWKS", "MEDIA_URL"]
    assert named[3] == ["the", "secret", GRANT_SECRET]


@each
def test_without_any_variables_only_what_is_missing_is_told(
    start: Start, secret: str, sound: str
) -> None:
    store = Store(failure=AssertionError("asked"))
    with pytest.raises(SettingsError) as caught:
        start({RUNTIME: "127.0.0.1:9001"}, store)
    named = {problem.split()[0] for problem in caught.value.problems}
    assert named > {"REPRISE_STAGE", "REPRISE_VERSION", "REDIS_URL", "exactly"}
    assert any(name.endswith("_SIGNING_SECRET_ID") for name in named)
    assert store.asked == []
