"""`MyLists` in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from reprise.application.my_list_ports import Rule, StoredList
from reprise.domain.errors import NotFoundError, UnavailableError
from reprise.domain.my_list import TOMBSTONE_DAYS, ListEntry, Removal
from tests.builders import NOW_US

MOST_REMOVALS = 500
TOMBSTONES_US = TOMBSTONE_DAYS * 86_400 * 1_000_000


@dataclass(slots=True)
class KeptEntry:
    order: int
    added_at: int
    removed_at: int | None = None


class FakeMyLists:
    """Lists of every profile; `gone` are titles that the store lost, `down` makes it fail.

    `now_us` is the store's clock.
    """

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, KeptEntry]] = {}
        self.gone: set[str] = set()
        self.now_us = NOW_US
        self.down = False

    def read(self, *, profile_id: str, removed_since: int | None = None) -> StoredList:
        self._answer()
        kept = self.kept.get(profile_id, {})
        entries = [ListEntry(i, e.order, e.added_at) for i, e in kept.items() if not e.removed_at]
        removals = [
            Removal(video_id, entry.removed_at)
            for video_id, entry in kept.items()
            if entry.removed_at and removed_since is not None and entry.removed_at >= removed_since
        ]
        return StoredList(
            entries=sorted(entries, key=lambda entry: (entry.order, entry.video_id)),
            removals=sorted(removals, key=lambda removal: -removal.removed_at)[:MOST_REMOVALS],
            read_at=self.now_us,
        )

    def put(self, *, profile_id: str, video_id: str, rule: Rule) -> Sequence[ListEntry]:
        self._answer()
        kept = self.kept.setdefault(profile_id, {})
        orders = rule(self.read(profile_id=profile_id).entries)
        if video_id in self.gone:
            raise NotFoundError("there is no such title")
        for title_id, order in orders.items():
            known = kept.get(title_id)
            if known is None or known.removed_at:
                kept[title_id] = KeptEntry(order, self.now_us)
            else:
                known.order = order
        self._forget(profile_id)
        return self.read(profile_id=profile_id).entries

    def remove(self, *, profile_id: str, video_id: str) -> None:
        self._answer()
        entry = self.kept.get(profile_id, {}).get(video_id)
        if entry and not entry.removed_at:
            entry.removed_at = self.now_us
        self._forget(profile_id)

    def _forget(self, profile_id: str) -> None:
        oldest = self.now_us - TOMBSTONES_US
        kept = self.kept.get(profile_id, {})
        for video_id in [i for i, e in kept.items() if e.removed_at and e.removed_at < oldest]:
            del kept[video_id]

    def _answer(self) -> None:
        if self.down:
            raise UnavailableError("the account and catalog store does not answer")
