"""`GET /profiles`: everybody of an account, in their order."""

from collections.abc import Sequence

from reprise.application.profile_ports import Profiles
from reprise.domain.errors import NotFoundError
from reprise.domain.profiles import Household, StoredProfile


def list_profiles(*, account_id: str, profiles: Profiles) -> Sequence[StoredProfile]:
    """Raises:
    NotFoundError: there is no such account any more.
    """
    return household_of(account_id=account_id, profiles=profiles).profiles


def household_of(*, account_id: str, profiles: Profiles) -> Household:
    """Raises:
    NotFoundError: there is no such account any more.
    """
    found = profiles.household(account_id=account_id)
    if found is None:
        raise NotFoundError("there is no such account")
    return found
