"""What is on offer in a country: candidates for rows, never a permission.

A title's exact windows are the gate's business at each read (`domain.policy`); what stands here
only spares the reading of titles that can't pass it.
"""

from collections.abc import Collection, Set
from typing import Protocol


class RegionContent(Protocol):
    """Titles with a window that is open now or opens within the hour that an answer may be old."""

    def available(self, *, region: str) -> Set[str]:
        """Return the ids of all of them.

        Raises:
            UnavailableError: they are not at hand, and their source does not answer.
        """
        ...

    def among(self, *, region: str, video_ids: Collection[str]) -> Set[str]:
        """Return those of `video_ids` that are; all of them where nobody can say."""
        ...


class RegionSource(Protocol):
    """The truth about windows."""

    def available_between(self, *, region: str, begin: int, end: int) -> Set[str]:
        """Return titles with a window open at any time from `begin` to `end`, Unix seconds.

        Raises:
            UnavailableError: the store does not answer.
        """
        ...
