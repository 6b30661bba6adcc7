"""CloudFront's signatures: byte for byte those of AWS's own signer, or verified with its key."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest
from botocore.signers import CloudFrontSigner as BotocoreSigner
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

from reprise.adapters.grants_cloudfront import CloudFrontSigner, HashName, policy_of
from reprise.domain.grants import Grant, SignedGrant, grant_of_title
from reprise.settings.environment import SettingsError
from tests.harness.grant_keys import GrantKey, ecdsa_key, rsa_key, signing_set

NOW = 1_795_000_000
MEDIA = "https://media.example/media"
HASHES: dict[str, HashAlgorithm] = {"SHA1": SHA1(), "SHA256": SHA256()}


def make_grant(title_id: str = "t-1", **overrides: Any) -> Grant:
    return grant_of_title(media_url=MEDIA, holder="h-1", title_id=title_id, now=NOW, **overrides)


GRANTS = [
    make_grant(),
    make_grant(starts_at=NOW),
    make_grant(network="192.0.2.0/24"),
    make_grant(starts_at=NOW + 1, network="192.0.2.10/32"),
    make_grant("Amélie & friends?/100%"),
]


def signer_of(key: GrantKey, hash_name: HashName = "SHA256") -> CloudFrontSigner:
    return CloudFrontSigner(keys=signing_set(key), setting="GRANT_KEYS", hash_name=hash_name)


def decode(text: str) -> bytes:
    return base64.b64decode(text.translate(str.maketrans("-_~", "+=/")), validate=True)


def botocore_of(sign: Callable[[bytes], bytes], key_id: str) -> BotocoreSigner:
    return BotocoreSigner(key_id, sign)


def instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def botocore_policy(signer: BotocoreSigner, grant: Grant) -> str:
    text: str = signer.build_policy(
        grant.resource,
        instant(grant.expires_at),
        date_greater_than=None if grant.starts_at is None else instant(grant.starts_at),
        ip_address=grant.network,
    )
    return text


@pytest.mark.parametrize("grant", GRANTS)
@pytest.mark.parametrize(
    ("hash_name", "extra"), [("SHA1", ""), ("SHA256", "&Hash-Algorithm=SHA256")]
)
def test_an_rsa_query_is_that_of_aws_own_signer_byte_for_byte(
    grant: Grant, hash_name: HashName, extra: str
) -> None:
    pair = rsa_key()
    assert isinstance(pair.key, rsa.RSAPrivateKey)
    key = pair.key
    theirs = botocore_of(
        lambda message: key.sign(message, padding.PKCS1v15(), HASHES[hash_name]), pair.id
    )
    url = "https://media.example/media/h-1/t-1/master.m3u8"
    wanted: str = theirs.generate_presigned_url(url, policy=botocore_policy(theirs, grant))
    ours = signer_of(pair, hash_name).sign(grant=grant)
    assert f"{url}?{ours.query}" == f"{wanted}{extra}"


@pytest.mark.parametrize("grant", GRANTS)
@pytest.mark.parametrize("hash_name", ["SHA1", "SHA256"])
def test_an_ecdsa_query_holds_aws_own_policy_and_a_signature_of_exactly_those_bytes(
    grant: Grant, hash_name: HashName
) -> None:
    pair = ecdsa_key()
    fields = dict(parse_qsl(signer_of(pair, hash_name).sign(grant=grant).query))
    policy = decode(fields["Policy"])
    assert policy == botocore_policy(botocore_of(lambda _: b"", pair.id), grant).encode()
    public = pair.key.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    signature = decode(fields["Signature"])
    public.verify(signature, policy, ec.ECDSA(HASHES[hash_name]))
    with pytest.raises(InvalidSignature):
        public.verify(signature, policy + b" ", ec.ECDSA(HASHES[hash_name]))


def test_cookies_carry_the_same_values_as_the_query_under_their_own_names() -> None:
    signed = signer_of(ecdsa_key()).sign(grant=make_grant())
    assert signed.cookies == {f"CloudFront-{name}": v for name, v in parse_qsl(signed.query)}
    assert list(signed.cookies) == [
        "CloudFront-Policy",
        "CloudFront-Signature",
        "CloudFront-Key-Pair-Id",
        "CloudFront-Hash-Algorithm",
    ]


def test_a_hash_that_is_the_default_of_the_edge_is_not_named() -> None:
    signed = signer_of(ecdsa_key(), "SHA1").sign(grant=make_grant())
    assert "Hash-Algorithm" not in signed.query
    assert "CloudFront-Hash-Algorithm" not in signed.cookies


def test_a_signed_grant_says_when_it_ends_and_when_to_fetch_the_next() -> None:
    grant = make_grant()
    signed: SignedGrant = signer_of(ecdsa_key()).sign(grant=grant)
    assert (signed.expires_at, signed.refresh_at) == (NOW + 3600, NOW + 1800)


@pytest.mark.parametrize("grant", GRANTS)
def test_nothing_of_a_query_needs_escaping_in_a_url_or_a_cookie(grant: Grant) -> None:
    signed = signer_of(ecdsa_key()).sign(grant=grant)
    for name, value in parse_qsl(signed.query):
        assert set(name + value) <= set(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~"
        )


def test_a_policy_has_no_white_space_and_leaves_out_what_is_not_asked_for() -> None:
    assert policy_of(make_grant("a b")) == (
        '{"Statement":[{"Resource":"https://media.example/media/h-1/a%20b/*",'
        '"Condition":{"DateLessThan":{"AWS:EpochTime":1795003600}}}]}'
    )


def test_a_canned_policy_is_for_one_url_and_never_what_a_title_is_signed_with() -> None:
    pair = rsa_key()
    assert isinstance(pair.key, rsa.RSAPrivateKey)
    key = pair.key
    theirs = botocore_of(lambda message: key.sign(message, padding.PKCS1v15(), SHA1()), pair.id)
    url = f"{MEDIA}/t-1/master.m3u8"
    canned: str = theirs.generate_presigned_url(url, date_less_than=instant(NOW + 3600))
    fields = dict(parse_qsl(canned.partition("?")[2]))
    assert list(fields) == ["Expires", "Signature", "Key-Pair-Id"], "no policy travels"
    ours = dict(parse_qsl(signer_of(pair, "SHA1").sign(grant=make_grant()).query))
    assert list(ours) == ["Policy", "Signature", "Key-Pair-Id"], "no expiry beside the policy"
    assert fields["Signature"] != ours["Signature"]
    one_file = Grant(resource=url, issued_at=NOW, expires_at=NOW + 3600)
    same = dict(parse_qsl(signer_of(pair, "SHA1").sign(grant=one_file).query))
    assert same["Signature"] == fields["Signature"], "a canned policy is implied, not different"


def test_the_first_key_signs_and_the_second_waits_for_its_turn() -> None:
    old, new = ecdsa_key("KOLD"), ecdsa_key("KNEW")
    before = CloudFrontSigner(keys=signing_set(old, new), setting="GRANT_KEYS")
    after = CloudFrontSigner(keys=signing_set(new, old), setting="GRANT_KEYS")
    assert "Key-Pair-Id=KOLD" in before.sign(grant=make_grant()).query
    assert "Key-Pair-Id=KNEW" in after.sign(grant=make_grant()).query


def _set(**fields: object) -> str:
    entry = {"id": "K1", "privateKey": ecdsa_key().private_pem} | fields
    return json.dumps({"keys": [entry]})


def _pem(key: Any) -> str:
    return GrantKey("K", key).private_pem


LOCKED = ecdsa_key().key.private_bytes(
    Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
)

BAD_KEYS = {
    "nothing": "",
    "no JSON": "-----BEGIN PRIVATE KEY-----",
    "generated": "kD83hf7",
    "a list": "[]",
    "null": "null",
    "no keys": '{"keys": []}',
    "keys of nothing": '{"keys": [null]}',
    "keys that are text": '{"keys": ["K1"]}',
    "no id": json.dumps({"keys": [{"privateKey": ecdsa_key().private_pem}]}),
    "no key": json.dumps({"keys": [{"id": "K1"}]}),
    "an id that is a PEM": _set(id=ecdsa_key().public_pem),
    "an empty id": _set(id=""),
    "an id of a number": _set(id=7),
    "a key that is a number": _set(privateKey=7),
    "a public key": _set(privateKey=ecdsa_key().public_pem),
    "half a key": _set(privateKey=ecdsa_key().private_pem[:120]),
    "a locked key": _set(privateKey=LOCKED.decode()),
    "a short RSA key": _set(privateKey=_pem(rsa.generate_private_key(65537, 1024))),
    "another curve": _set(privateKey=_pem(ec.generate_private_key(ec.SECP384R1()))),
    "one id twice": signing_set(ecdsa_key("K1"), ecdsa_key("K1")),
    "a bad second key": json.dumps(
        {
            "keys": [
                {"id": "K1", "privateKey": ecdsa_key().private_pem},
                {"id": "K2", "privateKey": "?"},
            ]
        }
    ),
}


@pytest.mark.parametrize("text", BAD_KEYS.values(), ids=BAD_KEYS.keys())
def test_keys_that_are_missing_or_can_not_be_used_stop_the_start_and_name_the_setting(
    text: str,
) -> None:
    with pytest.raises(SettingsError, match="GRANT_KEYS must hold") as refused:
        CloudFrontSigner(keys=text, setting="GRANT_KEYS")
    secret = ecdsa_key().private_pem.splitlines()[1]
    assert secret not in str(refused.value), "an error is logged; a key must not be"
