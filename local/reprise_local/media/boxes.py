"""Reads of fragmented MP4 what playlists must say: codecs, durations, keyframes, byte ranges.

Box and field names are those of ISO/IEC 14496-12, -14 and -15.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from reprise_local.errors import LocalError

_VISUAL_ENTRY = 78
_AUDIO_ENTRY = 28
_NOT_SYNC = 0x0001_0000
_TFHD_DURATION, _TFHD_SIZE, _TFHD_FLAGS = 0x08, 0x10, 0x20
_TFHD_BASE, _TFHD_DESCRIPTION = 0x01, 0x02
_TRUN_OFFSET, _TRUN_FIRST_FLAGS = 0x001, 0x004
_TRUN_DURATION, _TRUN_SIZE, _TRUN_FLAGS, _TRUN_CTS = 0x100, 0x200, 0x400, 0x800


class MalformedError(LocalError):
    """This is not the fragmented MP4 that ffmpeg was asked for."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """One segment: its ticks, and how many of its bytes are needed for its first picture."""

    start: int
    duration: int
    samples: int
    first_sample_end: int
    starts_with_keyframe: bool


def timescale_of(init: bytes) -> int:
    """Return the ticks of a second of the one track."""
    header = _inside(init, "moov", "trak", "mdia", "mdhd")
    long = header[0] == 1
    scale: int = struct.unpack_from(">I", header, 20 if long else 12)[0]
    return scale


def codec_of(init: bytes) -> str:
    """Return the track's codec as RFC 6381 has it, such as `avc1.64001f` or `mp4a.40.2`."""
    kind, entry = next(_boxes(_inside(init, "moov", "trak", "mdia", "minf", "stbl", "stsd")[8:]))
    if kind == "avc1":
        return f"avc1.{_inside(entry[_VISUAL_ENTRY:], 'avcC')[1:4].hex()}"
    if kind == "hvc1":
        return _hevc(_inside(entry[_VISUAL_ENTRY:], "hvcC"))
    if kind == "mp4a":
        return f"mp4a.40.{_audio_object_type(_inside(entry[_AUDIO_ENTRY:], 'esds'))}"
    raise MalformedError(f"a track of {kind}, which nobody asked for")


def fragment_of(segment: bytes) -> Fragment:
    """Raises:
    MalformedError: it is not one fragment of one track.
    """
    tops = [(kind, start, end) for kind, start, end in _spans(segment)]
    fragments = [(start, end) for kind, start, end in tops if kind == "moof"]
    if len(fragments) != 1:
        raise MalformedError(f"a segment of {len(fragments)} fragments")
    start, end = fragments[0]
    traf = _inside(segment[start + 8 : end], "traf")
    decoded_from = _inside(traf, "tfdt")
    begins: int = struct.unpack_from(">Q" if decoded_from[0] == 1 else ">I", decoded_from, 4)[0]
    defaults = _defaults(_inside(traf, "tfhd"))
    run = _Run.read(_inside(traf, "trun"), defaults)
    return Fragment(
        start=begins,
        duration=run.duration,
        samples=run.samples,
        first_sample_end=start + run.data_offset + run.first_size,
        starts_with_keyframe=not run.first_flags & _NOT_SYNC,
    )


@dataclass(frozen=True, slots=True)
class _Defaults:
    duration: int = 0
    size: int = 0
    flags: int = 0


def _defaults(header: bytes) -> _Defaults:
    flags = int.from_bytes(header[1:4])
    at = 8 + (8 if flags & _TFHD_BASE else 0) + (4 if flags & _TFHD_DESCRIPTION else 0)
    values = []
    for flag in (_TFHD_DURATION, _TFHD_SIZE, _TFHD_FLAGS):
        values.append(int.from_bytes(header[at : at + 4]) if flags & flag else 0)
        at += 4 if flags & flag else 0
    return _Defaults(*values)


@dataclass(frozen=True, slots=True)
class _Run:
    samples: int
    duration: int
    data_offset: int
    first_size: int
    first_flags: int

    @classmethod
    def read(cls, run: bytes, defaults: _Defaults) -> "_Run":
        flags, samples, data_offset = struct.unpack_from(">IIi", run)
        at = 12
        first_flags = defaults.flags
        if flags & _TRUN_FIRST_FLAGS:
            first_flags = int.from_bytes(run[at : at + 4])
            at += 4
        fields = [f for f in (_TRUN_DURATION, _TRUN_SIZE, _TRUN_FLAGS, _TRUN_CTS) if flags & f]
        if not flags & _TRUN_OFFSET or samples < 1 or len(run) != at + 4 * len(fields) * samples:
            raise MalformedError("a run of samples that does not add up")
        table = struct.unpack_from(f">{len(fields) * samples}I", run, at)

        def column(field: int) -> tuple[int, ...]:
            return table[fields.index(field) :: len(fields)] if field in fields else ()

        durations, sizes, own_flags = (
            column(field) for field in (_TRUN_DURATION, _TRUN_SIZE, _TRUN_FLAGS)
        )
        return cls(
            samples=samples,
            duration=sum(durations) if durations else defaults.duration * samples,
            data_offset=data_offset,
            first_size=sizes[0] if sizes else defaults.size,
            first_flags=own_flags[0] if own_flags else first_flags,
        )


def _hevc(record: bytes) -> str:
    """Return ISO/IEC 14496-15's annex E.3: profile, compatibility, tier and level, constraints."""
    space, tier, profile = record[1] >> 6, record[1] >> 5 & 1, record[1] & 0x1F
    compatibility = int(f"{int.from_bytes(record[2:6]):032b}"[::-1], 2)
    constraints = record[6:12].rstrip(b"\0")
    parts = [
        "hvc1",
        ("", "A", "B", "C")[space] + str(profile),
        f"{compatibility:x}",
        f"{'H' if tier else 'L'}{record[12]}",
        *(f"{byte:x}" for byte in constraints),
    ]
    return ".".join(parts)


def _audio_object_type(descriptor: bytes) -> int:
    """Return the first five bits of the DecoderSpecificInfo, two descriptors deep."""
    at = 4
    for expected, skipped in ((3, 3), (4, 13), (5, 0)):
        if descriptor[at] != expected:
            raise MalformedError("an audio track without its configuration")
        at += 1
        while descriptor[at] & 0x80:
            at += 1
        at += 1 + skipped
    return descriptor[at] >> 3


def _inside(data: bytes, *path: str) -> bytes:
    for wanted in path:
        found = next((body for kind, body in _boxes(data) if kind == wanted), None)
        if found is None:
            raise MalformedError(f"no box {'/'.join(path)}")
        data = found
    return data


def _boxes(data: bytes) -> Iterator[tuple[str, bytes]]:
    for kind, start, end in _spans(data):
        yield kind, data[start + 8 : end]


def _spans(data: bytes) -> Iterator[tuple[str, int, int]]:
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if size < 8 or at + size > len(data):
            raise MalformedError(f"a box of {size} bytes in {len(data) - at}")
        yield kind.decode("latin-1"), at, at + size
        at += size
