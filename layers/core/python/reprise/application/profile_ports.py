"""What the routes about profiles need of the outside.

Every method may raise `UnavailableError` where its store is down, too slow or refuses.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from reprise.domain.identity import Account, Device
from reprise.domain.profiles import Household, StoredProfile


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session as it is kept. `country` is where it was last seen to be; instants Unix seconds."""

    id: str
    device: Device
    country: str | None
    expires_at: int


class Profiles(Protocol):
    """Accounts' profiles. What a method is told to do `before_commit` happens inside its
    transaction: where that raises, nothing is changed."""

    def household(self, *, account_id: str) -> Household | None: ...

    def add(
        self, *, account_id: str, new: StoredProfile, check: Callable[[Household], None]
    ) -> StoredProfile:
        """Keep a new profile behind the others; adding the same one again changes nothing.

        `check` sees the account as it is while nobody else can change its profiles.
        """
        ...

    def update(
        self,
        *,
        account_id: str,
        changed: StoredProfile,
        check: Callable[[Household], None],
        before_commit: Callable[[Sequence[KeptSession]], None],
    ) -> StoredProfile:
        """Store `changed`, which bears the version that it was made from; return the next one.

        `before_commit` gets every session that has the profile selected.

        Raises:
            PreconditionFailedError: the profile is of another version by now, or gone.
        """
        ...

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
        """Keep that the session has selected the profile; nobody changes either meanwhile.

        The session is kept with this country from now on, where there is one.

        Raises:
            NotFoundError: the account has no such profile.
            UnauthenticatedError: the session is not kept any more.
        """
        ...

    def sessions(self, *, profile_id: str) -> Sequence[KeptSession]:
        """Return every session that has the profile selected."""
        ...

    def remove(
        self, *, account_id: str, profile_id: str, ended: Collection[str]
    ) -> Mapping[str, int] | None:
        """Remove the profile and all that hangs on it, and count; sessions stay without a profile.

        None, with nothing removed, where a session that is not among the `ended` has selected it.

        Raises:
            ConflictError: it is the account's last one by now.
        """
        ...

    def existing(self, *, profile_ids: Collection[str]) -> Collection[str]:
        """Return those of these ids that are profiles."""
        ...


@dataclass(frozen=True, slots=True)
class Remains:
    """What live state holds of a profile: item ids, the titles they are of, and the µs after which
    nothing of it can have been written."""

    item_ids: Collection[str]
    video_ids: Collection[str]
    at: int


class LiveErasure(Protocol):
    """Everything that live state holds of a profile."""

    def fence(self, *, profile_id: str) -> None:
        """For a minute, let no ready row be filled for this profile."""
        ...

    def remains(self, *, profile_id: str) -> Remains:
        """Return what is not durable, and what was noted by deletions that were cut off."""
        ...

    def note(
        self, *, profile_id: str, item_ids: Collection[str], video_ids: Collection[str]
    ) -> None:
        """Remember what is about to be erased until it is: no store will know it any more."""
        ...

    def erase(self, *, profile_id: str, item_ids: Collection[str]) -> Mapping[str, int]:
        """Delete the places of these items with their marks, all else of the profile, and at last
        what was noted."""
        ...


class DurableErasure(Protocol):
    """Everything that the watch history holds of a profile."""

    def items(self, *, profile_id: str) -> Collection[tuple[str, str]]:
        """Return the (title, item) ids that the history knows of the profile."""
        ...

    def erase(self, *, profile_id: str, video_ids: Collection[str], at: int) -> Mapping[str, int]:
        """Delete every row, and whatever is still written with a timestamp up to `at` (µs)."""
        ...
