"""What a profile likes, told by what it watches to the end."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Completions:
    """Viewings of one film or episode that completed, by when each started (µs).

    `duration` is the length of the item in seconds; its genres are those of the title `video_id`.
    """

    profile_id: str
    video_id: str
    item_id: str
    duration: float
    viewings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GenrePreference:
    """How often a profile completed something of a genre, and how long that was in all."""

    genre_id: str
    completions: int
    seconds: float
