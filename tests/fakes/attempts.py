"""`AttemptLimits` in memory."""

from collections.abc import Callable, Mapping

from reprise.domain.allowance import Allowance
from reprise.domain.attempts import LIMITS, TOLD, Attempt, Limit
from reprise.domain.errors import UnavailableError


class FakeAttempts:
    """Counts by (kind, key) within the limit's window; `down` makes it fail."""

    def __init__(
        self,
        *,
        limits: Mapping[Attempt, Limit] = LIMITS,
        on_allowance: Callable[[Allowance], None] = lambda _: None,
        clock: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self.made: dict[tuple[Attempt, str], list[float]] = {}
        self.down = False
        self._limits = limits
        self._on_allowance = on_allowance
        self._clock = clock

    def hit(self, *, kind: Attempt, key: str) -> int | None:
        self._answer()
        limit, now = self._limits[kind], self._clock()
        kept = [at for at in self.made.get((kind, key), []) if at >= now - limit.seconds]
        taken = len(kept) < limit.times
        if taken:
            self.made[kind, key] = kept = [*kept, now]
        wait = max(1, round(kept[-limit.times :][0] + limit.seconds - now))
        if kind in TOLD:
            left = max(0, limit.times - len(kept))
            self._on_allowance(Allowance(TOLD[kind], limit.times, limit.seconds, left, wait))
        return None if taken else wait

    def clear(self, *, kind: Attempt, key: str) -> None:
        self._answer()
        self.made.pop((kind, key), None)

    def _answer(self) -> None:
        if self.down:
            raise UnavailableError("attempts cannot be counted now")
