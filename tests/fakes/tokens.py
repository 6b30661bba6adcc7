"""`TokenIssuer` and `TokenVerifier` that remember what they issued instead of signing it."""

from reprise.domain.errors import UnauthenticatedError
from reprise.domain.identity import Claims

LEEWAY_SECONDS = 5


class FakeTokens:
    """Issues `token-1`, `token-2` … and proves only those, in their time."""

    def __init__(self) -> None:
        self.issued: dict[str, tuple[Claims, int]] = {}

    def issue(self, *, claims: Claims, now: int) -> str:
        token = f"token-{len(self.issued) + 1}"
        self.issued[token] = (claims, now)
        return token

    def verify(self, *, token: str, now: int) -> Claims:
        if token not in self.issued:
            raise UnauthenticatedError("the access token is not valid")
        claims, issued_at = self.issued[token]
        if not issued_at - LEEWAY_SECONDS <= now < claims.expires_at + LEEWAY_SECONDS:
            raise UnauthenticatedError("the access token is not valid")
        return claims
