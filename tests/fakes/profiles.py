"""`Profiles` in memory."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from reprise.application.profile_ports import KeptSession
from reprise.domain.errors import (
    NotFoundError,
    PreconditionFailedError,
    UnauthenticatedError,
    UnavailableError,
)
from reprise.domain.identity import Account
from reprise.domain.profiles import Household, StoredProfile, check_not_last


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A kept session, of whom, and the profile that it has selected."""

    account_id: str
    profile_id: str | None
    kept: KeptSession


class FakeProfiles:
    """Holds households and sessions. `down` makes everything fail, `commits` set to False makes
    transactions fail at their very end, and `at_commit` runs there as somebody else would."""

    def __init__(self, *households: Household) -> None:
        self.households = {each.account.id: each for each in households}
        self.rows: dict[str, SessionRow] = {}
        self.listed: dict[str, int] = {}
        self.down = False
        self.commits = True
        self.at_commit: Callable[[], None] = lambda: None

    def household(self, *, account_id: str) -> Household | None:
        self._answer()
        return self.households.get(account_id)

    def add(
        self, *, account_id: str, new: StoredProfile, check: Callable[[Household], None]
    ) -> StoredProfile:
        household = self._held(account_id)
        if household.profile(new.profile.id) is None:
            check(household)
            self._commit()
            self._keep(household, [*household.profiles, new])
        return new

    def update(
        self,
        *,
        account_id: str,
        changed: StoredProfile,
        check: Callable[[Household], None],
        before_commit: Callable[[Sequence[KeptSession]], None],
    ) -> StoredProfile:
        household = self._held(account_id)
        check(household)
        stored = household.profile(changed.profile.id)
        if stored is None or stored.version != changed.version:
            raise PreconditionFailedError("the profile was changed in this moment")
        before_commit(self.sessions(profile_id=changed.profile.id))
        self._commit()
        kept = replace(changed, version=changed.version + 1)
        self._keep(household, [kept if each == stored else each for each in household.profiles])
        return kept

    def select(
        self,
        *,
        account_id: str,
        session_id: str,
        profile_id: str,
        country: str | None,
        now: int,
        before_commit: Callable[[Account, StoredProfile, KeptSession], None],
    ) -> None:
        household = self._held(account_id)
        chosen = household.own(profile_id)
        row = self.rows.get(session_id)
        if row is None or row.account_id != account_id or row.kept.expires_at <= now:
            raise UnauthenticatedError("the session has ended; sign in again")
        kept = replace(row.kept, country=country or row.kept.country)
        before_commit(household.account, chosen, kept)
        self._commit()
        self.rows[session_id] = SessionRow(account_id, profile_id, kept)

    def sessions(self, *, profile_id: str) -> Sequence[KeptSession]:
        self._answer()
        return tuple(row.kept for row in self.rows.values() if row.profile_id == profile_id)

    def remove(
        self, *, account_id: str, profile_id: str, ended: Collection[str]
    ) -> Mapping[str, int] | None:
        household = self._held(account_id)
        check_not_last(household, profile_id=profile_id)
        selected = self.sessions(profile_id=profile_id)
        if any(kept.id not in ended for kept in selected):
            return None
        self._commit()
        for kept in selected:
            self.rows[kept.id] = replace(self.rows[kept.id], profile_id=None)
        left = [each for each in household.profiles if each.profile.id != profile_id]
        gone = len(household.profiles) - len(left)
        self._keep(household, left)
        listed = self.listed.pop(profile_id, 0)
        return {"profile": gone, "my_list": listed, "session": len(selected)}

    def existing(self, *, profile_ids: Collection[str]) -> Collection[str]:
        self._answer()
        there = {
            each.profile.id for household in self.households.values() for each in household.profiles
        }
        return there & set(profile_ids)

    def _held(self, account_id: str) -> Household:
        self._answer()
        household = self.households.get(account_id)
        if household is None:
            raise NotFoundError("there is no such account")
        return household

    def _keep(self, household: Household, profiles: Sequence[StoredProfile]) -> None:
        self.households[household.account.id] = replace(household, profiles=tuple(profiles))

    def _commit(self) -> None:
        self.at_commit()
        if not self.commits:
            raise UnavailableError("the account and catalog store does not answer")

    def _answer(self) -> None:
        if self.down:
            raise UnavailableError("the account and catalog store does not answer")
