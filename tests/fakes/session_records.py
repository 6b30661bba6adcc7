"""`SessionRecords` in memory, beside the accounts that they are of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from reprise.application.identity_ports import (
    Entry,
    NewSession,
    Rotated,
    SessionRecord,
    StoredAccount,
)
from reprise.domain.errors import UnauthenticatedError, UnavailableError
from reprise.domain.identity import Device, Profile
from tests.fakes.accounts import FakeAccounts

HOUR = 3600


@dataclass(frozen=True, slots=True)
class KeptSession:
    """What is kept of a session. `revoked_at` is None while it is not revoked."""

    account_id: str
    profile_id: str | None
    device: Device
    country: str | None
    created_at: int
    last_seen_at: int
    expires_at: int
    revoked_at: int | None = None


@dataclass(frozen=True, slots=True)
class KeptToken:
    """What is kept of a refresh token, by its hash."""

    session_id: str
    expires_at: int
    used: bool = False


class FakeSessionRecords:
    """Holds sessions and tokens; `down` makes it fail as a database that is away."""

    def __init__(self, accounts: FakeAccounts) -> None:
        self.accounts = accounts
        accounts.sessions = self
        self.sessions: dict[str, KeptSession] = {}
        self.tokens: dict[str, KeptToken] = {}
        self.down = False

    def keep(self, session_id: str, session: KeptSession, *, token_hash: str) -> None:
        """Put a session there as if it had been opened."""
        self.sessions[session_id] = session
        self.tokens[token_hash] = KeptToken(session_id, session.expires_at)

    def open(
        self,
        *,
        session: NewSession,
        password_hash: str,
        choose: Callable[[StoredAccount, str | None], Profile | None],
        enter: Callable[[Entry], None],
    ) -> Entry:
        self._answer()
        stored = self.accounts.stored.get(session.account_id)
        if stored is None or stored.password_hash != password_hash:
            raise UnauthenticatedError("the account has changed; sign in again")
        profile = choose(stored, self._remembered(session))
        entry = Entry(session.id, session.device, stored, profile)
        enter(entry)
        kept = KeptSession(
            account_id=session.account_id,
            profile_id=profile.id if profile else None,
            device=session.device,
            country=session.country,
            created_at=session.now,
            last_seen_at=session.now,
            expires_at=session.expires_at,
        )
        self.sessions.setdefault(session.id, kept)
        token = KeptToken(session.id, session.expires_at)
        self.tokens.setdefault(session.refresh_token_hash, token)
        return entry

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
        self._answer()
        token = self.tokens.get(token_hash)
        session = self.sessions.get(token.session_id) if token else None
        stored = self.accounts.stored.get(session.account_id) if session else None
        if token is None or session is None or stored is None:
            return None
        profile = next((p for p in stored.profiles if p.id == session.profile_id), None)
        entry = Entry(token.session_id, session.device, stored, profile)
        if token.used and new_hash not in self.tokens:
            self.revoke(account_id=session.account_id, session_id=token.session_id, now=now)
            return Rotated(entry, reused=True)
        if session.revoked_at is not None or min(session.expires_at, token.expires_at) <= now:
            return None
        enter(entry)
        self.tokens[token_hash] = replace(token, used=True)
        self.tokens.setdefault(new_hash, KeptToken(token.session_id, expires_at))
        self.sessions[token.session_id] = replace(
            session, last_seen_at=now, expires_at=expires_at, country=country or session.country
        )
        return Rotated(entry)

    def of_account(self, *, account_id: str, now: int) -> Sequence[SessionRecord]:
        self._answer()
        found = [
            SessionRecord(session_id, each.device, each.created_at, each.last_seen_at, each.country)
            for session_id, each in self.sessions.items()
            if each.account_id == account_id and each.revoked_at is None and each.expires_at > now
        ]
        return sorted(found, key=lambda record: (-record.created_at, record.id))[:100]

    def revoke(self, *, account_id: str, session_id: str, now: int) -> bool:
        self._answer()
        session = self.sessions.get(session_id)
        if session is None or session.account_id != account_id:
            return False
        if session.revoked_at is None:
            self.sessions[session_id] = replace(session, revoked_at=now)
        return True

    def revoke_others(self, *, account_id: str, keep: str, now: int) -> Sequence[str]:
        self._answer()
        others = [
            session_id
            for session_id, each in self.sessions.items()
            if each.account_id == account_id
            and session_id != keep
            and each.expires_at > now
            and (each.revoked_at is None or each.revoked_at > now - HOUR)
        ]
        for session_id in others:
            self.revoke(account_id=account_id, session_id=session_id, now=now)
        return others

    def _remembered(self, session: NewSession) -> str | None:
        seen = [
            (each.last_seen_at, each.created_at, each.profile_id)
            for each in self.sessions.values()
            if (each.account_id, each.device.id) == (session.account_id, session.device.id)
        ]
        last = max(seen, key=lambda each: each[:2])[2] if seen else None
        profiles = self.accounts.stored[session.account_id].profiles
        return last if any(profile.id == last for profile in profiles) else None

    def _answer(self) -> None:
        if self.down:
            raise UnavailableError("the account and catalog store does not answer")
