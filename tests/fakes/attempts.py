"""`AttemptLimits` in memory."""

from collections.abc import Callable, Mapping

from reprise.domain.attempts import LIMITS, Attempt, Limit
from reprise.domain.errors import UnavailableError


class FakeAttempts:
    """Counts by (kind, key) within the limit's window; `down` makes it fail."""

    def __init__(
        self,
        *,
        limits: Mapping[Attempt, Limit] = LIMITS,
        clock: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self.made: dict[tuple[Attempt, str], list[float]] = {}
        self.down = False
        self._limits = limits
        self._clock = clock

    def hit(self, *, kind: Attempt, key: str) -> int | None:
        self._answer()
        limit, now = self._limits[kind], self._clock()
        kept = [at for at in self.made.get((kind, key), []) if at >= now - limit.seconds]
        if len(kept) >= limit.times:
            return max(1, round(kept[-limit.times] + limit.seconds - now))
        self.made[kind, key] = [*kept, now]
        return None

    def clear(self, *, kind: Attempt, key: str) -> None:
        self._answer()
        self.made.pop((kind, key), None)

    def _answer(self) -> None:
        if self.down:
            raise UnavailableError("attempts cannot be counted now")
