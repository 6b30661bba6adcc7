"""Who may be made of an account's profiles, and who may change what of them.

A PIN locks a profile, and with it the maturity level that the profile has. So what a session may
give is bounded by where it stands: while a PIN locks a profile of a higher level than its own, it
gives nobody more than its own level; where nothing is locked above it, it may give everything.
Kids profiles give nothing, and never exceed `KIDS_MATURITY`.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from reprise.domain.errors import ConflictError, NotFoundError, UnfitFieldError
from reprise.domain.identity import Account, Profile
from reprise.domain.policy import KIDS_MATURITY, UNLIMITED_MATURITY, ForbiddenError

PROFILES_PER_ACCOUNT = 5

_INVISIBLE = ("C", "Z")
"""Of Unicode's categories: controls, formats and separators."""


@dataclass(frozen=True, slots=True)
class StoredProfile:
    """A profile as it is kept. `version` grows by one with each change; `pin_hash` is Argon2id."""

    profile: Profile
    pin_hash: str | None = field(repr=False)
    version: int


@dataclass(frozen=True, slots=True)
class Household:
    """An account with its profiles, in their order."""

    account: Account
    profiles: Sequence[StoredProfile]

    def profile(self, profile_id: str | None) -> StoredProfile | None:
        return next((each for each in self.profiles if each.profile.id == profile_id), None)

    def own(self, profile_id: str) -> StoredProfile:
        """Raises:
        NotFoundError: the account has no such profile.
        """
        found = self.profile(profile_id)
        if found is None:
            raise NotFoundError("this account has no such profile")
        return found


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """What is to change; None leaves a field as it is. `pin` counts only where `sets_pin`."""

    name: str | None = None
    kids: bool | None = None
    maturity_level: int | None = None
    language: str | None = None
    avatar: str | None = None
    sets_pin: bool = False
    pin: str | None = field(default=None, repr=False)

    def applied(self, profile: Profile) -> Profile:
        """Return the profile as it shall be.

        Raises:
            UnfitFieldError: it would be a kids profile above the level that kids may have.
        """
        changed = replace(
            profile,
            name=self.name or profile.name,
            kids=profile.kids if self.kids is None else self.kids,
            maturity_level=self.maturity_level or profile.maturity_level,
            language=self.language or profile.language,
            avatar=self.avatar or profile.avatar,
        )
        if self.sets_pin:
            changed = replace(changed, has_pin=self.pin is not None)
        check_kids_level(kids=changed.kids, maturity_level=changed.maturity_level)
        return changed

    def is_guarded(self, profile: Profile) -> bool:
        """Say whether it touches what a PIN guards: the level, the kids flag, the PIN itself."""
        changed = self.applied(profile)
        return self.sets_pin or _limits(changed) != _limits(profile)


def check_kids_level(*, kids: bool, maturity_level: int) -> None:
    """Raises:
    UnfitFieldError: a kids profile would have a level above `KIDS_MATURITY`.
    """
    if kids and maturity_level > KIDS_MATURITY:
        raise UnfitFieldError("maturityLevel", f"must be at most {KIDS_MATURITY} for kids")


def check_room(profiles: Sequence[StoredProfile]) -> None:
    """Raises:
    ConflictError: the account has as many profiles as it may have.
    """
    if len(profiles) >= PROFILES_PER_ACCOUNT:
        raise ConflictError(f"an account has at most {PROFILES_PER_ACCOUNT} profiles")


def check_not_last(household: Household, *, profile_id: str) -> None:
    """Raises:
    ConflictError: the account would have no profile without this one.
    """
    if [each.profile.id for each in household.profiles] == [profile_id]:
        raise ConflictError("an account keeps at least one profile")


def check_name(profiles: Sequence[StoredProfile], *, name: str, of: str) -> None:
    """`of` is the id of the profile that shall have the name.

    Raises:
        ConflictError: another profile of the account is called the same.
    """
    taken = {name_key(each.profile.name) for each in profiles if each.profile.id != of}
    if name_key(name) in taken:
        raise ConflictError("another profile of this account has this name")


def name_key(name: str) -> str:
    """Return what two names share where people take them for the same."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def is_visible(name: str) -> bool:
    """Say whether there is anything to see of a name."""
    return any(unicodedata.category(character)[0] not in _INVISIBLE for character in name)


def ceiling(household: Household, *, standing: str | None) -> int:
    """Return the highest level that a session may give: 0 is none at all.

    `standing` is the profile that the session has selected. A session without one stands below
    every PIN, and in an account without any PIN it may give everything.

    Raises:
        ForbiddenError: the session's profile is a kids profile (`kids`).
    """
    selected = household.profile(standing)
    if selected is not None and selected.profile.kids:
        raise ForbiddenError("a kids profile does not manage profiles", reason="kids")
    own = selected.profile.maturity_level if selected else 0
    locked = (each.profile.maturity_level for each in household.profiles if each.profile.has_pin)
    return own if any(level > own for level in locked) else UNLIMITED_MATURITY


def check_reach(highest: int, *, level: int) -> None:
    """`highest` is the session's ceiling, `level` what it is about to give or to take.

    Raises:
        ForbiddenError: a PIN locks that level away from the session (`pin`).
    """
    if level > highest:
        message = "a PIN locks this maturity level: select a profile that has it first"
        raise ForbiddenError(message, reason="pin")


def stricter(one: Profile, other: Profile) -> Profile:
    """Return `one` with no more than both may watch."""
    level = min(one.maturity_level, other.maturity_level)
    return replace(one, maturity_level=level, kids=one.kids or other.kids)


def limits_differ(one: Profile, other: Profile) -> bool:
    """Say whether the two may watch different things."""
    return _limits(one) != _limits(other)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was removed of a profile, counted by store; `deleted_at` is Unix seconds."""

    profile_id: str
    deleted_at: int
    removed: Mapping[str, Mapping[str, int]]


def _limits(profile: Profile) -> tuple[int, bool]:
    return profile.maturity_level, profile.kids
