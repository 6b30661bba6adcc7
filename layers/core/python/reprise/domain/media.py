"""What is published of one film or episode: its renditions, subtitles and storyboard.

Paths are keys of the media bucket. Each publication has a folder of its own, named after what it
was made from, so nothing under a path ever changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from reprise.domain.qualities import LADDER, allowed_qualities

SEGMENT_SECONDS = 4
MEDIA_FOLDER = "media/"
"""What every path begins with. Players reach it under the URL of media."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """One quality as it was measured, its sound included; bit rates are per second.

    `bitrate` is the peak of any segment, what a connection must carry without a buffer.
    """

    quality: str
    bitrate: int
    average_bitrate: int
    width: int
    height: int
    codecs: str
    frame_rate: float
    path: str


@dataclass(frozen=True, slots=True)
class Subtitles:
    """One language (BCP 47) as a WebVTT file of the whole item."""

    language: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Storyboard:
    """A WebVTT file that points into sheets of small pictures, one every `interval` seconds."""

    path: str
    width: int
    height: int
    interval: float


@dataclass(frozen=True, slots=True)
class Media:
    """A publication. `path` is its folder, `duration` the measured seconds; renditions best first.

    `item_id` is the film's own id or the episode's.
    """

    item_id: str
    path: str
    duration: float
    renditions: tuple[Rendition, ...]
    subtitles: tuple[Subtitles, ...] = ()
    storyboard: Storyboard | None = None

    def master_path(self, plan: str) -> str:
        """Return the master playlist that lists what this plan may play and no more."""
        return f"{self.path}/{master_name(plan)}"

    def allowed(self, plan: str) -> Sequence[Rendition]:
        """Return the renditions that a plan may play, best first."""
        names = allowed_qualities(plan)
        return [rendition for rendition in self.renditions if rendition.quality in names]

    def missing(self, plan: str) -> Sequence[str]:
        """Return what the plan may play and is not there, though something better is.

        A source is packaged in its own quality and all below: a gap is a rendition that was lost.
        """
        there = {rendition.quality for rendition in self.renditions}
        names = [quality.name for quality in LADDER]
        best = min(map(names.index, there & set(names)), default=len(names))
        return [name for name in allowed_qualities(plan) if name not in there.union(names[:best])]


@dataclass(frozen=True, slots=True)
class Runtime:
    """What the catalog is to believe of an item from now on, in media seconds."""

    duration: float
    credits_start: float | None = None


def master_name(plan: str) -> str:
    return f"{plan}.m3u8"


def url_of(path: str, *, media_url: str, holder: str) -> str:
    """Return where the holder of a grant finds a path; `media_url` as in `https://host/media`."""
    return f"{media_url}/{holder}/{quote(path.removeprefix(MEDIA_FOLDER))}"
