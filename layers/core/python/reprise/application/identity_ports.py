"""What sign-in and sessions need of the outside; the rest of the ports stand in `ports`.

Every method may raise `UnavailableError` where its store is down, too slow or refuses.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from reprise.domain.attempts import Attempt
from reprise.domain.identity import Account, Claims, Device, PolicyFacts, Profile

ACCOUNTS_PER_ADDRESS = 3


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """An account with its profiles in their order."""

    account: Account
    password_hash: str
    profiles: Sequence[Profile]


@dataclass(frozen=True, slots=True)
class Credentials:
    """All of an account that a password is compared with."""

    account_id: str
    password_hash: str


class Accounts(Protocol):
    """Subscribers. An address does not name an account: its password tells which one is meant."""

    def credentials(self, *, email: str) -> Sequence[Credentials]:
        """Return what the accounts of a normalised address are proved by, oldest first."""
        ...

    def read(self, *, account_id: str) -> StoredAccount | None: ...

    def create(self, *, new: StoredAccount, known: Collection[str]) -> bool:
        """Keep a new account with its profiles, unless its address has one that is not `known`.

        Of two that try at once for one address, one is told False and looks again.
        """
        ...

    def change_password(
        self,
        *,
        account_id: str,
        old_hash: str,
        new_hash: str,
        keep: str,
        now: int,
        before_commit: Callable[[Sequence[str]], None],
    ) -> bool:
        """Change the password and revoke every session but `keep`; False where it is another now.

        `before_commit` gets the ids of the others; where it raises, nothing has changed.
        """
        ...


class Passwords(Protocol):
    def hash(self, *, password: str) -> str: ...

    def verify(self, *, password_hash: str | None, password: str) -> bool:
        """Compare; for None spends the same time and returns False."""
        ...


class Sessions(Protocol):
    """Live sessions. Without one here, a token proves nothing.

    A session has one key per profile it was used as, and one of the account's own while none is
    selected. Two of them may be the same key, so nothing but these methods should delete any.
    """

    def start(self, *, claims: Claims, device: Device, lifetime: int) -> None:
        """Make a session live for `lifetime` seconds."""
        ...

    def prove(self, *, claims: Claims) -> PolicyFacts | None:
        """Return the current policy of a live session, None where no profile is selected.

        Counts towards what the session may send.

        Raises:
            UnauthenticatedError: it is not live as these claims say.
            RateLimitedError: it has sent too much.
        """
        ...

    def leave(self, *, account_id: str, session_id: str, profile_id: str | None) -> None:
        """End the session as this profile; as another one it lives on."""
        ...

    def revoke(
        self, *, account_id: str, session_id: str, profile_ids: Collection[str | None]
    ) -> None:
        """End the session as any of these profiles; one that is not live stays so."""
        ...

    def set_policy(
        self, *, profile_id: str, session_ids: Collection[str], policy: PolicyFacts
    ) -> None:
        """Give those of these sessions that are live as this profile another policy."""
        ...


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session to keep; `country` is where it signs in, where known. Instants in Unix seconds."""

    id: str
    account_id: str
    device: Device
    refresh_token_hash: str
    country: str | None
    expires_at: int
    now: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A session about to be live, with its account as it is while nobody else can change it."""

    session_id: str
    device: Device
    stored: StoredAccount
    profile: Profile | None


@dataclass(frozen=True, slots=True)
class Rotated:
    """What became of a refresh token: `reused` says that its whole family was revoked for it."""

    entry: Entry
    reused: bool = False


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session that can be refreshed; instants in Unix seconds."""

    id: str
    device: Device
    created_at: int
    last_seen_at: int
    country: str | None


class SessionRecords(Protocol):
    """The durable half of sessions, and their refresh tokens.

    What a method is told to `enter` happens inside its transaction, while nobody can change the
    account, its profiles or the session: the live session agrees with them, and none is made live
    that was revoked meanwhile. Where it raises, nothing has changed; it may be called twice.
    """

    def open(
        self,
        *,
        session: NewSession,
        password_hash: str,
        choose: Callable[[StoredAccount, str | None], Profile | None],
        enter: Callable[[Entry], None],
    ) -> Entry:
        """Keep a session with its first refresh token; repeating changes nothing.

        `choose` gets the account and the id of the profile that this device had selected last.

        Raises:
            UnauthenticatedError: the account is gone or has another password by now.
        """
        ...

    def rotate(
        self,
        *,
        token_hash: str,
        new_hash: str,
        country: str | None,
        expires_at: int,
        now: int,
        enter: Callable[[Entry], None],
    ) -> Rotated | None:
        """Replace a refresh token by the next one, both good until `expires_at` at most.

        A token that was replaced already revokes its family; nothing is entered then. None where
        the token is unknown, has expired, or is of a revoked session.
        """
        ...

    def of_account(self, *, account_id: str, now: int) -> Sequence[SessionRecord]:
        """Return the newest 100 sessions that are neither revoked nor expired, newest first."""
        ...

    def revoke(self, *, account_id: str, session_id: str, now: int) -> bool:
        """Revoke a session and its refresh tokens; say whether it is one of this account.

        One that was revoked before is said to be, so that a revocation can be repeated.
        """
        ...

    def revoke_others(self, *, account_id: str, keep: str, now: int) -> Sequence[str]:
        """Revoke all but one; return them, with those that were revoked within the hour."""
        ...


class AttemptLimits(Protocol):
    """How often something secret may be tried. Keys are kept as hashes only."""

    def hit(self, *, kind: Attempt, key: str) -> int | None:
        """Count an attempt; return the seconds to wait where it is one too many, else None."""
        ...

    def clear(self, *, kind: Attempt, key: str) -> None:
        """Forget the attempts, because one of them succeeded."""
        ...


class TokenIssuer(Protocol):
    def issue(self, *, claims: Claims, now: int) -> str: ...


class TokenVerifier(Protocol):
    def verify(self, *, token: str, now: int) -> Claims:
        """Raises:
        UnauthenticatedError: bad signature, algorithm, key, audience, issuer or time.
        """
        ...
