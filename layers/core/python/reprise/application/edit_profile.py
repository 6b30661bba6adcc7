"""`PATCH /profiles/{id}`: change a profile, with effect on the very next request of its sessions.

The live sessions are told inside the transaction that stores the change: where they can't be told
nothing is changed. A change that could not be stored after that is taken back from them.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from reprise.application.identity_ports import AttemptLimits, Passwords, Sessions
from reprise.application.list_profiles import household_of
from reprise.application.pins import prove_pin
from reprise.application.profile_ports import KeptSession, Profiles
from reprise.application.sign_in import policy_facts
from reprise.domain.errors import PreconditionFailedError, UnavailableError
from reprise.domain.identity import Account, Profile
from reprise.domain.profiles import (
    ProfileChange,
    StoredProfile,
    ceiling,
    check_name,
    check_reach,
    limits_differ,
    stricter,
)


def edit_profile(
    *,
    account_id: str,
    standing: str | None,
    profile_id: str,
    versions: Collection[int] | None,
    change: ProfileChange,
    current_pin: str | None,
    profiles: Profiles,
    sessions: Sessions,
    passwords: Passwords,
    attempts: AttemptLimits,
) -> StoredProfile:
    """Change a profile that is at one of these versions, from a session that has `standing`.

    Raises:
        NotFoundError: the account has no such profile.
        PreconditionFailedError: it is at another version.
        ForbiddenError: the session may not give or take such a level, or the profile is locked and
            its PIN is not proved (`pin`), or the session is a kid's (`kids`).
        RateLimitedError: too many attempts at the PIN.
        UnfitFieldError: a kids profile above the level of kids.
        ConflictError: another profile has the new name.
        UnavailableError: a store does not answer, and nothing is changed.
    """
    household = household_of(account_id=account_id, profiles=profiles)
    stored = household.own(profile_id)
    check_version(stored, versions)
    highest = ceiling(household, standing=standing)
    profile = change.applied(stored.profile)
    check_name(household.profiles, name=profile.name, of=profile_id)
    if change.is_guarded(stored.profile):
        _check_guard(stored, profile, highest=highest)
        prove_pin(stored=stored, pin=current_pin, passwords=passwords, attempts=attempts)
    changed = StoredProfile(profile, _pin_hash(stored, change, passwords), stored.version)
    telling = _Telling(household.account, stored.profile, profile, sessions)
    try:
        return profiles.update(
            account_id=account_id,
            changed=changed,
            check=lambda now: check_name(now.profiles, name=profile.name, of=profile_id),
            before_commit=telling.tell,
        )
    except UnavailableError:
        telling.take_back(profiles)
        raise


def check_version(stored: StoredProfile, versions: Collection[int] | None) -> None:
    """Raises:
    PreconditionFailedError: the profile is at none of these versions; None is any.
    """
    if versions is not None and stored.version not in versions:
        raise PreconditionFailedError(f"the profile is at version {stored.version} by now")


def _check_guard(stored: StoredProfile, profile: Profile, *, highest: int) -> None:
    """Who proves a profile's PIN could select it, and so stands at least where it stands."""
    old, new = stored.profile.maturity_level, profile.maturity_level
    if stored.pin_hash is None:
        check_reach(highest, level=max(old, new))
    else:
        check_reach(max(highest, old), level=new)


def _pin_hash(stored: StoredProfile, change: ProfileChange, passwords: Passwords) -> str | None:
    if not change.sets_pin:
        return stored.pin_hash
    return None if change.pin is None else passwords.hash(password=change.pin)


@dataclass(slots=True)
class _Telling:
    """Tells live sessions what their profile may watch, and takes it back."""

    account: Account
    old: Profile
    new: Profile
    sessions: Sessions
    told: Sequence[KeptSession] = field(default=())

    def tell(self, kept: Sequence[KeptSession]) -> None:
        if limits_differ(self.old, self.new):
            self.told = kept
            self._tell(self.new)

    def take_back(self, profiles: Profiles) -> None:
        """Tell again what stands; where nobody knows what stands, no more than either allows."""
        if not self.told:
            return
        standing = stricter(self.old, self.new)
        with suppress(UnavailableError):
            household = profiles.household(account_id=self.account.id)
            found = household.profile(self.old.id) if household else None
            standing = found.profile if found else standing
        with suppress(UnavailableError):
            self._tell(standing)

    def _tell(self, profile: Profile) -> None:
        for country in {each.country for each in self.told}:
            self.sessions.set_policy(
                profile_id=profile.id,
                session_ids=[each.id for each in self.told if each.country == country],
                policy=policy_facts(self.account, profile, country=country),
            )
