"""Tokens that are not wholly ours, against every route that asks for one (OWASP API2 of 2023)."""

import base64
import json
from collections.abc import Callable
from uuid import uuid4

import jwt
import pytest

from infra_cdk.kinds import Access, Route
from infra_cdk.routes import ROUTES
from reprise.adapters.tokens_pyjwt import JwtIssuer
from reprise.domain.identity import Claims
from tests.bad_input.attacks import named, send_in_vain, with_token
from tests.harness.functions import World
from tests.harness.keys import SIGNING, VERIFYING

PROVED = [route for route in ROUTES if route.access is not Access.PUBLIC]


def _segment(document: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def _with_header(token: str, **changed: object) -> str:
    _, payload, signature = token.split(".")
    header = jwt.get_unverified_header(token) | changed
    kept = {name: value for name, value in header.items() if value is not None}
    return f"{_segment(kept)}.{payload}.{signature}"


def _issued(
    world: World, *, issuer: str = "reprise", audience: str = "reprise-api", at: int
) -> str:
    claims = Claims(
        account_id=world.viewer.account_id,
        session_id=world.viewer.session_id,
        profile_id=world.viewer.profile_id,
        policy=world.viewer.policy,
        expires_at=at + 900,
    )
    return JwtIssuer(keys=SIGNING, issuer=issuer, audience=audience).issue(claims=claims, now=at)


def _shared_secret(world: World) -> str:
    head, payload, _ = world.token().split(".")
    claims = jwt.decode(f"{head}.{payload}.", options={"verify_signature": False})
    header = {"kid": jwt.get_unverified_header(world.token())["kid"], "typ": "at+jwt"}
    key = base64.b64encode(VERIFYING.encode()).decode()
    return jwt.encode(claims, key, algorithm="HS256", headers=header)


BAD_TOKENS: dict[str, Callable[[World], str]] = {
    "no algorithm": lambda world: _with_header(world.token(), alg="none"),
    "HMAC with the public key": _shared_secret,
    "a key by path": lambda world: _with_header(world.token(), kid="../../../../dev/null"),
    "a key by address": lambda world: _with_header(world.token(), kid="http://169.254.169.254/"),
    "a key it brings": lambda world: _with_header(world.token(), jwk={"kty": "oct", "k": "AA"}),
    "keys from elsewhere": lambda world: _with_header(world.token(), jku="http://127.0.0.1/jwks"),
    "no key": lambda world: _with_header(world.token(), kid=None),
    "another type": lambda world: _with_header(world.token(), typ="JWT"),
    "another issuer": lambda world: _issued(world, issuer="reprise.example", at=world.now),
    "another audience": lambda world: _issued(world, audience="reprise", at=world.now),
    "expired": lambda world: _issued(world, at=world.now - 86_400),
    "not yet valid": lambda world: _issued(world, at=world.now + 3_600),
    "fifty kilobytes": lambda world: world.token() + "A" * 50_000,
    "five dots": lambda _: "a.b.c.d.e.f",
    "an ended session": lambda world: world.token(session_id=str(uuid4())),
    "another's session": lambda world: world.token(account_id=str(uuid4())),
}


@pytest.mark.parametrize("attack", BAD_TOKENS)
@pytest.mark.parametrize("route", PROVED, ids=named)
def test_no_route_takes_a_token_that_is_not_wholly_ours(route: Route, attack: str) -> None:
    """API2: broken authentication."""
    world = World()
    answer = send_in_vain(world, route, with_token(BAD_TOKENS[attack](world)))
    assert (answer.status, answer.body["type"]) == (401, "/problems/unauthenticated")
    assert "169.254" not in answer.log
