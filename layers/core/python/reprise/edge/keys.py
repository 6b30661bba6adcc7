"""The public keys of access tokens on the wire (RFC 7517)."""

import json
from typing import Annotated, Any, Literal, TypedDict

from pydantic import Field, TypeAdapter

from reprise.edge.responses import Reply

CACHED_SECONDS = 300
"""A new key is published this long before it signs."""


class PublicKeyBody(TypedDict):
    """A public RSA key; `n` and `e` are base64url numbers."""

    kty: Literal["RSA"]
    kid: Annotated[str, Field(examples=["2026-11-21-a"])]
    alg: Literal["RS256"]
    use: Literal["sig"]
    n: str
    e: Annotated[str, Field(examples=["AQAB"])]


class KeySetBody(TypedDict):
    """Every key that a sound access token may be signed by."""

    keys: list[PublicKeyBody]


KEYS: TypeAdapter[Any] = TypeAdapter(KeySetBody)


def published(jwks: str) -> Reply:
    """Answer the public half of a key set, and only that, whatever else stands in it."""
    body: KeySetBody = {
        "keys": [
            {
                "kty": "RSA",
                "kid": key["kid"],
                "alg": "RS256",
                "use": "sig",
                "n": key["n"],
                "e": key["e"],
            }
            for key in json.loads(jwks)["keys"]
        ]
    }
    return Reply(
        status=200,
        body=KEYS.serializer.to_json(body).decode(),
        headers={"Cache-Control": f"public, max-age={CACHED_SECONDS}"},
    )
