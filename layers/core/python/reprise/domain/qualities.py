"""Which qualities there are, and which of them a plan may play.

Packaging writes one master playlist a plan from this table, and the manifest route answers from it:
what a player is told and what it finds are the same list.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quality:
    """A rung of the ladder: the box that pictures are fitted into, and bits per second of video."""

    name: str
    width: int
    height: int
    bitrate: int


LADDER = (
    Quality("4k", 3840, 2160, 15_000_000),
    Quality("1080p", 1920, 1080, 5_800_000),
    Quality("720p", 1280, 720, 3_000_000),
    Quality("480p", 854, 480, 1_050_000),
    Quality("360p", 640, 360, 560_000),
    Quality("288p", 512, 288, 365_000),
    Quality("240p", 426, 240, 235_000),
    Quality("144p", 256, 144, 145_000),
)
"""Best first."""

BEST_OF_PLAN = {"basic": "720p", "standard": "1080p", "premium": "4k"}


def allowed_qualities(plan: str) -> tuple[str, ...]:
    """Return the names of what a plan may play, best first; nothing for a plan nobody knows."""
    names = tuple(quality.name for quality in LADDER)
    best = BEST_OF_PLAN.get(plan)
    return () if best is None else names[names.index(best) :]
