"""Forged, borrowed and mangled access tokens, and key sets that must not start a function."""

import base64
import hashlib
import hmac
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from jwt.algorithms import RSAAlgorithm

from reprise.adapters.tokens_pyjwt import REFUSAL, JwtIssuer, JwtVerifier
from reprise.domain.errors import UnauthenticatedError
from reprise.domain.identity import Claims, PolicyFacts
from tests.harness.keys import KEY, SIGNING, VERIFYING, key_set, make_key, public

NOW = 1_795_000_000
CLAIMS = Claims("account-1", "session-1", "profile-1", PolicyFacts("US", "basic", 3, False), NOW)
PAYLOAD: dict[str, Any] = {
    "iss": "reprise",
    "aud": "reprise-api",
    "sub": "account-1",
    "sid": "session-1",
    "pid": "profile-1",
    "pol": "US|basic|3|0",
    "iat": NOW,
    "nbf": NOW,
    "exp": NOW + 900,
}
HEADER = {"alg": "RS256", "kid": "test-1", "typ": "at+jwt"}
OTHER = make_key("other")
PRIVATE: dict[str, Any] = {key["kid"]: RSAAlgorithm.from_jwk(key) for key in (KEY, OTHER)}


@pytest.fixture
def verifier() -> JwtVerifier:
    return JwtVerifier(keys=VERIFYING, issuer="reprise", audience="reprise-api")


def segment(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def signed(header: object, payload: object, *, key: dict[str, Any] = KEY) -> str:
    """Return a token with a true RS256 signature, whatever its header and payload say."""
    message = f"{segment(header)}.{segment(payload)}"
    private = PRIVATE[key["kid"]]
    signature = RSAAlgorithm(RSAAlgorithm.SHA256).sign(message.encode(), private)
    return f"{message}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def refuse(verifier: JwtVerifier, token: str) -> None:
    """The refusal is the same whatever is wrong, also when asked twice."""
    for _ in range(2):
        with pytest.raises(UnauthenticatedError) as refused:
            verifier.verify(token=token, now=NOW)
        assert str(refused.value) == REFUSAL


def test_our_own_signature_is_taken(verifier: JwtVerifier) -> None:
    assert verifier.verify(token=signed(HEADER, PAYLOAD), now=NOW).account_id == "account-1"


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", "rs256", "RS512", "PS256"])
def test_another_algorithm_in_the_header_is_refused(verifier: JwtVerifier, algorithm: str) -> None:
    refuse(verifier, signed({**HEADER, "alg": algorithm}, PAYLOAD))
    refuse(verifier, f"{segment({**HEADER, 'alg': algorithm})}.{segment(PAYLOAD)}.")


def test_the_public_key_as_a_shared_secret_is_refused(verifier: JwtVerifier) -> None:
    key: Any = RSAAlgorithm.from_jwk(public(KEY))
    secret = key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for shared in (secret, secret.strip(), VERIFYING.encode(), KEY["n"].encode()):
        message = f"{segment({**HEADER, 'alg': 'HS256'})}.{segment(PAYLOAD)}"
        mac = hmac.new(shared, message.encode(), hashlib.sha256).digest()
        refuse(verifier, f"{message}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}")


@pytest.mark.parametrize(
    "kid",
    ["other", "", "../../dev/null", "https://evil.example/keys", "test-1\u0000", 0, None, [], {}],
)
def test_an_unknown_or_odd_key_id_is_refused(verifier: JwtVerifier, kid: object) -> None:
    refuse(verifier, signed({**HEADER, "kid": kid}, PAYLOAD))


def test_a_header_without_a_key_id_is_refused(verifier: JwtVerifier) -> None:
    refuse(verifier, signed({"alg": "RS256", "typ": "at+jwt"}, PAYLOAD))


def test_a_strangers_signature_under_our_key_id_is_refused(verifier: JwtVerifier) -> None:
    refuse(verifier, signed(HEADER, PAYLOAD, key=OTHER))


@pytest.mark.parametrize(
    "extra",
    [
        {"jwk": public(OTHER)},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/cert"},
        {"x5c": ["MIIB"]},
        {"crit": ["exp"]},
        {"b64": False, "crit": ["b64"]},
        {"zip": "DEF"},
        {"cty": "JWT"},
    ],
    ids="-".join,
)
def test_a_header_that_says_more_than_ours_is_refused(
    verifier: JwtVerifier, extra: dict[str, Any]
) -> None:
    refuse(verifier, signed({**HEADER, **extra}, PAYLOAD))
    refuse(verifier, signed({**HEADER, **extra}, PAYLOAD, key=OTHER))


@pytest.mark.parametrize("kind", ["JWT", "AT+JWT", "", None, "refresh"])
def test_another_type_of_token_is_refused(verifier: JwtVerifier, kind: object) -> None:
    refuse(verifier, signed({**HEADER, "typ": kind}, PAYLOAD))


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "somebody"},
        {"iss": ["reprise"]},
        {"aud": "another-api"},
        {"aud": ["reprise-api"]},
        {"sub": ""},
        {"sub": 7},
        {"sid": None},
        {"pid": ""},
        {"pid": None},
        {"pol": "US|basic|3"},
        {"pol": "US|basic|three|0"},
        {"pol": None},
        {"exp": NOW - 5},
        {"exp": str(NOW + 900)},
        {"exp": NOW + 0.5},
        {"exp": True},
        {"nbf": NOW + 6},
        {"iat": NOW + 3600},
        {"iat": None},
    ],
    ids=str,
)
def test_a_claim_that_is_not_as_it_must_be_is_refused(
    verifier: JwtVerifier, change: dict[str, Any]
) -> None:
    refuse(verifier, signed(HEADER, PAYLOAD | change))


@pytest.mark.parametrize("name", sorted(PAYLOAD))
def test_a_missing_claim_is_refused(verifier: JwtVerifier, name: str) -> None:
    refuse(verifier, signed(HEADER, {n: v for n, v in PAYLOAD.items() if n != name}))


@pytest.mark.parametrize("payload", ["", "null", "[]", "7", "{", '"text"', "[" * 3000], ids=str)
def test_a_payload_that_is_no_object_is_refused(verifier: JwtVerifier, payload: str) -> None:
    refuse(verifier, signed(HEADER, payload))


def test_a_changed_payload_is_refused(verifier: JwtVerifier) -> None:
    header, _, signature = signed(HEADER, PAYLOAD).split(".")
    refuse(verifier, f"{header}.{segment(PAYLOAD | {'sub': 'account-2'})}.{signature}")


def test_a_changed_or_cut_signature_is_refused(verifier: JwtVerifier) -> None:
    token = signed(HEADER, PAYLOAD)
    head, _, signature = token.rpartition(".")
    for other in ("", signature[:-4], signature[::-1], signature + "AAAA", "!" * 10):
        refuse(verifier, f"{head}.{other}")


def test_more_or_fewer_parts_are_refused(verifier: JwtVerifier) -> None:
    token = signed(HEADER, PAYLOAD)
    for other in (f"{token}.x", f"{token}...", f".{token}", token.rpartition(".")[0], token * 2):
        refuse(verifier, other)


def test_an_oversized_token_is_refused_before_it_is_read(verifier: JwtVerifier) -> None:
    refuse(verifier, signed(HEADER, PAYLOAD | {"pad": "x" * 50_000}))
    refuse(verifier, signed({**HEADER, "kid": "x" * 9000}, PAYLOAD))


def test_a_header_seen_before_does_not_vouch_for_its_signature(verifier: JwtVerifier) -> None:
    assert verifier.verify(token=signed(HEADER, PAYLOAD), now=NOW)
    refuse(verifier, signed(HEADER, PAYLOAD, key=OTHER))


def test_odd_spellings_of_a_header_do_not_fill_the_memory(verifier: JwtVerifier) -> None:
    for spaces in range(100):
        text = json.dumps(HEADER) + " " * spaces
        assert verifier.verify(token=signed(text, PAYLOAD), now=NOW)
    assert len(verifier._headers) <= 16


def test_both_keys_of_a_rotation_are_taken_and_the_first_signs() -> None:
    issuer = JwtIssuer(keys=key_set(OTHER, KEY), issuer="reprise", audience="reprise-api")
    both = JwtVerifier(
        keys=key_set(public(KEY), public(OTHER)), issuer="reprise", audience="reprise-api"
    )
    token = issuer.issue(claims=CLAIMS, now=NOW)
    assert jwt.get_unverified_header(token)["kid"] == "other"
    assert both.verify(token=token, now=NOW - 1) == CLAIMS
    assert both.verify(token=signed(HEADER, PAYLOAD), now=NOW).session_id == "session-1"


def test_a_token_has_exactly_the_header_and_claims_of_the_contract() -> None:
    issuer = JwtIssuer(keys=SIGNING, issuer="reprise", audience="reprise-api")
    token = issuer.issue(claims=CLAIMS, now=NOW)
    assert jwt.get_unverified_header(token) == HEADER
    payload = jwt.decode(token, options={"verify_signature": False})
    assert payload == PAYLOAD | {"exp": NOW}


@pytest.mark.parametrize(
    "keys",
    [
        "",
        "not json",
        "[]",
        "{}",
        '{"keys": []}',
        '{"keys": {}}',
        '{"keys": [null]}',
        key_set({**public(KEY), "kid": None}),
        key_set({**public(KEY), "alg": "HS256"}),
        key_set({"kty": "oct", "k": "c2VjcmV0", "kid": "a", "alg": "HS256"}),
        key_set({**public(KEY), "n": "!!"}),
        key_set(public(KEY), public(KEY)),
        SIGNING,
    ],
)
def test_a_bad_key_set_does_not_start_a_verifier(keys: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        JwtVerifier(keys=keys, issuer="reprise", audience="reprise-api")


@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
def test_a_short_key_does_not_start_a_verifier() -> None:
    short = key_set(public(make_key("short", bits=1024)))
    with pytest.raises(ValueError, match="2048"):
        JwtVerifier(keys=short, issuer="reprise", audience="reprise-api")


def test_a_public_key_does_not_sign() -> None:
    with pytest.raises(ValueError, match="private"):
        JwtIssuer(keys=VERIFYING, issuer="reprise", audience="reprise-api")
