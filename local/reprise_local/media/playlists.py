"""The text of every playlist, from measured tracks (RFC 8216 and its second edition's I-frames)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from reprise_local.media.recipes import INIT
from reprise_local.media.tracks import Rates, Segment, Track

MEDIA = "index.m3u8"
IFRAMES = "iframes.m3u8"
OPENING_BITRATE = 1_500_000
"""The first variant is where players begin: the best that most connections carry at once."""

_SOUND, _TEXT = "audio", "subtitles"


@dataclass(frozen=True, slots=True)
class Variant:
    """A rung in a master playlist; `folder` is relative to it, `frame_rate` frames a second."""

    folder: str
    width: int
    height: int
    frame_rate: float
    track: Track


@dataclass(frozen=True, slots=True)
class Alternative:
    """A language of the sound (then with its track) or of the subtitles."""

    folder: str
    language: str
    name: str
    track: Track | None = None


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


def master_playlist(
    *, variants: Sequence[Variant], sounds: Sequence[Alternative], texts: Sequence[Alternative]
) -> str:
    """Return the playlist of these variants, best first but for the one to begin with."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for place, sound in enumerate(sounds):
        default = "YES" if place == 0 else "NO"
        lines.append(_alternative("AUDIO", _SOUND, sound, f'DEFAULT={default},CHANNELS="2"'))
    lines += [_alternative("SUBTITLES", _TEXT, text, "DEFAULT=NO,FORCED=NO") for text in texts]
    for variant in _opening_first(variants, sounds):
        lines += [_stream(variant, sounds, texts), f"{variant.folder}/{MEDIA}"]
    lines += [_iframes(variant) for variant in variants]
    return "\n".join(lines) + "\n"


def variant_rates(variant: Variant, sounds: Iterable[Alternative]) -> Rates:
    """Return the rates of a rung with the dearest sound that may play beside it."""
    heard = [sound.track.rates for sound in sounds if sound.track]
    seen = variant.track.rates
    return Rates(
        peak=seen.peak + max((rates.peak for rates in heard), default=0),
        average=seen.average + max((rates.average for rates in heard), default=0),
    )


def variant_codecs(variant: Variant, sounds: Iterable[Alternative]) -> str:
    heard = [sound.track.codec for sound in sounds if sound.track]
    return ",".join(dict.fromkeys([variant.track.codec, *heard]))


def _opening_first(variants: Sequence[Variant], sounds: Sequence[Alternative]) -> list[Variant]:
    affordable = [v for v in variants if variant_rates(v, sounds).average <= OPENING_BITRATE]
    opening = affordable[0] if affordable else variants[-1]
    return [opening, *(variant for variant in variants if variant is not opening)]


def _stream(variant: Variant, sounds: Sequence[Alternative], texts: Sequence[Alternative]) -> str:
    rates = variant_rates(variant, sounds)
    attributes = [
        f"BANDWIDTH={rates.peak}",
        f"AVERAGE-BANDWIDTH={rates.average}",
        f'CODECS="{variant_codecs(variant, sounds)}"',
        f"RESOLUTION={variant.width}x{variant.height}",
        f"FRAME-RATE={variant.frame_rate:.3f}",
        *([f'AUDIO="{_SOUND}"'] if sounds else []),
        *([f'SUBTITLES="{_TEXT}"'] if texts else []),
        "CLOSED-CAPTIONS=NONE",
    ]
    return f"#EXT-X-STREAM-INF:{','.join(attributes)}"


def _iframes(variant: Variant) -> str:
    rates = variant.track.keyframe_rates
    return (
        f"#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH={rates.peak},AVERAGE-BANDWIDTH={rates.average}"
        f',CODECS="{variant.track.codec}",RESOLUTION={variant.width}x{variant.height}'
        f',URI="{variant.folder}/{IFRAMES}"'
    )


def _alternative(kind: str, group: str, chosen: Alternative, more: str) -> str:
    return (
        f'#EXT-X-MEDIA:TYPE={kind},GROUP-ID="{group}",NAME="{chosen.name}"'
        f',LANGUAGE="{chosen.language}",AUTOSELECT=YES,{more},URI="{chosen.folder}/{MEDIA}"'
    )


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
