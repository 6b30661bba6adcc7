"""Subtitles as WebVTT: cut out of the source or read from files, checked, one folder a language."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reprise.domain.languages import UNKNOWN, tag_or_unknown
from reprise_local.errors import LocalError
from reprise_local.media import ffmpeg
from reprise_local.media.languages import tag_of
from reprise_local.media.playlists import MEDIA, subtitles_playlist
from reprise_local.media.probe import Source

CUES = "cues.vtt"
_HEADER = "WEBVTT"
_TIMES = "X-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000"
"""Segments without it are in nobody's time (RFC 8216, 3.5); outside HLS the line is ignored."""


@dataclass(frozen=True, slots=True)
class Text:
    """One language: a file, and which stream of it where it has several."""

    language: str
    path: Path
    stream: int = 0


def texts_of(source: Source, files: Mapping[str, Path]) -> tuple[Text, ...]:
    """Return the languages there are; a file given beside the source wins over its own stream.

    Raises:
        LocalError: a file is missing or its language is none.
    """
    found: dict[str, Text] = {}
    for code, path in files.items():
        if not path.is_file():
            raise LocalError(f"no such file: {path}")
        found[tag_of(code)] = Text(tag_of(code), path.resolve())
    for stream in source.texts:
        language = tag_or_unknown(stream.language)
        if language != UNKNOWN:
            found.setdefault(language, Text(language, source.path, stream.index))
    return tuple(found.values())


def convert(text: Text, *, folder: Path, duration: float) -> None:
    """Write the cues and their playlist.

    Raises:
        LocalError: it is not a subtitle file, or none of its cues can be read.
    """
    title = f"subtitles {text.language} of {text.path.name}"
    arguments = ["-i", str(text.path), "-map", f"0:{text.stream}", "-f", "webvtt", CUES]
    ffmpeg.run(arguments, folder=folder, title=title)
    written = (folder / CUES).read_text(encoding="utf-8")
    if "-->" not in written:
        raise LocalError(f"{title}: not a single cue in it")
    body = written.removeprefix(_HEADER).lstrip("\n")
    (folder / CUES).write_text(f"{_HEADER}\n{_TIMES}\n\n{body}", encoding="utf-8")
    playlist = subtitles_playlist(name=CUES, duration=duration)
    (folder / MEDIA).write_text(playlist, encoding="utf-8")
