"""`DirtyBuffer` in Redis: leases, frozen outboxes and version-checked acknowledgements by script.

One script call touches the keys of one bucket only, all of them declared, so it runs on a cluster;
the calls of many buckets or items travel in one pipeline. Every script may be repeated after a lost
answer: a lease that nobody works on runs out, an acknowledgement counts once per frozen outbox.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence

import redis

from reprise.adapters.dirty_codec import (
    damage_of,
    dirty_from_hash,
    imprecision_of,
    member_of,
    split_member,
)
from reprise.adapters.live_keys import BucketKeys, ProfileKeys
from reprise.adapters.place_codec import CorruptPlaceError, place_to_hash
from reprise.adapters.redis_calls import RedisCalls, RedisScript
from reprise.adapters.redis_pipeline import Call, run_all
from reprise.application.ports import PoisonError
from reprise.domain.buckets import BUCKETS, bucket_of
from reprise.domain.flush import LEASE_SECONDS, Backlog, DamagedItem
from reprise.domain.playstate import DirtyItem, Place

EVERYTHING = "+inf"

_BACKLOG = RedisScript("clock", "backlog")
_CLAIM = RedisScript("clock", "claim")
_CLAIM_ITEMS = RedisScript("clock", "claim_items")
_FREEZE = RedisScript("clock", "freeze")
_ACKNOWLEDGE = RedisScript("clock", "acknowledge")
_RELEASE = RedisScript("clock", "release")
_QUARANTINE = RedisScript("clock", "quarantine")
_INSPECT = RedisScript("inspect")
_REDRIVE = RedisScript("clock", "redrive")
_SETTLE = RedisScript("place_hash", "outbox", "merge", "store", "settle")


class RedisDirtyBuffer:
    """The dirty, claimed and quarantined sets of every bucket, and the places they mark.

    `on_lost` is told ("EvictedState" | "CorruptState", how many) when a mark turns out to have no
    state, or one that can't be read; the first is dropped, the second kept for `take_damaged`.
    "JoinedIntervals" and "DroppedSeconds" say what the outboxes of claimed items lack in precision.
    """

    def __init__(
        self,
        calls: RedisCalls,
        *,
        live_ttl_seconds: int = 86_400,
        lease_seconds: float = LEASE_SECONDS,
        on_lost: Callable[[str, int], None] = lambda _name, _count: None,
    ) -> None:
        self._calls = calls
        self._live_ttl_ms = live_ttl_seconds * 1000
        self._lease_us = round(lease_seconds * 1_000_000)
        self._on_lost = on_lost
        self._damaged: list[DamagedItem] = []

    def backlog(self) -> Mapping[int, Backlog]:
        return self._backlog(range(BUCKETS), EVERYTHING)

    def claim(
        self, *, buckets: Sequence[int], dirty_before: int | None, limit: int
    ) -> Sequence[DirtyItem]:
        before = EVERYTHING if dirty_before is None else str(dirty_before)
        shares = _shares(self._backlog(buckets, before), limit)
        calls = [
            Call([keys.dirty, keys.claimed], [self._lease_us, share, before])
            for bucket, share in shares.items()
            if (keys := BucketKeys.of(bucket))
        ]
        answers = run_all(self._calls, _CLAIM, calls)
        return self._freeze([member for members in answers for member in members])

    def claim_items(self, *, profile_id: str, item_ids: Sequence[str]) -> Sequence[DirtyItem]:
        keys = BucketKeys.of(bucket_of(profile_id))
        members = [member_of(profile_id=profile_id, item_id=item_id) for item_id in item_ids]
        call = Call([keys.dirty, keys.claimed], [self._lease_us, *members])
        return self._freeze(run_all(self._calls, _CLAIM_ITEMS, [call])[0])

    def take_damaged(self) -> Sequence[DamagedItem]:
        taken, self._damaged = self._damaged, []
        return taken

    def acknowledge(self, *, items: Sequence[DirtyItem]) -> int:
        calls = []
        for item in items:
            profile, bucket, member = _keys(item.profile_id, item.item_id)
            place = profile.place(item.item_id)
            calls.append(
                Call(
                    [place, bucket.dirty, bucket.claimed, profile.live, bucket.quarantined],
                    [member, item.item_id, item.version, item.batch, self._live_ttl_ms],
                )
            )
        return sum(run_all(self._calls, _ACKNOWLEDGE, calls))

    def release(self, *, items: Sequence[DirtyItem], counted: bool) -> None:
        calls = []
        for item in items:
            profile, bucket, member = _keys(item.profile_id, item.item_id)
            keys = [profile.place(item.item_id), bucket.dirty, bucket.claimed]
            calls.append(Call(keys, [member, int(counted)]))
        run_all(self._calls, _RELEASE, calls)

    def quarantine(self, *, items: Sequence[DirtyItem | DamagedItem]) -> None:
        calls = []
        for item in items:
            profile, bucket, member = _keys(item.profile_id, item.item_id)
            place = profile.place(item.item_id)
            keys = [place, bucket.dirty, bucket.claimed, bucket.quarantined]
            calls.append(Call(keys, [member, "" if item.version is None else item.version]))
        run_all(self._calls, _QUARANTINE, calls)

    def damage(self, *, profile_id: str, item_id: str) -> str | None:
        profile, bucket, member = _keys(profile_id, item_id)
        place = profile.place(item_id)
        keys = [place, bucket.quarantined]
        quarantined, flat = self._calls.script(_INSPECT, keys=keys, args=[member])
        if not flat:
            return f"is not live any more: nothing at {place}"
        damage = damage_of(member, _pairs(flat)) if quarantined else None
        return damage and f"is damaged still at {place}: {damage}"

    def redrive(self, *, profile_id: str, item_id: str) -> bool:
        profile, bucket, member = _keys(profile_id, item_id)
        keys = [profile.place(item_id), bucket.dirty, bucket.claimed, bucket.quarantined]
        return bool(run_all(self._calls, _REDRIVE, [Call(keys, [member])])[0])

    def settle(self, *, item: DirtyItem, durable: Place | None) -> DirtyItem | None:
        profile, bucket, member = _keys(item.profile_id, item.item_id)
        keys = [
            profile.place(item.item_id),
            bucket.dirty,
            bucket.claimed,
            profile.live,
            profile.version,
            profile.row,
        ]
        fields = "" if durable is None else json.dumps(place_to_hash(durable))
        try:
            flat = self._calls.script(_SETTLE, keys=keys, args=[str(item.version), fields])
        except redis.ResponseError as error:
            raise PoisonError(f"it can't be settled: {error}") from error
        return next(iter(self._read([(member, flat)])), None)

    def _backlog(self, buckets: Iterable[int], before: str) -> dict[int, Backlog]:
        numbers = list(buckets)
        keys = [BucketKeys.of(bucket) for bucket in numbers]
        calls = [Call([key.dirty, key.claimed], [before]) for key in keys]
        answers = zip(numbers, run_all(self._calls, _BACKLOG, calls), strict=True)
        return {
            bucket: Backlog(dirty=dirty, expired=expired, oldest=int(oldest))
            for bucket, (dirty, expired, oldest) in answers
            if dirty or expired
        }

    def _freeze(self, members: Sequence[str]) -> Sequence[DirtyItem]:
        calls = []
        for member in members:
            profile_id, item_id = split_member(member)
            profile, bucket, _ = _keys(profile_id, item_id)
            calls.append(
                Call([profile.place(item_id), bucket.claimed, profile.live], [member, item_id])
            )
        claimed = list(zip(members, run_all(self._calls, _FREEZE, calls), strict=True))
        evicted = sum(flat is None for _, flat in claimed)
        if evicted:
            self._on_lost("EvictedState", evicted)
        return self._read(claimed)

    def _read(self, claimed: Iterable[tuple[str, Sequence[str] | None]]) -> Sequence[DirtyItem]:
        items: list[DirtyItem] = []
        damaged: list[DamagedItem] = []
        joined, dropped = 0, 0.0
        for member, flat in claimed:
            if not flat:
                continue
            fields = _pairs(flat)
            try:
                items.append(dirty_from_hash(member, fields))
                joins, seconds = imprecision_of(fields)
                joined, dropped = joined + joins, dropped + seconds
            except CorruptPlaceError as error:
                damaged.append(_damaged(member, fields, reason=str(error)))
        if damaged:
            self._damaged += damaged
            self._on_lost("CorruptState", len(damaged))
        if joined:
            self._on_lost("JoinedIntervals", joined)
        if dropped:
            self._on_lost("DroppedSeconds", math.ceil(dropped))
        return items


def _damaged(member: str, fields: Mapping[str, str], *, reason: str) -> DamagedItem:
    profile_id, item_id = split_member(member)
    version = fields.get("v", "")
    return DamagedItem(
        profile_id=profile_id,
        item_id=item_id,
        version=int(version) if version.isascii() and version.isdigit() else None,
        reason=f"the live state can't be read: {reason}",
        fields=fields,
    )


def _pairs(flat: Sequence[str]) -> dict[str, str]:
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _keys(profile_id: str, item_id: str) -> tuple[ProfileKeys, BucketKeys, str]:
    profile = ProfileKeys.of(profile_id)
    bucket = BucketKeys.of(bucket_of(profile_id))
    return profile, bucket, member_of(profile_id=profile_id, item_id=item_id)


def _shares(backlog: Mapping[int, Backlog], limit: int) -> Mapping[int, int]:
    """Share the limit out, the bucket with the oldest item first."""
    shares: dict[int, int] = {}
    room = limit
    for bucket, found in sorted(backlog.items(), key=lambda entry: entry[1].oldest):
        if room > 0:
            shares[bucket] = min(room, found.items)
            room -= shares[bucket]
    return shares
