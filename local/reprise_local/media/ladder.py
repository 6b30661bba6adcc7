"""Which rungs a source gets: never larger than it is, at the bit rates of the design."""

from dataclasses import dataclass
from fractions import Fraction

from reprise.domain.qualities import LADDER, Quality

_MACROBLOCK = 16


@dataclass(frozen=True, slots=True)
class Rung:
    """One encoding of the pictures. `level` is H.264's, as ffmpeg takes it."""

    name: str
    width: int
    height: int
    bitrate: int
    level: str
    codec: str = "h264"


@dataclass(frozen=True, slots=True)
class _Level:
    """H.264's table A-1: macroblocks a second and a frame, bits a second (High profile)."""

    name: str
    speed: int
    size: int
    bitrate: int


_LEVELS = (
    _Level("1.3", 11_880, 396, 960_000),
    _Level("2.1", 19_800, 792, 5_000_000),
    _Level("2.2", 20_250, 1_620, 5_000_000),
    _Level("3.0", 40_500, 1_620, 12_500_000),
    _Level("3.1", 108_000, 3_600, 17_500_000),
    _Level("3.2", 216_000, 5_120, 25_000_000),
    _Level("4.0", 245_760, 8_192, 25_000_000),
    _Level("4.2", 522_240, 8_704, 62_500_000),
    _Level("5.0", 589_824, 22_080, 168_750_000),
    _Level("5.1", 983_040, 36_864, 300_000_000),
    _Level("5.2", 2_073_600, 36_864, 300_000_000),
)
HEADROOM = Fraction(11, 10)
"""Of the encoder's ceiling over the rung's bit rate."""


def rungs_for(*, width: int, height: int, rate: Fraction, hevc: bool = False) -> tuple[Rung, ...]:
    """Return the rungs of a source of this size, best first.

    A picture is fitted into the box of its quality; a quality whose box would enlarge it is left
    out. A source smaller than every box gets the lowest quality at its own size. With `hevc` what
    is larger than 1080p is encoded in it.
    """
    fitting = [quality for quality in LADDER if _scale(quality, width, height) <= 1]
    chosen = fitting or [LADDER[-1]]
    return tuple(_rung(quality, width, height, rate, hevc) for quality in chosen)


def _scale(quality: Quality, width: int, height: int) -> Fraction:
    return min(Fraction(quality.width, width), Fraction(quality.height, height))


def _rung(quality: Quality, width: int, height: int, rate: Fraction, hevc: bool) -> Rung:
    scale = min(_scale(quality, width, height), Fraction(1))
    wide, high = _even(width * scale), _even(height * scale)
    codec = "hevc" if hevc and quality.height > 1080 else "h264"
    level = _level(wide, high, rate, quality.bitrate)
    return Rung(quality.name, wide, high, quality.bitrate, level, codec)


def _even(length: Fraction) -> int:
    return max(2, 2 * round(length / 2))


def _level(width: int, height: int, rate: Fraction, bitrate: int) -> str:
    blocks = -(-width // _MACROBLOCK) * -(-height // _MACROBLOCK)
    for level in _LEVELS:
        enough = level.size >= blocks and level.speed >= blocks * rate
        if enough and level.bitrate >= bitrate * HEADROOM:
            return level.name
    return _LEVELS[-1].name
