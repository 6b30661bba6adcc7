"""`StreamLeases` in memory."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from reprise.domain.errors import UnavailableError
from reprise.domain.leases import Lease, Taken, lease_seconds


class FakeStreamLeases:
    """Holds leases by account and playback until `clock` passes them; `down` makes it fail."""

    def __init__(
        self, *, clock: Callable[[], float] = lambda: 0.0, seconds: float | None = None
    ) -> None:
        self.down = False
        self._clock = clock
        self._seconds = lease_seconds() if seconds is None else seconds
        self._held: dict[str, dict[str, tuple[Lease, float]]] = {}
        self._lock = threading.Lock()

    def take(
        self, *, account_id: str, lease: Lease, limit: int, instead_of: str | None = None
    ) -> Taken:
        with self._lock:
            held = self._alive(account_id)
            if instead_of is not None and instead_of != lease.playback_id:
                held.pop(instead_of, None)
            mine = held.get(lease.playback_id)
            if mine is None and len(held) >= limit:
                return Taken(ok=False, holders=_in_order(held))
            kept = lease if mine is None else replace(lease, since=mine[0].since)
            held[lease.playback_id] = kept, self._clock() + self._seconds
            return Taken(ok=True)

    def renew(self, *, account_id: str, playback_id: str) -> bool:
        with self._lock:
            held = self._alive(account_id)
            if playback_id not in held:
                return False
            held[playback_id] = held[playback_id][0], self._clock() + self._seconds
            return True

    def free(self, *, account_id: str, playback_id: str) -> Lease | None:
        with self._lock:
            freed = self._alive(account_id).pop(playback_id, None)
        return freed[0] if freed else None

    def holders(self, *, account_id: str) -> Sequence[Lease]:
        with self._lock:
            return _in_order(self._alive(account_id))

    def _alive(self, account_id: str) -> dict[str, tuple[Lease, float]]:
        if self.down:
            raise UnavailableError("live positions do not answer")
        held = self._held.setdefault(account_id, {})
        for playback_id in [id_ for id_, (_, ends) in held.items() if ends <= self._clock()]:
            del held[playback_id]
        return held


def _in_order(held: dict[str, tuple[Lease, float]]) -> tuple[Lease, ...]:
    leases = [lease for lease, _ in held.values()]
    return tuple(sorted(leases, key=lambda lease: (lease.since, lease.playback_id)))
