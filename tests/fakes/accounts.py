"""`Accounts` in memory."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Protocol

from reprise.application.identity_ports import ACCOUNTS_PER_ADDRESS, Credentials, StoredAccount
from reprise.domain.errors import UnavailableError


class Revoking(Protocol):
    """The part of a session store that a changed password needs."""

    def revoke_others(self, *, account_id: str, keep: str, now: int) -> Sequence[str]: ...


class FakeAccounts:
    """Holds accounts by id; `down` makes it fail as a database that is away.

    `sessions` is whose sessions a changed password ends; `before_create` runs as another sign-up
    would between looking and creating.
    """

    def __init__(self, *accounts: StoredAccount) -> None:
        self.stored = {each.account.id: each for each in accounts}
        self.down = False
        self.sessions: Revoking | None = None
        self.before_create: Callable[[], None] = lambda: None

    def credentials(self, *, email: str) -> Sequence[Credentials]:
        self._answer()
        found = [each for each in self.stored.values() if each.account.email == email]
        return [
            Credentials(each.account.id, each.password_hash)
            for each in found[:ACCOUNTS_PER_ADDRESS]
        ]

    def read(self, *, account_id: str) -> StoredAccount | None:
        self._answer()
        return self.stored.get(account_id)

    def create(self, *, new: StoredAccount, known: Collection[str]) -> bool:
        self._answer()
        self.before_create()
        there = {each.account_id for each in self.credentials(email=new.account.email)}
        if there - {*known, new.account.id}:
            return False
        self.stored.setdefault(new.account.id, new)
        return True

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
        self._answer()
        stored = self.stored.get(account_id)
        if stored is None or stored.password_hash != old_hash:
            return False
        assert self.sessions is not None
        before_commit(self.sessions.revoke_others(account_id=account_id, keep=keep, now=now))
        self.stored[account_id] = replace(stored, password_hash=new_hash)
        return True

    def _answer(self) -> None:
        if self.down:
            raise UnavailableError("the account and catalog store does not answer")
