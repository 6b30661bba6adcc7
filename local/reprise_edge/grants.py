"""Proves that a request may have a signed file: CloudFront's published rules, and no others.

A URL with any of the five parameters is a signed URL, and cookies are not looked at. The signature
is over the policy's bytes: those that travel (custom), or those that `Expires` and the URL imply
(canned). SHA-1 unless `Hash-Algorithm` says SHA256.
"""

import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from reprise_edge.policies import Policy, canned_policy, parse_policy
from reprise_edge.refusals import (
    access_denied,
    malformed_policy,
    malformed_signature,
    missing_key,
    unknown_key,
)

NAMES = ("Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm")
COOKIE_PREFIX = "CloudFront-"
GRANTS_REMEMBERED = 10_000
_HASHES: Mapping[str, HashAlgorithm] = {
    "SHA1": SHA1(),  # noqa: S303  # CloudFront's default
    "SHA256": SHA256(),
}
_FROM_EDGE = str.maketrans("-_~", "+=/")

type PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
type Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Presented:
    """A grant as a request shows it: its fields, and the query without them."""

    fields: Fields
    own_query: str


def presented(*, query: str, cookies: str) -> Presented:
    """Return what a request shows, from its query or else from its cookies.

    Raises:
        RefusedError: a parameter stands twice.
    """
    own: list[str] = []
    found: dict[str, str] = {}
    for part in query.split("&") if query else ():
        name, _, value = part.partition("=")
        if name not in NAMES:
            own.append(part)
        elif name in found:
            raise malformed_policy()
        else:
            found[name] = unquote(value)
    return Presented(fields=found or _from_cookies(cookies), own_query="&".join(own))


def _from_cookies(header: str) -> Fields:
    """Return the fields of the first cookie of each name: the one of the longest path."""
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        field = name.removeprefix(COOKIE_PREFIX)
        if name != field and field in NAMES:
            found.setdefault(field, value)
    return found


class KeyGroup:
    """The public keys that a distribution trusts, by key pair id.

    Raises `ValueError` at construction where one is neither RSA 2048 nor ECDSA P-256.
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = {key_id: _public_key(pem) for key_id, pem in keys.items()}
        self._proved = lru_cache(maxsize=GRANTS_REMEMBERED)(self._prove)

    def check(self, *, grant: Presented, base_url: str, address: str, now: float) -> None:
        """Let a request for `base_url` (scheme, host and path as sent) pass.

        Raises:
            RefusedError: it shows no grant, or one that is not for it.
        """
        url = f"{base_url}?{grant.own_query}" if grant.own_query else base_url
        fields = grant.fields
        key_id = fields.get("Key-Pair-Id")
        if not key_id:
            raise missing_key()
        if key_id not in self._keys:
            raise unknown_key()
        hash_name = fields.get("Hash-Algorithm", "SHA1")
        if hash_name not in _HASHES or not fields.get("Signature"):
            raise access_denied()
        policy = self._proved(_policy(fields, url), fields["Signature"], key_id, hash_name)
        policy.check(url=url, address=address, now=now)

    def _prove(self, policy: bytes, signature: str, key_id: str, hash_name: str) -> Policy:
        octets = _octets(signature)
        if octets is None:
            raise malformed_signature()
        try:
            _verify(self._keys[key_id], octets, policy, _HASHES[hash_name])
        except InvalidSignature as error:
            raise access_denied() from error
        return parse_policy(policy)


def _policy(fields: Fields, url: str) -> bytes:
    """Return the bytes that must have been signed."""
    custom, expires = fields.get("Policy"), fields.get("Expires")
    if custom and expires is None:
        policy = _octets(custom)
        if policy is None:
            raise malformed_policy()
        return policy
    if custom is not None or expires is None:
        raise malformed_policy()  # both kinds at once, or neither
    if not (expires.isascii() and expires.isdigit() and len(expires) <= 12):
        raise malformed_policy()
    return canned_policy(url=url, ends_at=int(expires))


def _octets(text: str) -> bytes | None:
    """Undo CloudFront's base64, or return None: `+`, `=` and `/` are no letters of it."""
    if not text or set(text) & set("+=/"):
        return None
    try:
        return binascii.a2b_base64(text.translate(_FROM_EDGE), strict_mode=True)
    except (binascii.Error, ValueError):
        return None


def _verify(key: PublicKey, signature: bytes, message: bytes, algorithm: HashAlgorithm) -> None:
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, message, ec.ECDSA(algorithm))
    else:
        key.verify(signature, message, padding.PKCS1v15(), algorithm)


def _public_key(pem: str) -> PublicKey:
    key = load_pem_public_key(pem.encode())
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    if isinstance(key, rsa.RSAPublicKey) and key.key_size == 2048:
        return key
    raise ValueError("a key of the key group must be RSA 2048 or ECDSA P-256")
