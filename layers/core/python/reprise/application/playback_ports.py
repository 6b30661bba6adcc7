"""What playing a title needs of the outside; the rest of the ports stand in `ports`.

Every method may raise `UnavailableError` where its store is down, too slow or refuses.
"""

from collections.abc import Sequence
from typing import Protocol

from reprise.domain.grants import Grant, SignedGrant
from reprise.domain.leases import Lease, Taken
from reprise.domain.media import Media, Rendition, Runtime


class GrantSigner(Protocol):
    def sign(self, *, grant: Grant) -> SignedGrant: ...


class StreamLeases(Protocol):
    """Who plays now on an account's screens.

    The reports of a playback keep its screen (`LivePlaces.record`): one that says nothing for a
    lease, or that it stopped, holds none any more.
    """

    def take(
        self, *, account_id: str, lease: Lease, limit: int, instead_of: str | None = None
    ) -> Taken:
        """Take one of `limit` screens in one step, or again the one that this playback holds.

        `instead_of` is a playback whose screen is freed first: the newcomer is certain of it.
        """
        ...

    def free(self, *, account_id: str, playback_id: str) -> Lease | None:
        """Free a playback's screen; return what held it last, None where nothing did."""
        ...

    def holders(self, *, account_id: str) -> Sequence[Lease]:
        """Return who holds screens now, the oldest first."""
        ...


class Renditions(Protocol):
    """What is published of the catalog's items, each named by its own id (film or episode)."""

    def of(self, *, item_id: str) -> Sequence[Rendition]:
        """Return its renditions, best first; none where nothing is published."""
        ...

    def media(self, *, item_id: str) -> Media | None:
        """Return all of its publication, or None."""
        ...

    def put(self, *, media: Media, runtime: Runtime | None = None) -> None:
        """Replace the publication of an item, all or nothing.

        With a `runtime` the catalog takes it over; markers that lie past the new end go.

        Raises:
            NotFoundError: the catalog has no such item.
        """
        ...
