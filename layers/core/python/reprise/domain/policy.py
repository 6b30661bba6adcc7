"""The one gate: may this viewer see or play this title now? It fails closed."""

from dataclasses import dataclass
from typing import Literal

from reprise.domain.catalog import Title
from reprise.domain.errors import RepriseError
from reprise.domain.identity import PolicyFacts

type Refusal = Literal["maturity", "region", "plan", "kids", "pin", "screens"]

UNLIMITED_MATURITY = 5
KIDS_MATURITY = 2
LEAVING_SECONDS = 30 * 86_400
"""How long before its end a title is said to leave."""


class ForbiddenError(RepriseError):
    """The policy refuses; `reason` is one that a client can show."""

    def __init__(self, message: str, *, reason: Refusal) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Gate:
    """The policy facts of a viewer, applied to titles at `now` (Unix seconds)."""

    facts: PolicyFacts
    now: int

    def refusal(self, title: Title) -> Refusal | None:
        """Return why the title is refused, or None where it is allowed.

        The rating is that of the viewer's region. One nobody mapped is blocked for every limited
        profile, a region without a window is closed, and a kids profile never exceeds level 2
        whatever its stored level says.
        """
        facts = self.facts
        if not self._in_region(title):
            return "region"
        if facts.plan not in title.plans:
            return "plan"
        level = title.level_in(facts.region)
        if facts.kids and (level is None or level > KIDS_MATURITY):
            return "kids"
        limit = facts.maturity_level
        if limit < UNLIMITED_MATURITY and (level is None or level > limit):
            return "maturity"
        return None

    def allows(self, title: Title) -> bool:
        return self.refusal(title) is None

    def check(self, title: Title) -> None:
        """Raises:
        ForbiddenError: the title is refused.
        """
        reason = self.refusal(title)
        if reason is not None:
            raise ForbiddenError(f"this profile may not watch this title ({reason})", reason=reason)

    def leaves_at(self, title: Title) -> int | None:
        """Return the Unix second at which the title leaves the viewer's region, if within 30 days.

        None for one that stays longer, or is not there.
        """
        region, now, horizon = self.facts.region, self.now, self.now + LEAVING_SECONDS
        for window in title.windows:
            if (
                window.region == region
                and window.starts_at <= now
                and (window.ends_at is None or window.ends_at > horizon)
            ):
                return None  # nearly every title of every row
        leaves_at = title.leaves_at(region=region, now=now)
        return leaves_at if leaves_at is not None and leaves_at <= horizon else None

    def _in_region(self, title: Title) -> bool:
        region, now = self.facts.region, self.now
        for window in title.windows:  # noqa: SIM110  # a whole catalog passes here: half the time
            if window.region == region and window.is_open(now=now):
                return True
        return False
