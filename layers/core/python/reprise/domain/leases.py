"""How many screens an account may play on at once, and how long one is held without a word.

A lease belongs to a playback, not to a log-in: signed-in devices that don't play cost nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reprise.domain.identity import Device
from reprise.domain.policy import ForbiddenError

SCREENS: Final = {"basic": 1, "standard": 2, "premium": 4}
MISSED_REPORTS = 3
GRACE_SECONDS = 5
"""For the third report to arrive."""


def screens_of(plan: str) -> int:
    """Return how many screens a plan has; one of an unknown plan, which locks nobody out."""
    return SCREENS.get(plan, 1)


def lease_seconds(*, report_seconds: int = 30) -> int:
    """Return how long a lease lives without a report: until the third in a row is missing."""
    return MISSED_REPORTS * report_seconds + GRACE_SECONDS


@dataclass(frozen=True, slots=True)
class Lease:
    """One screen in use. `since` is when it was taken, in Unix seconds; `title` is shown.

    The profile is the one that plays: its reports are what keeps the screen.
    """

    playback_id: str
    profile_id: str
    device: Device
    title: str
    since: int


def is_held(*, last_word: bool | None, age_seconds: float, lease: float) -> bool:
    """Whether a screen is still in use, `age_seconds` after it was taken or taken again.

    `last_word` is what its playback said within a lease: it goes on, it stopped, or nothing (None),
    as one does that was only just started.
    """
    return age_seconds < lease if last_word is None else last_word


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether a screen was had, and else who holds all of them, the oldest first."""

    ok: bool
    holders: tuple[Lease, ...] = ()


class ScreensTakenError(ForbiddenError):
    """Every screen of the plan is in use; `holders` are who has them, the oldest first."""

    def __init__(self, holders: Sequence[Lease]) -> None:
        super().__init__("every screen of this plan is in use", reason="screens")
        self.holders = tuple(holders)
