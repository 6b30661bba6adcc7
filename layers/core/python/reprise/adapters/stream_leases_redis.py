"""`StreamLeases` in Redis: one small hash per account, in the slot of the account's own bucket.

Each method is one script, so that a hundred starts at once never share a screen. Lifetimes run by
the server's clock; the key goes with its last lease. Where Redis does not answer the methods raise
`UnavailableError`: whoever calls lets the viewer play on, and counts it.
"""

import json
from collections.abc import Sequence
from typing import Any

from reprise.adapters.redis_calls import RedisCalls, RedisScript
from reprise.domain.buckets import bucket_of, tag_of
from reprise.domain.identity import Device
from reprise.domain.leases import Lease, Taken, lease_seconds

_TAKE = RedisScript("leases", "take_lease")
_RENEW = RedisScript("leases", "renew_lease")
_FREE = RedisScript("leases", "free_lease")
_LIST = RedisScript("leases", "list_leases")


class RedisStreamLeases:
    """The port `StreamLeases`; a lease lives `seconds` from each time it is taken or renewed."""

    def __init__(self, calls: RedisCalls, *, seconds: float | None = None) -> None:
        self._calls = calls
        self._lease_ms = round((lease_seconds() if seconds is None else seconds) * 1000)

    def take(
        self, *, account_id: str, lease: Lease, limit: int, instead_of: str | None = None
    ) -> Taken:
        args: list[str | int] = [lease.playback_id, _encode(lease), limit, self._lease_ms]
        args.append(instead_of or "")
        ok, *others = self._calls.script(_TAKE, keys=[lease_key(account_id)], args=args)
        return Taken(ok=bool(ok), holders=_decode(others))

    def renew(self, *, account_id: str, playback_id: str) -> bool:
        args: list[str | int] = [playback_id, self._lease_ms]
        return bool(self._calls.script(_RENEW, keys=[lease_key(account_id)], args=args))

    def free(self, *, account_id: str, playback_id: str) -> Lease | None:
        flat = self._calls.script(_FREE, keys=[lease_key(account_id)], args=[playback_id])
        return next(iter(_decode(flat)), None)

    def holders(self, *, account_id: str) -> Sequence[Lease]:
        return _decode(self._calls.script(_LIST, keys=[lease_key(account_id)], args=[]))


def lease_key(account_id: str) -> str:
    """Return the key of an account's screens, beside the account's own live keys."""
    return f"{tag_of(bucket_of(account_id))}:leases:{account_id}"


def _encode(lease: Lease) -> str:
    return json.dumps({"device": lease.device, "title": lease.title, "since": lease.since})


def _decode(flat: Sequence[str]) -> tuple[Lease, ...]:
    pairs = zip(flat[::2], flat[1::2], strict=True)
    leases = [_lease(playback_id, json.loads(text)) for playback_id, text in pairs]
    return tuple(sorted(leases, key=lambda lease: (lease.since, lease.playback_id)))


def _lease(playback_id: str, fields: Any) -> Lease:
    return Lease(playback_id, Device(*fields["device"]), fields["title"], fields["since"])
