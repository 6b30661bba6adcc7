"""The text of a track's playlists, as it was measured (RFC 8216, its second edition's I-frames).

What lists the tracks is written by `reprise.domain.packaging`.
"""

from collections.abc import Iterable
from itertools import chain

from reprise_local.media.recipes import INIT
from reprise_local.media.tracks import Segment, Track

MEDIA = "index.m3u8"
IFRAMES = "iframes.m3u8"


def media_playlist(track: Track) -> str:
    return _vod(
        target=max(round(segment.duration) for segment in track.segments),
        lines=[
            "#EXT-X-INDEPENDENT-SEGMENTS",
            f'#EXT-X-MAP:URI="{INIT}"',
            *chain.from_iterable(_entry(segment) for segment in track.segments),
        ],
    )


def iframe_playlist(track: Track) -> str:
    """Return the keyframes alone, each as the first bytes of its segment."""
    return _vod(
        target=max(round(segment.duration) for segment in track.segments),
        lines=[
            "#EXT-X-I-FRAMES-ONLY",
            f'#EXT-X-MAP:URI="{INIT}"',
            *chain.from_iterable(
                _entry(segment, f"#EXT-X-BYTERANGE:{segment.keyframe_size}@0")
                for segment in track.segments
            ),
        ],
    )


def subtitles_playlist(*, name: str, duration: float) -> str:
    """Return one segment for the whole: subtitles may have a target duration of their own."""
    target = max(1, round(duration))
    return _vod(target=target, lines=[f"#EXTINF:{duration:.6f},", name])


def _entry(segment: Segment, *more: str) -> list[str]:
    return [f"#EXTINF:{segment.duration:.6f},", *more, segment.name]


def _vod(*, target: int, lines: Iterable[str]) -> str:
    head = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{target}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
    ]
    return "\n".join([*head, *lines, "#EXT-X-ENDLIST"]) + "\n"
