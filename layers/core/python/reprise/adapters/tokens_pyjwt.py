"""Access tokens as RS256 JSON Web Tokens (RFC 9068), issued at log-in and proved in each function.

Keys become objects once, at construction: proving a token is one signature check and no I/O. The
header must be exactly what the issuer writes, which leaves no room for other algorithms, embedded
or remote keys. PyJWT reads each header once and checks every signature; the rest is read here, in
half of the time that PyJWT takes, and times are checked against the caller's `now`.
"""

import binascii
import json
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from reprise.domain.errors import UnauthenticatedError
from reprise.domain.identity import Claims, PolicyFacts

ALGORITHM = "RS256"
TYPE = "at+jwt"
LEEWAY_SECONDS = 5
TOKEN_LIMIT = 8 * 1024
MINIMUM_KEY_BITS = 2048
HEADER_NAMES = {"alg", "kid", "typ"}
REFUSAL = "the access token is not valid"
HEADERS_REMEMBERED = 16


class JwtIssuer:
    """The port `TokenIssuer`. `keys` is a private JWK set as JSON; the first key signs.

    Raises `ValueError` at construction where the set has no usable key.
    """

    def __init__(self, *, keys: str, issuer: str, audience: str) -> None:
        first = _key_set(keys)[0]
        self._key = _private_key(first)
        self._headers = {"kid": _kid(first), "typ": TYPE}
        self._issuer = issuer
        self._audience = audience

    def issue(self, *, claims: Claims, now: int) -> str:
        payload: dict[str, Any] = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": claims.account_id,
            "sid": claims.session_id,
            "iat": now,
            "nbf": now,
            "exp": claims.expires_at,
        }
        if claims.profile_id is not None and claims.policy is not None:
            payload |= {"pid": claims.profile_id, "pol": claims.policy.encode()}
        return jwt.encode(payload, self._key, algorithm=ALGORITHM, headers=self._headers)


class JwtVerifier:
    """The port `TokenVerifier`. `keys` is the public JWK set as JSON.

    Raises `ValueError` at construction where the set holds a private or an unusable key: it is
    configuration of every function, and a bad one must fail the deployment.
    """

    def __init__(self, *, keys: str, issuer: str, audience: str) -> None:
        self._keys = _public_keys(keys)
        self._issuer = issuer
        self._audience = audience
        self._jws = jwt.PyJWS(algorithms=[ALGORITHM])
        self._rs256 = RSAAlgorithm(RSAAlgorithm.SHA256)
        self._headers: dict[str, RSAPublicKey] = {}

    def verify(self, *, token: str, now: int) -> Claims:
        """Return what the token proves at `now`, Unix seconds.

        Raises:
            UnauthenticatedError: whatever is wrong with it, with the same message.
        """
        if len(token) > TOKEN_LIMIT:
            raise UnauthenticatedError(REFUSAL)
        try:
            header, payload, signature = token.split(".")
            key = self._headers.get(header) or self._key_of(token, header)
            if not self._rs256.verify(f"{header}.{payload}".encode(), key, _octets(signature)):
                raise UnauthenticatedError(REFUSAL)
            return self._claims(json.loads(_octets(payload).decode()), now=now)
        except (jwt.PyJWTError, KeyError, TypeError, ValueError, RecursionError) as error:
            raise UnauthenticatedError(REFUSAL) from error

    def _key_of(self, token: str, segment: str) -> RSAPublicKey:
        """Return the key that the header names, and remember it for the few headers in use."""
        header = self._jws.get_unverified_header(token)
        if header.keys() != HEADER_NAMES or header["alg"] != ALGORITHM or header["typ"] != TYPE:
            raise ValueError("the header is not of our tokens")
        key = self._keys[header["kid"]]
        if len(self._headers) < HEADERS_REMEMBERED:
            self._headers[segment] = key
        return key

    def _claims(self, payload: Any, *, now: int) -> Claims:
        if payload["iss"] != self._issuer or payload["aud"] != self._audience:
            raise ValueError("the token is for someone else")
        expires_at = _instant(payload["exp"])
        starts_at = max(_instant(payload["nbf"]), _instant(payload["iat"]))
        if not starts_at - LEEWAY_SECONDS <= now < expires_at + LEEWAY_SECONDS:
            raise ValueError("the token is not of this time")
        has_profile = "pid" in payload or "pol" in payload
        return Claims(
            account_id=_name(payload["sub"]),
            session_id=_name(payload["sid"]),
            profile_id=_name(payload["pid"]) if has_profile else None,
            policy=PolicyFacts.decode(_name(payload["pol"])) if has_profile else None,
            expires_at=expires_at,
        )


_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_NOT_BASE64URL = b"+/="


def _octets(segment: str) -> bytes:
    """Return the octets of base64url without padding; anything else raises `ValueError`."""
    standard = segment.encode().translate(_TO_STANDARD, _NOT_BASE64URL)
    if len(standard) != len(segment):
        raise ValueError("the segment is not base64url")
    return binascii.a2b_base64(standard + b"=" * (-len(standard) % 4), strict_mode=True)


def _key_set(text: str) -> list[dict[str, Any]]:
    try:
        keys = json.loads(text)["keys"]
    except (TypeError, KeyError, ValueError) as error:
        raise ValueError("the JWK set must be JSON with `keys`") from error
    if not isinstance(keys, list) or not keys or not all(isinstance(key, dict) for key in keys):
        raise ValueError("the JWK set must hold keys")
    return keys


def _private_key(entry: Mapping[str, Any]) -> RSAPrivateKey:
    if entry.get("kty") != "RSA" or entry.get("alg", ALGORITHM) != ALGORITHM:
        raise ValueError("the signing key must be for RS256")
    try:
        key = RSAAlgorithm.from_jwk(dict(entry))
    except (jwt.PyJWTError, TypeError, ValueError) as error:
        raise ValueError(f"the signing key can't be read: {error}") from error
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("the signing key must be private")  # noqa: TRY004  # bad settings
    if key.key_size < MINIMUM_KEY_BITS:
        raise ValueError(f"the signing key is shorter than {MINIMUM_KEY_BITS} bits")
    return key


def _public_keys(text: str) -> Mapping[str, RSAPublicKey]:
    keys: dict[str, RSAPublicKey] = {}
    for entry in _key_set(text):
        if entry.get("kty") != "RSA" or entry.get("alg", ALGORITHM) != ALGORITHM:
            raise ValueError("every key of the JWK set must be for RS256")
        key = RSAAlgorithm.from_jwk(entry)
        if not isinstance(key, RSAPublicKey):
            raise ValueError("verifiers must not hold private keys")  # noqa: TRY004  # bad settings
        if key.key_size < MINIMUM_KEY_BITS:
            raise ValueError(f"a key of the JWK set is shorter than {MINIMUM_KEY_BITS} bits")
        if _kid(entry) in keys:
            raise ValueError("two keys of the JWK set share a kid")
        keys[_kid(entry)] = key
    return keys


def _kid(entry: Mapping[str, Any]) -> str:
    kid = entry.get("kid")
    if not isinstance(kid, str) or not kid:
        raise ValueError("every key of the JWK set needs a kid")
    return kid


def _instant(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("instants are whole seconds")
    return value


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("ids are text")
    return value
