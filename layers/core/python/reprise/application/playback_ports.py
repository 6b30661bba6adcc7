"""What playing a title needs of the outside; the rest of the ports stand in `ports`.

Every method may raise `UnavailableError` where its store is down, too slow or refuses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from reprise.domain.grants import Grant, SignedGrant
from reprise.domain.identity import Device, PolicyFacts, Viewer
from reprise.domain.leases import Lease, Taken
from reprise.domain.media import Media, Rendition, Runtime
from reprise.domain.playback import Playback, Spot


class GrantSigner(Protocol):
    def sign(self, *, grant: Grant) -> SignedGrant: ...


@dataclass(frozen=True, slots=True)
class Entered:
    """A session that is live: its policy as of now and its device.

    `current` is the playback that it began last, None before the first.
    """

    policy: PolicyFacts
    device: Device
    current: str | None


class Playbacks(Protocol):
    """What a profile plays, behind the session's gate.

    Methods of the gate are one round trip, count as a request of the session, and raise
    `UnauthenticatedError` where it is not live any more and `RateLimitedError` where it has sent
    too much.
    """

    def enter(self, *, viewer: Viewer, item_id: str) -> tuple[Entered, Spot | None]:
        """Pass the gate and return where the item stands; None where its place is not live."""
        ...

    def find(self, *, viewer: Viewer, playback_id: str) -> tuple[Entered, Playback | None]:
        """Pass the gate and return what this playback of the profile plays, kept for longer.

        None where the profile has none of this id, or has not gone on with it for days.
        """
        ...

    def begin(self, *, viewer: Viewer, playback: Playback) -> None:
        """Remember what is played, and that this session plays it now; no gate."""
        ...


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


class Publications(Protocol):
    """What is published, as viewers' requests see it; answers may be up to ten minutes old."""

    def media(self, *, item_id: str) -> Media | None: ...


class Renditions(Publications, Protocol):
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
