"""`POST /profiles`: one more viewer of an account."""

from collections.abc import Callable
from dataclasses import dataclass, field

from reprise.application.identity_ports import Passwords
from reprise.application.list_profiles import household_of
from reprise.application.profile_ports import Profiles
from reprise.domain.identity import Profile
from reprise.domain.policy import KIDS_MATURITY
from reprise.domain.profiles import (
    Household,
    StoredProfile,
    ceiling,
    check_kids_level,
    check_name,
    check_reach,
    check_room,
)


@dataclass(frozen=True, slots=True)
class NewProfile:
    """What is asked for. Without a level it is given as much as may be."""

    name: str
    kids: bool
    maturity_level: int | None
    language: str
    avatar: str
    pin: str | None = field(default=None, repr=False)


def create_profile(
    *,
    account_id: str,
    standing: str | None,
    wanted: NewProfile,
    profiles: Profiles,
    passwords: Passwords,
    new_id: Callable[[], str],
) -> StoredProfile:
    """Make a profile from a session that has `standing` selected, behind the others.

    Raises:
        ConflictError: the account is full, or another of its profiles has this name.
        ForbiddenError: the session may not give such a level (`pin`), or is a kid's (`kids`).
        UnfitFieldError: a kids profile above the level of kids.
        UnavailableError: the account store does not answer.
    """
    household = household_of(account_id=account_id, profiles=profiles)
    highest = ceiling(household, standing=standing)
    level = wanted.maturity_level
    if level is None:
        level = KIDS_MATURITY if wanted.kids else max(1, highest)
    check_kids_level(kids=wanted.kids, maturity_level=level)
    check_reach(highest, level=level)
    profile = Profile(
        id=new_id(),
        name=wanted.name,
        kids=wanted.kids,
        maturity_level=level,
        has_pin=wanted.pin is not None,
        language=wanted.language,
        avatar=wanted.avatar,
    )

    def check(now: Household) -> None:
        check_room(now.profiles)
        check_name(now.profiles, name=profile.name, of=profile.id)

    check(household)
    pin_hash = None if wanted.pin is None else passwords.hash(password=wanted.pin)
    return profiles.add(
        account_id=account_id, new=StoredProfile(profile, pin_hash, version=1), check=check
    )
