"""What use cases need of the outside, each port as small as its use.

Every method may raise `UnavailableError` where its store is down, too slow or refuses; what else a
method raises or returns then stands in its docstring. Adapters and fakes need not import these.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from reprise.domain.catalog import Title
from reprise.domain.flush import Backlog, DamagedItem, FlushOrder
from reprise.domain.identity import PolicyFacts, Viewer
from reprise.domain.playstate import (
    DirtyItem,
    ItemFacts,
    Live,
    Outcome,
    Place,
    Report,
    Viewing,
    ViewingEvent,
)
from reprise.domain.row import Placed


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """What the one Redis round trip of a report says.

    Exactly one of these holds: `outcomes` has one entry per report; `policy` differs from the one
    assumed and nothing was stored; `cold` names item ids whose place must be loaded from the
    durable store first and nothing was stored.
    """

    outcomes: Sequence[Outcome] = ()
    policy: PolicyFacts | None = None
    cold: Sequence[str] = ()


class TitleReader(Protocol):
    """The catalog as viewers' requests see it; answers may be up to a minute old."""

    def titles(self, *, video_ids: Collection[str]) -> Mapping[str, Title]:
        """Return the known ones of these titles, by id."""
        ...


class TitleSource(Protocol):
    """The catalog's truth."""

    def load(self, *, video_ids: Collection[str]) -> Mapping[str, Title]: ...

    def all_ids(self) -> Sequence[str]: ...


class LivePlaces(Protocol):
    """Positions that are being watched now, and the session gate in front of them.

    Every method of a `viewer` raises `UnauthenticatedError` where the session is not live any more
    and `RateLimitedError` where it has sent too much.
    """

    def record(
        self,
        *,
        viewer: Viewer,
        reports: Sequence[tuple[Report, ItemFacts]],
        durable: Mapping[str, Place | None] | None = None,
        provisional: bool = False,
    ) -> RecordAnswer:
        """Merge reports in order, in one atomic step.

        `durable` maps item ids of a former `cold` answer to the durable place or None.
        `provisional` accepts cold items without one (durable store down); the flush settles them.
        """
        ...

    def hide(
        self, *, viewer: Viewer, video_id: str, durable: Mapping[str, Place]
    ) -> Sequence[Outcome]:
        """Hide every item of a title that has a place; `durable` holds all of the title's."""
        ...

    def mark(
        self,
        *,
        viewer: Viewer,
        video_id: str,
        items: Sequence[tuple[str, ItemFacts]],
        watched: bool,
        durable: Mapping[str, Place],
    ) -> Sequence[Outcome]:
        """Mark items watched or not watched by hand, in order, in one atomic step."""
        ...

    def gate(self, *, viewer: Viewer) -> PolicyFacts:
        """Prove the session is live and return its current policy facts."""
        ...

    def live(self, *, profile_id: str) -> Live:
        """Return everything of the profile that is not durable yet."""
        ...


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """The ready row as stored. `places` is None on a miss; `expired` is a hit past its freshness
    that must be rebuilt, and may be served as stale where it can't."""

    policy: PolicyFacts
    places: Sequence[Placed] | None
    expired: bool = False


class RowCache(Protocol):
    """The ready continue-watching row: per profile, the places that could be in it."""

    def read(self, *, viewer: Viewer, counted: bool = True) -> RowAnswer:
        """Read the row behind the session gate; `counted` is False for a repeated look."""
        ...

    def begin_fill(self, *, profile_id: str) -> str | None:
        """Return a token for the one caller that shall rebuild the row in the next seconds."""
        ...

    def fill(self, *, profile_id: str, places: Sequence[Place], version: int) -> bool:
        """Store the row unless the profile's live state moved past `version`; say whether."""
        ...

    def end_fill(self, *, profile_id: str, token: str) -> None:
        """Let another rebuild the row; nothing happens where another has begun already."""
        ...


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Viewings, newest start first; `next` (µs start, item id) is where the next page begins."""

    viewings: Sequence[Viewing]
    next: tuple[int, str] | None


class DurablePlaces(Protocol):
    """The watch history that survives everything."""

    def places(self, *, profile_id: str, video_id: str | None = None) -> Sequence[Place]:
        """Return the merged places of a profile, or only those of one title."""
        ...

    def place(self, *, profile_id: str, video_id: str, item_id: str) -> Place | None:
        """Return the merged place.

        Raises:
            PoisonError: it can't be there, because an id is none of this store's.
        """
        ...

    def history(
        self, *, profile_id: str, limit: int, before: tuple[int, str] | None
    ) -> HistoryPage:
        """Return up to `limit` viewings strictly after the cursor, looping over short pages."""
        ...

    def write(self, *, items: Sequence[DirtyItem], now: int) -> Mapping[tuple[str, str], Exception]:
        """Write all three tables, concurrently; `now` is µs.

        Returns the failures by (profile id, item id); everything else is durable at LOCAL_QUORUM.
        A `PoisonError` value means that no retry can succeed; any other is worth a retry.
        """
        ...

    def takes_writes(self, *, items: Sequence[DirtyItem]) -> Collection[tuple[str, str]]:
        """Return the keys of those items in whose partitions a write that changes nothing works.

        It is tried once, now: the control beside a write that failed.
        """
        ...


class PoisonError(Exception):
    """An item that the durable store will never accept."""


class DirtyBuffer(Protocol):
    """The buffer of what is not durable yet, as flushers see it."""

    def backlog(self) -> Mapping[int, Backlog]:
        """Return what each bucket that has anything has to flush."""
        ...

    def claim(
        self, *, buckets: Sequence[int], dirty_before: int | None, limit: int
    ) -> Sequence[DirtyItem]:
        """Lease up to `limit` items of these buckets, from the bucket with the oldest first.

        `dirty_before` (µs) restricts to items dirty since before it, or whose lease ran out.
        """
        ...

    def claim_items(self, *, profile_id: str, item_ids: Sequence[str]) -> Sequence[DirtyItem]:
        """Lease exactly these where they are not durable, even where another has leased them.

        A version-checked acknowledgement makes two flushers of one item harmless, and someone who
        pauses can't wait for a lease to run out.
        """
        ...

    def take_damaged(self) -> Sequence[DamagedItem]:
        """Return what was claimed since the last call and can't be read; it stays leased."""
        ...

    def acknowledge(self, *, items: Sequence[DirtyItem]) -> int:
        """Mark as durable where the version is unchanged, else keep dirty; return the clean."""
        ...

    def release(self, *, items: Sequence[DirtyItem], counted: bool) -> None:
        """Give items back; `counted` where the failure was their own, not the store's."""
        ...

    def quarantine(self, *, items: Sequence[DirtyItem | DamagedItem]) -> None:
        """Set poison items aside: kept, never claimed, until `redrive`."""
        ...

    def damage(self, *, profile_id: str, item_id: str) -> str | None:
        """Return why the item's live state can't be flushed: damaged or gone; None where it can."""
        ...

    def redrive(self, *, profile_id: str, item_id: str) -> bool:
        """Make a quarantined item dirty again; False where there is none."""
        ...

    def settle(self, *, item: DirtyItem, durable: Place | None) -> DirtyItem | None:
        """Settle a provisional item against the durable place, by the rules; return it re-read.

        None where it moved meanwhile; it stays dirty.

        Raises:
            PoisonError: the report that is to be judged again can't be read.
        """
        ...


class FlushQueue(Protocol):
    def send(self, *, orders: Sequence[FlushOrder]) -> None: ...


@dataclass(frozen=True, slots=True)
class QuarantinedItem:
    """One message of the dead-letter queue.

    `item` is None where it was too large to travel, or `damaged`: then the message has raw fields,
    for a person to look at.
    """

    receipt: str
    profile_id: str
    item_id: str
    item: DirtyItem | None
    damaged: bool = False


class QuarantineQueue(Protocol):
    """The dead-letter queue of poison items."""

    def put(self, *, items: Sequence[DirtyItem], reason: Mapping[tuple[str, str], str]) -> None: ...

    def put_damaged(self, *, items: Sequence[DamagedItem]) -> None: ...

    def take(self, *, limit: int) -> Sequence[QuarantinedItem]:
        """Return up to `limit` messages, hidden from others for a while."""
        ...

    def discard(self, *, receipts: Sequence[str]) -> None: ...


class ProfileRegister(Protocol):
    """Who there is: a profile that was erased is not, whatever still speaks of it."""

    def existing(self, *, profile_ids: Collection[str]) -> Collection[str]:
        """Return those of these ids that are profiles."""
        ...


class EventPublisher(Protocol):
    def publish(self, *, events: Sequence[ViewingEvent]) -> Sequence[str]:
        """Publish at least once; return the event ids that failed."""
        ...


class StoreCheck(Protocol):
    def ping(self) -> bool:
        """Say within a second whether the store answers; never raises."""
        ...
