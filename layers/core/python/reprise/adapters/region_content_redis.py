"""What is on offer in a country: a set of title ids per region in Redis, kept for an hour.

A set holds what is open now or opens within its hour, so that nothing new waits for the next one;
the gate sorts out what is not open yet or any more. It is rebuilt by one caller; others look again
for a moment and then do without. Whoever changes windows calls `forget_regions`.
"""

from collections.abc import Callable, Collection, Sequence, Set
from functools import partial
from typing import Any
from uuid import uuid4

from reprise.adapters.redis_calls import RedisCalls
from reprise.application.region_ports import RegionSource
from reprise.domain.errors import UnavailableError

TTL_SECONDS = 3600
FILL_LOCK_MS = 3000
FILL_SECONDS = 60
"""How long an unfinished set is left behind by whoever died while filling it."""

WAITS = 10
WAIT_SECONDS = 0.025
PER_COMMAND = 2_000
KNOWN = "known"
"""A member that is no title: a region where nothing is on offer is known as well."""


def region_key(region: str) -> str:
    """The hash tag lets a new set take the place of the old one on any cluster."""
    return f"region:{{{region}}}"


def forget_regions(calls: RedisCalls, regions: Collection[str]) -> None:
    """Drop the sets of these regions: their windows have changed.

    Raises:
        UnavailableError: Redis does not answer; the sets end within the hour.
    """
    for key in map(region_key, regions):
        calls.call(partial(calls.client.delete, key))


class RedisRegionContent:
    """The port `RegionContent`.

    `source` makes the truth on first need. `now` is Unix seconds, `pause` waits for seconds.
    """

    def __init__(
        self,
        calls: RedisCalls,
        *,
        source: Callable[[], RegionSource],
        now: Callable[[], float],
        pause: Callable[[float], None],
    ) -> None:
        self._calls = calls
        self._make_source = source
        self._source: RegionSource | None = None
        self._now = now
        self._pause = pause

    def available(self, *, region: str) -> Set[str]:
        return self._found_or_filled(region, lambda: self._all(region))

    def among(self, *, region: str, video_ids: Collection[str]) -> Set[str]:
        wanted = [video_id for video_id in dict.fromkeys(video_ids) if video_id != KNOWN]
        if not wanted:
            return set()
        try:
            available = self._found_or_filled(region, lambda: self._members(region, wanted))
        except UnavailableError:
            return set(wanted)
        return available & set(wanted)

    def _found_or_filled(self, region: str, look: Callable[[], Set[str] | None]) -> Set[str]:
        for _ in range(WAITS):
            found = look()
            if found is not None:
                return found
            if self._leads(region):
                return self._filled(region)
            self._pause(WAIT_SECONDS)
        return self._truth(region)

    def _members(self, region: str, wanted: Sequence[str]) -> Set[str] | None:
        """Return which of them the set has, None where there is no set."""
        look = partial(self._calls.client.smismember, region_key(region), [KNOWN, *wanted])
        flags = self._calls.call(look)
        if not flags[0]:
            return None
        return {video_id for video_id, on_offer in zip(wanted, flags[1:], strict=True) if on_offer}

    def _all(self, region: str) -> Set[str] | None:
        """Return the set, read in parts because it may be as large as the catalog."""
        members: set[str] = set()
        cursor = 0
        while True:
            cursor, part = self._scan(region, cursor)
            members.update(part)
            if cursor == 0:
                break
        if KNOWN not in members:
            return None
        return members - {KNOWN}

    def _scan(self, region: str, cursor: int) -> Any:
        scan = partial(self._calls.client.sscan, count=PER_COMMAND)
        return self._calls.call(partial(scan, region_key(region), cursor=cursor))

    def _leads(self, region: str) -> bool:
        key = f"{region_key(region)}:filling"
        take = partial(self._calls.client.set, key, "1", nx=True, px=FILL_LOCK_MS)
        return bool(self._calls.call(take))

    def _filled(self, region: str) -> Set[str]:
        try:
            available = self._truth(region)
            self._store(region, available)
        finally:
            key = f"{region_key(region)}:filling"
            self._calls.call(partial(self._calls.client.delete, key))
        return available

    def _truth(self, region: str) -> Set[str]:
        if self._source is None:
            self._source = self._make_source()
        begin = int(self._now())
        return self._source.available_between(region=region, begin=begin, end=begin + TTL_SECONDS)

    def _store(self, region: str, available: Set[str]) -> None:
        """Write aside and put in place at once: nobody ever reads half a set."""
        key, client = region_key(region), self._calls.client
        aside = f"{key}:{uuid4().hex}"
        members = [KNOWN, *sorted(available)]
        for begin in range(0, len(members), PER_COMMAND):
            self._calls.call(partial(client.sadd, aside, *members[begin : begin + PER_COMMAND]))
            self._calls.call(partial(client.expire, aside, FILL_SECONDS))
        self._calls.call(partial(client.expire, aside, TTL_SECONDS))
        self._calls.call(partial(client.rename, aside, key))
