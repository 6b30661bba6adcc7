"""Who may call a route: each declares `public`, `account` or `viewer`, and this proves it.

The token is proved here, with no I/O. That its session is still live is proved by a viewer route's
one Redis round trip, so a revocation works at once and costs nothing extra; a route of the account
has no such trip, and gets one here.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Literal, Protocol

from reprise.application.identity_ports import Sessions, TokenVerifier
from reprise.domain.errors import UnauthenticatedError
from reprise.domain.identity import Viewer
from reprise.domain.policy import ForbiddenError
from reprise.edge.http import Request

type Access = Literal["public", "account", "viewer"]

TOKEN_LIMIT = 4096
_BEARER = re.compile(r"[Bb]earer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)")


class Prover(Protocol):
    """The part of a route's wiring that proves tokens, and says when."""

    @property
    def tokens(self) -> TokenVerifier: ...

    @property
    def sessions(self) -> Sessions: ...

    @property
    def clock(self) -> Callable[[], float]:
        """Returns Unix seconds."""
        ...


def prove(
    request: Request, *, access: Access, prover: Prover | None, kids_may: bool = False
) -> None:
    """Put the proved caller on the request.

    Raises:
        UnauthenticatedError: there is no bearer token, or it proves nothing, or, on a route of the
            account, its session is not live any more.
        RateLimitedError: on a route of the account, its session has sent too much.
        ForbiddenError: the route needs a profile and every profile of the account waits for its
            PIN: the token carries none. Or it is the account's, and the profile a kid's.
    """
    if access == "public":
        return
    if prover is None:
        raise TypeError(f"a route with access {access!r} needs wiring that proves tokens")
    claims = prover.tokens.verify(token=_bearer(request), now=request.now)
    request.claims = claims
    if access == "account":
        policy = prover.sessions.prove(claims=claims)
        request.claims = replace(claims, policy=policy)
        if policy is not None and policy.kids and not kids_may:
            raise ForbiddenError("a kids profile can't reach the account", reason="kids")
        return
    if claims.profile_id is None or claims.policy is None:
        raise ForbiddenError("select a profile first", reason="pin")
    request.proved = Viewer(
        account_id=claims.account_id,
        session_id=claims.session_id,
        profile_id=claims.profile_id,
        policy=claims.policy,
    )


def _bearer(request: Request) -> str:
    header = request.headers.get("authorization", "")
    found = _BEARER.fullmatch(header) if len(header) <= TOKEN_LIMIT else None
    if found is None:
        raise UnauthenticatedError("send Authorization: Bearer <access token>")
    return found[1]
