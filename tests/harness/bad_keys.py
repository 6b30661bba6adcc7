"""What the secret of a signer may hold instead of keys, with a word of what is said of it."""

import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.harness.grant_keys import ecdsa_key, signing_set
from tests.harness.keys import KEY, SIGNING, VERIFYING, key_set, make_key


def _grant(*changes: Mapping[str, Any]) -> str:
    """Return one key a change, named K1, K2 …"""
    keys = [
        {"id": f"K{number}", "privateKey": ecdsa_key().private_pem, **change}
        for number, change in enumerate(changes, start=1)
    ]
    return json.dumps({"keys": keys})


def _curve() -> str:
    key = ec.generate_private_key(ec.SECP384R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _without(name: str) -> dict[str, Any]:
    return {field: value for field, value in KEY.items() if field != name}


PEM = ecdsa_key().private_pem

BAD_GRANT_KEYS: Mapping[str, tuple[str, str]] = {
    "nothing but space": (" \n", "is empty"),
    "no JSON": ("kX3$fresh-from-the-template", "it is not JSON"),
    "a PEM as it is": (PEM, "it is not JSON"),
    "another document": ('{"username": "reprise"}', "it has no list of keys"),
    "a list": ("[]", "it has no list of keys"),
    "no keys": ('{"keys": []}', "at least one key"),
    "keys of access tokens": (SIGNING, "key 1: its id must be text"),
    "fields the wrong way round": (_grant({"id": PEM, "privateKey": "K1"}), "letters and digits"),
    "a public key": (_grant({"privateKey": ecdsa_key().public_pem}), "key 1: "),
    "half a key": (_grant({"privateKey": PEM[:100]}), "key 1: "),
    "another curve": (_grant({"privateKey": _curve()}), "RSA 2048 or ECDSA P-256"),
    "one id twice": (signing_set(ecdsa_key("K1"), ecdsa_key("K1")), "an id of its own"),
    "a good and two bad ones": (
        _grant({}, {"id": "not one"}, {"privateKey": None}),
        "key 2: its id must be letters and digits, key 3: its privateKey must be text",
    ),
}

BAD_TOKEN_KEYS: Mapping[str, tuple[str, str]] = {
    "nothing but space": (" \n", "is empty"),
    "no JSON": ("kX3$fresh-from-the-template", "must be JSON with `keys`"),
    "another document": ('{"username": "reprise"}', "must be JSON with `keys`"),
    "no keys": ('{"keys": []}', "must hold keys"),
    "keys of grants": (signing_set(ecdsa_key()), "must be for RS256"),
    "public keys": (VERIFYING, "must be private"),
    "a short key": (key_set(make_key("short", bits=1024)), "shorter than 2048 bits"),
    "of another algorithm": (key_set(KEY | {"alg": "PS512"}), "must be for RS256"),
    "of another kind": (key_set(KEY | {"kty": "EC"}), "must be for RS256"),
    "half a key": (key_set(_without("q")), "can't be read"),
    "a damaged key": (key_set(KEY | {"d": KEY["d"][:-8]}), "can't be read"),
    "a number for a key": (key_set(KEY | {"d": 7}), "can't be read"),
    "nameless": (key_set(_without("kid")), "needs a kid"),
}
