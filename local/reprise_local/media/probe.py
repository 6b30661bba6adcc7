"""What a source file holds, as ffprobe sees it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from reprise_local.errors import LocalError
from reprise_local.media import ffmpeg

MAXIMUM_RATE = 60
_TEXT_SUBTITLES = {"subrip", "ass", "ssa", "webvtt", "mov_text", "text"}
_INTERLACED = {"tt", "bb", "tb", "bt"}
_HIGH_DYNAMIC_RANGE = {"smpte2084", "arib-std-b67"}
_UNKNOWN = "und"


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream of sound or text by its index; `language` as the file says, `und` where it won't."""

    index: int
    language: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be encoded. Width and height are as shown, square pixels, right way up."""

    path: Path
    width: int
    height: int
    rate: Fraction
    frames: int
    video: int
    interlaced: bool
    sounds: tuple[Stream, ...]
    texts: tuple[Stream, ...]

    @property
    def duration(self) -> float:
        return float(self.frames / self.rate)


def probe(path: Path) -> Source:
    """Raises:
    LocalError: no such file, not readable as media, or nothing in it that can be shown.
    """
    path = path.resolve()
    if not path.is_file():
        raise LocalError(f"no such file: {path}")
    facts = _facts(path)
    streams: Sequence[Mapping[str, Any]] = facts.get("streams", [])
    pictures = [
        stream
        for stream in streams
        if stream.get("codec_type") == "video"
        and not stream.get("disposition", {}).get("attached_pic")
    ]
    if not pictures:
        raise LocalError(f"{path.name} has no video stream")
    return _source(path, pictures[0], streams, facts.get("format", {}))


def _facts(path: Path) -> Mapping[str, Any]:
    code, output, complaints = ffmpeg.capture(
        "ffprobe", ["-v", "error", "-of", "json", "-show_format", "-show_streams", str(path)]
    )
    if code != 0:
        said = complaints.strip().splitlines()
        reason = said[-1].removeprefix(f"{path}: ") if said else "no media"
        raise LocalError(f"{path.name} cannot be read: {reason}")
    facts: Mapping[str, Any] = json.loads(output)
    return facts


def _source(
    path: Path,
    picture: Mapping[str, Any],
    streams: Sequence[Mapping[str, Any]],
    container: Mapping[str, Any],
) -> Source:
    if picture.get("color_transfer") in _HIGH_DYNAMIC_RANGE:
        raise LocalError(f"{path.name} is HDR: convert it to BT.709 first")
    rate = _rate(picture)
    duration = float(picture.get("duration") or container.get("duration") or 0)
    width, height = _shown_size(picture)
    if not rate or not width or not height or duration * rate < 1:
        raise LocalError(f"{path.name} has a video stream without pictures, or without its length")
    return Source(
        path=path,
        width=width,
        height=height,
        rate=rate,
        frames=round(duration * rate),
        video=int(picture["index"]),
        interlaced=picture.get("field_order") in _INTERLACED,
        sounds=tuple(_stream(stream) for stream in streams if stream.get("codec_type") == "audio"),
        texts=tuple(
            _stream(stream) for stream in streams if stream.get("codec_name") in _TEXT_SUBTITLES
        ),
    )


def _rate(picture: Mapping[str, Any]) -> Fraction:
    """Return frames per second: the average, as a constant rate that no screen is too slow for."""
    text = next(
        (picture[key] for key in ("avg_frame_rate", "r_frame_rate") if _is_rate(picture.get(key))),
        None,
    )
    if text is None:
        return Fraction(0)
    rate = Fraction(text)
    rate = rate if rate.denominator in {1, 1001} else rate.limit_denominator(100)
    while rate > MAXIMUM_RATE:
        rate /= 2
    return rate


def _is_rate(text: str | None) -> bool:
    return bool(text) and not str(text).startswith("0") and not str(text).endswith("/0")


def _shown_size(picture: Mapping[str, Any]) -> tuple[int, int]:
    width, height = int(picture.get("width", 0)), int(picture.get("height", 0))
    ratio = str(picture.get("sample_aspect_ratio", "1:1")).replace(":", "/")
    if _is_rate(ratio):
        width = round(width * Fraction(ratio))
    turned = any(
        abs(int(data.get("rotation", 0))) % 180 == 90 for data in picture.get("side_data_list", [])
    )
    return (height, width) if turned else (width, height)


def _stream(stream: Mapping[str, Any]) -> Stream:
    return Stream(int(stream["index"]), stream.get("tags", {}).get("language", _UNKNOWN))
