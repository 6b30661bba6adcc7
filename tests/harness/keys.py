"""Signing keys of the tests, made anew in every run."""

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

_PRIVATE_FIELDS = {"d", "p", "q", "dp", "dq", "qi", "key_ops"}


def make_key(kid: str, *, bits: int = 2048) -> dict[str, Any]:
    """Return a private JWK."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    facts: dict[str, Any] = RSAAlgorithm.to_jwk(key, as_dict=True)
    return {**facts, "kid": kid, "alg": "RS256", "use": "sig"}


def public(key: dict[str, Any]) -> dict[str, Any]:
    """Return its public half."""
    return {name: value for name, value in key.items() if name not in _PRIVATE_FIELDS}


def key_set(*keys: dict[str, Any]) -> str:
    """Return the JWK set of these keys as JSON."""
    return json.dumps({"keys": list(keys)})


KEY = make_key("test-1")
SIGNING = key_set(KEY)
VERIFYING = key_set(public(KEY))
