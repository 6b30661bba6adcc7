"""A finished track as it was measured: what its segments hold, and how much they cost to carry."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from reprise.domain.packaging import Rates, rates_of
from reprise_local.media.boxes import Fragment, MalformedError, codec_of, fragment_of, timescale_of
from reprise_local.media.recipes import INIT

SEGMENT_PATTERN = "[0-9]*.m4s"
FACTS = "track.json"


@dataclass(frozen=True, slots=True)
class Segment:
    """Seconds and bytes; the first `keyframe_size` bytes are its first picture."""

    name: str
    start: float
    duration: float
    size: int
    keyframe_size: int
    starts_with_keyframe: bool


@dataclass(frozen=True, slots=True)
class Track:
    """A rung or a language of the sound. `codec` is as RFC 6381 has it."""

    codec: str
    segments: tuple[Segment, ...]

    @property
    def duration(self) -> float:
        return sum(segment.duration for segment in self.segments)

    @property
    def is_video(self) -> bool:
        return not self.codec.startswith("mp4a")

    @property
    def rates(self) -> Rates:
        return rates_of([(segment.duration, segment.size) for segment in self.segments])

    @property
    def keyframe_rates(self) -> Rates:
        return rates_of([(segment.duration, segment.keyframe_size) for segment in self.segments])

    def save(self, folder: Path) -> None:
        (folder / FACTS).write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Track":
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        return cls(facts["codec"], tuple(Segment(**segment) for segment in facts["segments"]))


def measure(folder: Path) -> Track:
    """Return what ffmpeg wrote here.

    Raises:
        MalformedError: it is not what a playlist could promise.
    """
    init = (folder / INIT).read_bytes()
    scale = timescale_of(init)
    fragments = [
        (path.name, path.stat().st_size, fragment_of(path.read_bytes()))
        for path in sorted(folder.glob(SEGMENT_PATTERN))
    ]
    _refuse_gaps([fragment for _, _, fragment in fragments])
    return Track(
        codec=codec_of(init),
        segments=tuple(
            Segment(
                name=name,
                start=fragment.start / scale,
                duration=fragment.duration / scale,
                size=size,
                keyframe_size=fragment.first_sample_end,
                starts_with_keyframe=fragment.starts_with_keyframe,
            )
            for name, size, fragment in fragments
        ),
    )


def _refuse_gaps(fragments: Sequence[Fragment]) -> None:
    expected = 0
    for fragment in fragments:
        if fragment.start != expected:
            raise MalformedError(f"a segment starts at {fragment.start} instead of {expected}")
        expected += fragment.duration
    if expected == 0:
        raise MalformedError("no segments")
