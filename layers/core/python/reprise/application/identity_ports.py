"""What sign-in and sessions need of the outside; the rest of the ports stand in `ports`.

Every method may raise `UnavailableError` where its store is down, too slow or refuses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from reprise.domain.identity import Account, Claims, Device, Profile


@dataclass(frozen=True, slots=True)
class StoredAccount:
    account: Account
    password_hash: str
    profiles: Sequence[Profile]


class Accounts(Protocol):
    def by_email(self, *, email: str) -> StoredAccount | None: ...

    def open_session(
        self,
        *,
        session_id: str,
        account_id: str,
        device: Device,
        refresh_token_hash: str,
        expires_at: int,
        now: int,
    ) -> None:
        """Keep a session and the hash of its first refresh token; instants in Unix seconds."""
        ...


class Passwords(Protocol):
    def verify(self, *, password_hash: str | None, password: str) -> bool:
        """Compare; for None spends the same time and returns False."""
        ...


class Sessions(Protocol):
    """Live sessions. Without one here, a token proves nothing."""

    def start(self, *, claims: Claims, device: Device, lifetime: int) -> None:
        """Make a session live for `lifetime` seconds."""
        ...

    def revoke(self, *, account_id: str, session_id: str, profile_id: str | None) -> None: ...


class TokenIssuer(Protocol):
    def issue(self, *, claims: Claims, now: int) -> str: ...


class TokenVerifier(Protocol):
    def verify(self, *, token: str, now: int) -> Claims:
        """Raises:
        UnauthenticatedError: bad signature, algorithm, key, audience, issuer or time.
        """
        ...
