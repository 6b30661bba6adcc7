"""What keeping a profile's preferences needs of the outside.

Every method may raise `UnavailableError` where its store is down, too slow or refuses.
"""

from collections.abc import Sequence
from typing import Protocol

from reprise.domain.preferences import Completions, GenrePreference


class Preferences(Protocol):
    def note(self, *, completions: Completions) -> int:
        """Count each of these viewings that is not counted yet, all or nothing; return how many.

        None are of a profile that does not exist: it was deleted meanwhile.
        """
        ...

    def of(self, *, profile_id: str) -> Sequence[GenrePreference]:
        """Return what a profile likes, most completions first."""
        ...
