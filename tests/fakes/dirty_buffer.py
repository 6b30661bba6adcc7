"""`DirtyBuffer` in memory, with the store of a report beside it and a clock that tests set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from reprise.domain.buckets import bucket_of
from reprise.domain.flush import LEASE_SECONDS, Backlog, DamagedItem
from reprise.domain.merge import settle
from reprise.domain.playstate import (
    DevicePosition,
    DirtyItem,
    ItemFacts,
    Place,
    Report,
    Viewing,
)

type Key = tuple[str, str]

SECOND_US = 1_000_000


@dataclass(slots=True)
class Outbox:
    intervals: list[tuple[float, float, str]] = field(default_factory=list)
    completions: list[int] = field(default_factory=list)
    closed: list[Viewing] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.intervals or self.completions or self.closed)


@dataclass(slots=True)
class State:
    """One item's hash."""

    place: Place
    version: int
    since: int
    attempts: int = 0
    provisional: bool = False
    last: tuple[Report, ItemFacts] | None = None
    devices: dict[str, DevicePosition] = field(default_factory=dict)
    open: Outbox = field(default_factory=Outbox)
    frozen: Outbox | None = None
    batch: int = 0


@dataclass(slots=True)
class FakeDirtyBuffer:
    """`unreadable` says of items why their state is damaged; a new report replaces it."""

    now_us: int = 1_795_000_000_000_000
    states: dict[Key, State] = field(default_factory=dict)
    dirty: dict[Key, int] = field(default_factory=dict)
    claimed: dict[Key, int] = field(default_factory=dict)
    quarantined: set[Key] = field(default_factory=set)
    lost: dict[str, int] = field(default_factory=dict)
    unreadable: dict[Key, str] = field(default_factory=dict)
    _damaged: list[DamagedItem] = field(default_factory=list)

    def store(self, item: DirtyItem, *, last: tuple[Report, ItemFacts] | None = None) -> None:
        """Store a report's result as the live adapter does: the item's outbox is what is new."""
        key = (item.profile_id, item.item_id)
        if self.unreadable.pop(key, None):
            del self.states[key]
        state = self.states.get(key)
        if state is None:
            state = self.states[key] = State(item.place, item.version - 1, self.now_us)
        state.place, state.version = item.place, max(item.version, state.version + 1)
        state.provisional, state.last = item.provisional, last
        state.devices |= {position.device.id: position for position in item.devices}
        state.open.intervals.extend(item.intervals)
        state.open.completions.extend(item.completions)
        state.open.closed.extend(item.closed_viewings)
        if key not in self.dirty and key not in self.claimed:
            self._mark(key)

    def backlog(self) -> Mapping[int, Backlog]:
        buckets = {bucket_of(profile) for profile, _ in (*self.dirty, *self.claimed)}
        found = {bucket: self._backlog(bucket) for bucket in buckets}
        return {bucket: backlog for bucket, backlog in found.items() if backlog.items}

    def claim(
        self, *, buckets: Sequence[int], dirty_before: int | None, limit: int
    ) -> Sequence[DirtyItem]:
        wanted = set(buckets)
        expired = [key for key, until in self.claimed.items() if until <= self.now_us]
        fresh = [
            key
            for key, since in sorted(self.dirty.items(), key=lambda entry: entry[1])
            if dirty_before is None or since <= dirty_before
        ]
        keys = [key for key in (*expired, *fresh) if bucket_of(key[0]) in wanted]
        return self._lease(keys[:limit])

    def claim_items(self, *, profile_id: str, item_ids: Sequence[str]) -> Sequence[DirtyItem]:
        keys = [(profile_id, item_id) for item_id in item_ids]
        return self._lease([key for key in keys if key in self.dirty or key in self.claimed])

    def take_damaged(self) -> Sequence[DamagedItem]:
        taken, self._damaged = self._damaged, []
        return taken

    def acknowledge(self, *, items: Sequence[DirtyItem]) -> int:
        return sum(self._acknowledge(item) for item in items)

    def release(self, *, items: Sequence[DirtyItem], counted: bool) -> None:
        for item in items:
            key = (item.profile_id, item.item_id)
            if self.claimed.pop(key, None) is not None:
                state = self.states.get(key)
                if state is not None:
                    state.attempts += counted
                self.dirty[key] = state.since if state else self.now_us

    def quarantine(self, *, items: Sequence[DirtyItem | DamagedItem]) -> None:
        for item in items:
            key = (item.profile_id, item.item_id)
            held = self.claimed.pop(key, None), self.dirty.pop(key, None)
            if held == (None, None):
                continue
            state = self.states[key]
            if item.version in {None, state.version}:
                self.quarantined.add(key)
            else:
                self.dirty[key] = state.since

    def damage(self, *, profile_id: str, item_id: str) -> str | None:
        key = (profile_id, item_id)
        return self.unreadable.get(key) if key in self.states else "is gone"

    def redrive(self, *, profile_id: str, item_id: str) -> bool:
        key = (profile_id, item_id)
        if key not in self.quarantined:
            return False
        self.quarantined.discard(key)
        if key not in self.states:
            return False
        self.states[key].attempts = 0
        if key not in self.claimed and key not in self.dirty:
            self._mark(key)
        return True

    def settle(self, *, item: DirtyItem, durable: Place | None) -> DirtyItem | None:
        key = (item.profile_id, item.item_id)
        state = self.states.get(key)
        if state is None or state.version != item.version:
            return None
        if durable is not None and state.last is not None:
            report, facts = state.last
            merged = settle(
                live=state.place,
                last=report,
                last_device=state.place.device,
                durable=durable,
                facts=facts,
                now=self.now_us,
            )
            state.place = merged.place or state.place
        state.provisional, state.last = False, None
        state.version = max(self.now_us, state.version + 1)
        return self._item(key, state)

    def _acknowledge(self, item: DirtyItem) -> bool:
        key = (item.profile_id, item.item_id)
        state = self.states.get(key)
        if state is None or state.frozen is None or state.batch != item.batch:
            return False
        clean = state.version == item.version and not state.open
        state.frozen, state.attempts = None, 0
        self.claimed.pop(key, None)
        for device_id, position in list(state.devices.items()):
            if clean or position.updated_at <= item.version:
                del state.devices[device_id]
        if clean:
            self.dirty.pop(key, None)
            self.quarantined.discard(key)
        elif key not in self.dirty:
            self._mark(key)
        return clean

    def _lease(self, keys: Sequence[Key]) -> Sequence[DirtyItem]:
        items: list[DirtyItem] = []
        for key in keys:
            self.dirty.pop(key, None)
            self.claimed[key] = self.now_us + LEASE_SECONDS * SECOND_US
            state = self.states.get(key)
            if state is None:
                del self.claimed[key]
                self.lost["EvictedState"] = self.lost.get("EvictedState", 0) + 1
                continue
            if key in self.unreadable:
                self.lost["CorruptState"] = self.lost.get("CorruptState", 0) + 1
                self._damaged.append(
                    DamagedItem(*key, state.version, self.unreadable[key], {"pos": "far"})
                )
                continue
            if state.frozen is None:
                state.frozen, state.open, state.batch = state.open, Outbox(), state.version
            items.append(self._item(key, state))
        return items

    def _item(self, key: Key, state: State) -> DirtyItem:
        frozen = state.frozen or Outbox()
        return DirtyItem(
            profile_id=key[0],
            item_id=key[1],
            place=replace(state.place),
            version=state.version,
            batch=state.batch,
            dirty_since=state.since,
            attempts=state.attempts,
            provisional=state.provisional,
            devices=tuple(state.devices.values()),
            closed_viewings=tuple(frozen.closed),
            intervals=tuple(frozen.intervals),
            completions=tuple(frozen.completions),
        )

    def _backlog(self, bucket: int) -> Backlog:
        dirty = [since for key, since in self.dirty.items() if bucket_of(key[0]) == bucket]
        expired = [
            until
            for key, until in self.claimed.items()
            if bucket_of(key[0]) == bucket and until <= self.now_us
        ]
        oldest = min((*dirty, *expired), default=self.now_us)
        return Backlog(dirty=len(dirty), expired=len(expired), oldest=oldest)

    def _mark(self, key: Key) -> None:
        self.states[key].since = self.dirty[key] = self.now_us
