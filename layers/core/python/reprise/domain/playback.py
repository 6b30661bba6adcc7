"""A playback: one viewer who plays one item, from a manifest to the last report.

Its id is ours. What it plays is remembered with it, so that a player which comes back after a long
pause needs nothing but the id.
"""

from dataclasses import dataclass

from reprise.domain.catalog import Item

REMEMBERED_SECONDS = 3 * 86_400
"""How long a playback can be gone on with after its last grant: a pause over a weekend."""


@dataclass(frozen=True, slots=True)
class Playback:
    """What is being played; `item_id` is the film's own id or the episode's.

    `holder` is whom its grants are made out to, from the first to the last: its URLs name them.
    """

    id: str
    video_id: str
    item_id: str
    holder: str

    @property
    def episode_id(self) -> str | None:
        """None for a film."""
        return self.item_id if self.item_id != self.video_id else None


@dataclass(frozen=True, slots=True)
class Spot:
    """What starting a player needs of a place, in media seconds."""

    position: float
    completed: bool


def resume_position(spot: Spot | None, *, item: Item) -> float:
    """Return where to start: what was watched to its end starts over."""
    if spot is None or spot.completed:
        return 0.0
    return min(spot.position, item.duration)
