"""`LiveErasure` in Redis: every key of a profile, all in the slot of its bucket.

Places that are durable are no member of the live set any more, but stay for a day; which they are
is known from the history, so the caller names them.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from reprise.adapters.live_keys import BucketKeys, ProfileKeys
from reprise.adapters.redis_calls import RedisCalls, RedisScript
from reprise.application.profile_ports import Remains
from reprise.domain.buckets import bucket_of

FENCED_SECONDS = 60
"""Longer than any function runs: whoever read the profile before it was fenced is done by then."""

MARGIN_US = 5_000_000
"""What the server's clock may have been set back by since something was written."""

FURTHEST_US = 240_000_000
"""Keyspaces takes no timestamp that is more than five minutes ahead."""

PLACES_PER_CALL = 500
ITEM, VIDEO = "item:", "video:"
"""What the members of a note stand for."""

_REMAINS = RedisScript("clock", "remains")
_ERASE = RedisScript("erase")


class RedisErasure:
    """Live places, marks, ready row and version. Sessions and attempts are ended by their own."""

    def __init__(self, calls: RedisCalls) -> None:
        self._calls = calls

    def fence(self, *, profile_id: str) -> None:
        key = ProfileKeys.of(profile_id).erased
        self._calls.call(lambda: self._calls.client.set(key, "1", ex=FENCED_SECONDS))

    def remains(self, *, profile_id: str) -> Remains:
        keys = ProfileKeys.of(profile_id)
        script_keys = [keys.live, keys.version, keys.erasing]
        now, version, item_ids, noted = self._calls.script(_REMAINS, keys=script_keys, args=[])
        places = self._places(keys, item_ids)
        newest = max(map(_number, (now, version, *(stored for _, stored in places))))
        return Remains(
            item_ids={*item_ids, *_noted(noted, ITEM)},
            video_ids={*(video_id for video_id, _ in places if video_id), *_noted(noted, VIDEO)},
            at=min(newest + MARGIN_US, _number(now) + FURTHEST_US),
        )

    def note(
        self, *, profile_id: str, item_ids: Collection[str], video_ids: Collection[str]
    ) -> None:
        key = ProfileKeys.of(profile_id).erasing
        found = [*(ITEM + each for each in item_ids), *(VIDEO + each for each in video_ids)]
        if found:
            self._calls.call(lambda: self._calls.client.sadd(key, *found))

    def erase(self, *, profile_id: str, item_ids: Collection[str]) -> Mapping[str, int]:
        keys, bucket = ProfileKeys.of(profile_id), BucketKeys.of(bucket_of(profile_id))
        own = [bucket.dirty, bucket.claimed, bucket.quarantined]
        own += [keys.live, keys.version, keys.row, keys.fill]
        named = sorted(item_ids)
        counted = {"places": 0, "marks": 0, "rows": 0}
        for start in range(0, max(1, len(named)), PLACES_PER_CALL):
            part = named[start : start + PLACES_PER_CALL]
            script_keys = [*own, *map(keys.place, part)]
            answer = self._calls.script(_ERASE, keys=script_keys, args=[profile_id, *part])
            for name, number in zip(counted, answer, strict=True):
                counted[name] += number
        self._calls.call(lambda: self._calls.client.delete(keys.erasing))
        return counted

    def _places(self, keys: ProfileKeys, item_ids: Sequence[str]) -> Sequence[Any]:
        """Return (title id, version) of each place that is a hash."""
        if not item_ids:
            return ()

        def read() -> Sequence[Any]:
            pipeline = self._calls.client.pipeline(transaction=False)
            for item_id in item_ids:
                pipeline.hmget(keys.place(item_id), "vid", "v")
            answers: Sequence[Any] = pipeline.execute(raise_on_error=False)
            return answers

        return [each for each in self._calls.call(read) if isinstance(each, list)]


def _noted(members: Sequence[str], kind: str) -> Sequence[str]:
    return [member.removeprefix(kind) for member in members if member.startswith(kind)]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0
