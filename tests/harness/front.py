"""Everything that use cases about accounts and sessions reach, faked."""

from dataclasses import replace
from typing import Any

from reprise.application.identity_ports import StoredAccount
from reprise.application.log_in import log_in
from reprise.application.sign_in import Door, Secrets, SignedIn
from reprise.domain.identity import Account, Profile
from reprise.domain.profiles import Household, StoredProfile
from tests.builders import TV
from tests.fakes.accounts import FakeAccounts
from tests.fakes.attempts import FakeAttempts
from tests.fakes.passwords import FakePasswords
from tests.fakes.profiles import FakeProfiles
from tests.fakes.session_records import FakeSessionRecords
from tests.fakes.sessions import FakeSessions
from tests.fakes.tokens import FakeTokens

NOW = 1_795_000_000


class Front:
    """Every port faked, and one account: ada@example.org, `open sesame`. Ids and secrets count.

    A profile that has a PIN has 4821.
    """

    def __init__(self, *profiles: Profile) -> None:
        self.now = NOW
        account = Account(id="account-1", email="ada@example.org", plan="standard", region="GB")
        self.stored = StoredAccount(account, "hashed:open sesame", profiles)
        self.accounts = FakeAccounts(self.stored)
        self.records = FakeSessionRecords(self.accounts)
        kept = [StoredProfile(p, "hashed:4821" if p.has_pin else None, 1) for p in profiles]
        self.profiles = FakeProfiles(Household(account, kept))
        self.passwords = FakePasswords()
        self.sessions = FakeSessions()
        self.tokens = FakeTokens()
        self.attempts = FakeAttempts(clock=lambda: self.now)
        self._made = {"session": 0, "secret": 0}
        self.secrets = Secrets(
            new_id=lambda: self._next("session"), new_secret=lambda: self._next("secret")
        )

    def door(self, *, country: str | None = None) -> Door:
        return Door(sessions=self.sessions, issuer=self.tokens, country=country, now=self.now)

    def log_in(self, **overrides: Any) -> SignedIn:
        """Sign in on the television, with parts of the request or ports changed."""
        values: dict[str, Any] = {
            "email": "ada@example.org",
            "password": "open sesame",
            "device": TV,
            "profile_id": None,
            "pin": None,
            "network": "203.0.113.7",
            "accounts": self.accounts,
            "profiles": self.profiles,
            "passwords": self.passwords,
            "records": self.records,
            "attempts": self.attempts,
            "door": self.door(),
            "secrets": self.secrets,
        }
        return log_in(**(values | overrides))

    def add(
        self, account_id: str, *, password: str, email: str = "ada@example.org"
    ) -> StoredAccount:
        """Put another account there, without profiles."""
        account = replace(self.stored.account, id=account_id, email=email)
        added = StoredAccount(account, f"hashed:{password}", ())
        self.accounts.stored[account_id] = added
        return added

    def _next(self, what: str) -> str:
        self._made[what] += 1
        return f"{what}-{self._made[what]}"
