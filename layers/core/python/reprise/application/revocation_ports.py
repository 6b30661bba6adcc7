"""What telling the edge of revoked sessions needs of the outside.

Every method may raise `UnavailableError` where its store is down, too slow or refuses.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from reprise.domain.revocations import Revocation, RevokedSession


class RevokedSessions(Protocol):
    def after(self, *, instant: int) -> Sequence[RevokedSession]:
        """Return the sessions of every account that were revoked after it, the latest first."""
        ...


class RevocationQueue(Protocol):
    def send(self, *, revocations: Sequence[Revocation]) -> None:
        """Tell these, in order; each may be told again, and some alone where it fails."""
        ...


class RevokedHolders(Protocol):
    """Whose grants the edge refuses, each until an instant in Unix seconds."""

    def all(self) -> Mapping[str, int]:
        """Return all of them; 0 where nobody can tell until when."""
        ...

    def change(self, *, put: Mapping[str, int], forget: Collection[str]) -> None:
        """Forget some first, so that there is room, and then add or replace others.

        Others may change the store meanwhile. Where it fails, any part may have been done.
        """
        ...
