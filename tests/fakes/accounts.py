"""`Accounts` in memory."""

from dataclasses import dataclass

from reprise.application.identity_ports import StoredAccount
from reprise.domain.errors import UnavailableError
from reprise.domain.identity import Device


@dataclass(frozen=True, slots=True)
class KeptSession:
    """What an account store keeps of a session."""

    account_id: str
    device: Device
    refresh_token_hash: str
    expires_at: int
    opened_at: int


class FakeAccounts:
    """Holds accounts and sessions; `down` makes it fail as a database that is away."""

    def __init__(self, *accounts: StoredAccount) -> None:
        self._accounts = {stored.account.email: stored for stored in accounts}
        self.sessions: dict[str, KeptSession] = {}
        self.down = False

    def by_email(self, *, email: str) -> StoredAccount | None:
        self._answer()
        return self._accounts.get(email)

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
        self._answer()
        kept = KeptSession(account_id, device, refresh_token_hash, expires_at, now)
        self.sessions.setdefault(session_id, kept)

    def _answer(self) -> None:
        if self.down:
            raise UnavailableError("the account and catalog store does not answer")
