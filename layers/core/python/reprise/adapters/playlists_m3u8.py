"""Playlists as the m3u8 library reads them in its strict mode."""

from collections.abc import Mapping, Sequence
from typing import Any

from m3u8 import parser, version_matching

from reprise.domain.packages import (
    ListedAlternative,
    ListedVariant,
    MasterPlaylist,
    MediaPlaylist,
    Piece,
    UnfitPackageError,
)

type Parsed = Mapping[str, Any]

_MALFORMED = (parser.ParseError, ValueError, LookupError, TypeError, AttributeError)
"""What the library lets through of its own reading besides the one error that it means."""


class StrictPlaylists:
    """The port `PlaylistReader`."""

    def master(self, text: str, *, name: str) -> MasterPlaylist:
        parsed = _parsed(text, name)
        if not parsed["is_variant"]:
            raise UnfitPackageError([f"{name} is no master playlist"])
        try:
            return MasterPlaylist(
                variants=tuple(_variant(entry) for entry in parsed["playlists"]),
                sounds=_alternatives(parsed, "AUDIO"),
                texts=_alternatives(parsed, "SUBTITLES"),
                iframes=tuple(entry["uri"] for entry in parsed["iframe_playlists"]),
            )
        except _MALFORMED as error:
            raise _unfit(name, error) from error

    def media(self, text: str, *, name: str) -> MediaPlaylist:
        parsed = _parsed(text, name)
        if parsed["is_variant"]:
            raise UnfitPackageError([f"{name} is a master playlist, not one of a track"])
        try:
            return MediaPlaylist(
                pieces=tuple(_piece(segment) for segment in parsed["segments"]),
                inits=frozenset(entry["uri"] for entry in parsed["segment_map"]),
                ended=bool(parsed["is_endlist"]),
            )
        except _MALFORMED as error:
            raise _unfit(name, error) from error


def _parsed(text: str, name: str) -> Parsed:
    if not text.startswith("#EXTM3U"):
        raise UnfitPackageError([f"{name} is no playlist"])
    try:
        # The parser would raise these as a bare Exception.
        broken = version_matching.validate(text.splitlines())
        if broken:
            raise UnfitPackageError([f"{name}: {broken[0].description}"])
        parsed: Parsed = parser.parse(text, strict=True)
    except _MALFORMED as error:
        raise _unfit(name, error) from error
    return parsed


def _unfit(name: str, error: Exception) -> UnfitPackageError:
    return UnfitPackageError([f"{name} can't be read: {type(error).__name__} {error}"])


def _variant(entry: Parsed) -> ListedVariant:
    said = entry["stream_info"]
    width, height = said["resolution"].split("x")
    codecs = [codec.strip() for codec in said["codecs"].split(",")]
    sounds = [codec for codec in codecs if codec.startswith("mp4a")]
    pictures = [codec for codec in codecs if codec not in sounds]
    return ListedVariant(
        uri=entry["uri"],
        width=int(width),
        height=int(height),
        frame_rate=float(said["frame_rate"]),
        codec=pictures[0],
        sound_codec=next(iter(sounds), None),
    )


def _alternatives(parsed: Parsed, kind: str) -> tuple[ListedAlternative, ...]:
    """Return what has a playlist of its own; sound in the pictures' files has none."""
    entries: Sequence[Parsed] = parsed["media"]
    return tuple(
        ListedAlternative(entry["uri"], entry.get("language", ""))
        for entry in entries
        if entry["type"] == kind and "uri" in entry
    )


def _piece(segment: Parsed) -> Piece:
    said = segment.get("byterange")
    size = None if said is None else int(said.partition("@")[0])
    return Piece(segment["uri"], float(segment["duration"]), size)
