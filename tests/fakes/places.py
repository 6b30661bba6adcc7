"""`DurablePlaces` in memory: like Cassandra, a write with an older timestamp changes nothing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from reprise.application.ports import HistoryPage, PoisonError
from reprise.domain.errors import UnavailableError
from reprise.domain.playstate import DevicePosition, DirtyItem, Place, Viewing

type Key = tuple[str, str]


@dataclass(slots=True)
class FakePlaces:
    """`down` refuses everything; `failures` are raised for these items instead of written.

    `away` are items whose partitions do not answer, `overloaded` says of each single write whether
    it is refused, and `breaking` items fail whatever is written together with them.
    """

    down: bool = False
    away: set[Key] = field(default_factory=set)
    breaking: set[Key] = field(default_factory=set)
    overloaded: Callable[[], bool] = lambda: False
    failures: dict[Key, Exception] = field(default_factory=dict)
    stored: dict[tuple[str, str, str], Place] = field(default_factory=dict)
    viewings: dict[tuple[str, int, str], Viewing] = field(default_factory=dict)
    devices: dict[tuple[str, str, str], DevicePosition] = field(default_factory=dict)
    writes: list[tuple[Key, int]] = field(default_factory=list)
    reads: int = 0

    def places(self, *, profile_id: str, video_id: str | None = None) -> Sequence[Place]:
        self._read()
        return [
            place
            for (profile, video, _), place in sorted(self.stored.items())
            if profile == profile_id and video_id in {None, video}
        ]

    def place(self, *, profile_id: str, video_id: str, item_id: str) -> Place | None:
        self._read()
        failure = self.failures.get((profile_id, item_id))
        if isinstance(failure, PoisonError):
            raise failure
        return self.stored.get((profile_id, video_id, item_id))

    def history(
        self, *, profile_id: str, limit: int, before: tuple[int, str] | None
    ) -> HistoryPage:
        self._read()
        found = sorted(
            (
                viewing
                for (profile, _, _), viewing in self.viewings.items()
                if profile == profile_id
            ),
            key=lambda viewing: (-viewing.started_at, viewing.item_id),
        )
        if before is not None:
            found = [
                viewing
                for viewing in found
                if (-viewing.started_at, viewing.item_id) > (-before[0], before[1])
            ]
        page, last = found[:limit], None
        if len(found) > limit:
            last = (page[-1].started_at, page[-1].item_id)
        return HistoryPage(viewings=page, next=last)

    def write(self, *, items: Sequence[DirtyItem], now: int) -> Mapping[Key, Exception]:
        if self.down:
            raise UnavailableError("the fake history is down")
        failed: dict[Key, Exception] = {}
        broken = any(_key(item) in self.breaking for item in items)
        for item in items:
            key = _key(item)
            if key in self.failures:
                failed[key] = self.failures[key]
            elif broken or not self._answers(key):
                failed[key] = UnavailableError("the fake history did not take a write")
            else:
                self.writes.append((key, now))
                self._keep(item)
        return failed

    def takes_writes(self, *, items: Sequence[DirtyItem]) -> Collection[Key]:
        if self.down:
            raise UnavailableError("the fake history is down")
        return {key for item in items if self._answers(key := _key(item))}

    def _answers(self, key: Key) -> bool:
        return key not in self.away and not self.overloaded()

    def _keep(self, item: DirtyItem) -> None:
        place = item.place
        key = (item.profile_id, place.video_id, place.item_id)
        standing = self.stored.get(key)
        if standing is None or standing.written_at <= place.written_at:
            self.stored[key] = place
        for viewing in (*item.closed_viewings, place.viewing()):
            row = (item.profile_id, viewing.started_at // 1000, viewing.item_id)
            kept = self.viewings.get(row)
            if kept is None or kept.changed_at <= viewing.changed_at:
                self.viewings[row] = viewing
        for position in item.devices:
            device = (item.profile_id, position.video_id, position.device.id)
            last = self.devices.get(device)
            if last is None or last.updated_at <= position.updated_at:
                self.devices[device] = position

    def _read(self) -> None:
        self.reads += 1
        if self.down:
            raise UnavailableError("the fake history is down")


def _key(item: DirtyItem) -> Key:
    return item.profile_id, item.item_id
