"""`StreamLeases` in memory."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from reprise.domain.errors import UnavailableError
from reprise.domain.leases import Lease, Taken, is_held, lease_seconds


def says_nothing(_profile_id: str, _playback_id: str) -> bool | None:
    return None


class FakeStreamLeases:
    """Holds leases by account and playback, with when each was taken last; `down` makes it fail.

    `plays` is what playbacks said of themselves, by profile and playback: `FakeLivePlaces.plays`.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = lambda: 0.0,
        seconds: float | None = None,
        plays: Callable[[str, str], bool | None] = says_nothing,
    ) -> None:
        self.down = False
        self._clock = clock
        self._seconds = lease_seconds() if seconds is None else seconds
        self._plays = plays
        self._taken: dict[str, dict[str, tuple[Lease, float]]] = {}
        self._lock = threading.Lock()

    def take(
        self, *, account_id: str, lease: Lease, limit: int, instead_of: str | None = None
    ) -> Taken:
        with self._lock:
            taken = self._of(account_id)
            if instead_of is not None and instead_of != lease.playback_id:
                taken.pop(instead_of, None)
            mine = taken.get(lease.playback_id)
            if mine is None and len(taken) >= limit:
                self._drop_dead(taken)
            if mine is None and len(taken) >= limit:
                return Taken(ok=False, holders=_in_order(taken))
            kept = lease if mine is None else replace(lease, since=mine[0].since)
            taken[lease.playback_id] = kept, self._clock()
            return Taken(ok=True)

    def free(self, *, account_id: str, playback_id: str) -> Lease | None:
        with self._lock:
            freed = self._of(account_id).pop(playback_id, None)
        return freed[0] if freed else None

    def holders(self, *, account_id: str) -> Sequence[Lease]:
        with self._lock:
            held = dict(self._of(account_id))
            self._drop_dead(held)
            return _in_order(held)

    def _of(self, account_id: str) -> dict[str, tuple[Lease, float]]:
        if self.down:
            raise UnavailableError("live positions do not answer")
        return self._taken.setdefault(account_id, {})

    def _drop_dead(self, taken: dict[str, tuple[Lease, float]]) -> None:
        for playback_id, (lease, at) in [*taken.items()]:
            word = self._plays(lease.profile_id, playback_id)
            age = self._clock() - at
            if not is_held(last_word=word, age_seconds=age, lease=self._seconds):
                del taken[playback_id]


def _in_order(taken: dict[str, tuple[Lease, float]]) -> tuple[Lease, ...]:
    leases = [lease for lease, _ in taken.values()]
    return tuple(sorted(leases, key=lambda lease: (lease.since, lease.playback_id)))
