"""A finished track as it was measured: what its segments hold, and how much they cost to carry."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from reprise_local.media.boxes import Fragment, MalformedError, codec_of, fragment_of, timescale_of
from reprise_local.media.recipes import INIT, SEGMENT_SECONDS

SEGMENT_PATTERN = "[0-9]*.m4s"
FACTS = "track.json"
_SHORTEST, _LONGEST = 0.5, 1.5
"""Times the target duration: runs of segments whose bit rate can be the peak (RFC 8216, 4.1)."""


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
class Rates:
    """Bits per second, rounded up."""

    peak: int
    average: int


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


def rates_of(pieces: Sequence[tuple[float, int]]) -> Rates:
    """Return the rates of consecutive pieces, each given by its seconds and bytes.

    The peak is that of the dearest run of pieces between 0.5 and 1.5 times as long as a segment is
    meant to be, as RFC 8216 has it: a last piece of a moment doesn't count alone.
    """
    seconds = sum(piece[0] for piece in pieces)
    average = 8 * sum(piece[1] for piece in pieces) / seconds
    peak = max(_rates_of_runs(pieces), default=average)
    return Rates(peak=-int(-max(peak, average) // 1), average=-int(-average // 1))


def _rates_of_runs(pieces: Sequence[tuple[float, int]]) -> Iterator[float]:
    for first in range(len(pieces)):
        seconds, size = 0.0, 0
        for duration, length in pieces[first:]:
            seconds, size = seconds + duration, size + length
            if seconds > _LONGEST * SEGMENT_SECONDS:
                break
            if seconds >= _SHORTEST * SEGMENT_SECONDS:
                yield 8 * size / seconds


def _refuse_gaps(fragments: Sequence[Fragment]) -> None:
    expected = 0
    for fragment in fragments:
        if fragment.start != expected:
            raise MalformedError(f"a segment starts at {fragment.start} instead of {expected}")
        expected += fragment.duration
    if expected == 0:
        raise MalformedError("no segments")
