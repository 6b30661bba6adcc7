"""What my list needs of the outside. Methods may raise `UnavailableError` as in `ports`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from reprise.domain.my_list import ListEntry, Removal

type Rule = Callable[[Sequence[ListEntry]], Mapping[str, int]]
"""From the whole list in order to the order keys to write, by title. It may be asked again."""


@dataclass(frozen=True, slots=True)
class StoredList:
    """A list in its order, and what was taken out of it, latest first.

    `read_at` is µs since the epoch on the clock that also stamps additions and removals.
    """

    entries: Sequence[ListEntry]
    removals: Sequence[Removal]
    read_at: int


class MyLists(Protocol):
    """Every profile's list. Two devices that change one at the same time take turns."""

    def read(self, *, profile_id: str, removed_since: int | None = None) -> StoredList:
        """Return the list; removals only of `removed_since` (µs) or later, the latest 500."""
        ...

    def put(self, *, profile_id: str, video_id: str, rule: Rule) -> Sequence[ListEntry]:
        """Write what `rule` says of the list as it stands, and return the list that is then.

        Raises:
            NotFoundError: the profile or the title is not there any more.
            RepriseError: what `rule` raises; nothing is written.
        """
        ...

    def remove(self, *, profile_id: str, video_id: str) -> None:
        """Take a title out where it is in the list, and leave a tombstone for 90 days."""
        ...
