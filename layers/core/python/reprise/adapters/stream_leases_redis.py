"""`StreamLeases` in Redis: one small hash per account, in the slot of the account's own bucket.

That a playback goes on, or stopped, its reports say in the slot of its profile (`record.lua`), so
that a report needs no second round trip. Whoever finds the screens full asks for those words, and
tries once more with the leases found dead; the script drops them only where nobody took them again
meanwhile, so that a hundred starts at once never share a screen.

Where Redis does not answer the methods raise `UnavailableError`: whoever calls lets the viewer play
on, and counts it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from reprise.adapters.live_keys import STOPPED, ProfileKeys
from reprise.adapters.redis_calls import RedisCalls, RedisScript
from reprise.domain.buckets import bucket_of, tag_of
from reprise.domain.identity import Device
from reprise.domain.leases import Lease, Taken, is_held, lease_seconds

KEPT_MS = 86_400_000
"""Longer than any grant: a player takes its screen again with each, so none in use is forgotten."""

_TAKE = RedisScript("leases", "take_lease")
_FREE = RedisScript("leases", "free_lease")
_LIST = RedisScript("leases", "list_leases")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A lease as it is stored: `at` (ms) is when it was taken last, `age` how long ago that is."""

    lease: Lease
    at: int
    age_seconds: float


class RedisStreamLeases:
    """The port `StreamLeases`; a lease lives `seconds` after it was taken, or its last report."""

    def __init__(self, calls: RedisCalls, *, seconds: float | None = None) -> None:
        self._calls = calls
        self._seconds = lease_seconds() if seconds is None else seconds

    def take(
        self, *, account_id: str, lease: Lease, limit: int, instead_of: str | None = None
    ) -> Taken:
        args: list[str | int] = [lease.playback_id, _encode(lease), limit, KEPT_MS]
        args.append(instead_of or "")
        full = self._take(account_id, args)
        if full is None:
            return Taken(ok=True)
        held = self._held(full)
        dead = [entry for entry in full if entry not in held]
        if dead:
            for entry in dead:
                args += [entry.lease.playback_id, entry.at]
            full = self._take(account_id, args)
            if full is None:
                return Taken(ok=True)
            held = full
        return Taken(ok=False, holders=_in_order(held))

    def free(self, *, account_id: str, playback_id: str) -> Lease | None:
        flat = self._calls.script(_FREE, keys=[lease_key(account_id)], args=[playback_id])
        return next((entry.lease for entry in _entries(flat)), None)

    def holders(self, *, account_id: str) -> Sequence[Lease]:
        flat = self._calls.script(_LIST, keys=[lease_key(account_id)], args=[])
        return _in_order(self._held(_entries(flat)))

    def _take(self, account_id: str, args: Sequence[str | int]) -> Sequence[_Entry] | None:
        """Return None where the screen was had, else who is in the way."""
        ok, *others = self._calls.script(_TAKE, keys=[lease_key(account_id)], args=args)
        return None if ok else _entries(others)

    def _held(self, entries: Sequence[_Entry]) -> Sequence[_Entry]:
        words = self._last_words([entry.lease for entry in entries])
        return [
            entry
            for entry, word in zip(entries, words, strict=True)
            if is_held(last_word=word, age_seconds=entry.age_seconds, lease=self._seconds)
        ]

    def _last_words(self, leases: Sequence[Lease]) -> Sequence[bool | None]:
        if not leases:
            return []
        keys = [ProfileKeys.of(lease.profile_id).playing(lease.playback_id) for lease in leases]

        def read() -> Sequence[str | None]:
            pipeline = self._calls.client.pipeline(transaction=False)
            for key in keys:
                pipeline.get(key)
            words: Sequence[str | None] = pipeline.execute()
            return words

        return [None if word is None else word != STOPPED for word in self._calls.call(read)]


def lease_key(account_id: str) -> str:
    """Return the key of an account's screens, beside the account's own live keys."""
    return f"{tag_of(bucket_of(account_id))}:leases:{account_id}"


def _encode(lease: Lease) -> str:
    fields = {"device": lease.device, "title": lease.title, "since": lease.since}
    return json.dumps(fields | {"profile": lease.profile_id})


def _entries(flat: Sequence[str | int]) -> Sequence[_Entry]:
    triples = zip(flat[::3], flat[1::3], flat[2::3], strict=True)
    return [_entry(str(playback_id), str(text), int(age)) for playback_id, text, age in triples]


def _entry(playback_id: str, text: str, age_ms: int) -> _Entry:
    fields = json.loads(text)
    lease = Lease(
        playback_id=playback_id,
        profile_id=fields["profile"],
        device=Device(*fields["device"]),
        title=fields["title"],
        since=fields["since"],
    )
    return _Entry(lease, at=fields["at"], age_seconds=age_ms / 1000)


def _in_order(entries: Sequence[_Entry]) -> tuple[Lease, ...]:
    leases = (entry.lease for entry in entries)
    return tuple(sorted(leases, key=lambda lease: (lease.since, lease.playback_id)))
