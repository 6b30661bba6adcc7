"""What an encoding is offered as, once it is measured: bit rates, catalog rows, master playlists.

Whoever packages, ffmpeg on one machine or MediaConvert, measures with these rules, so that players
are told the same of both. Playlists are those of RFC 8216 with its second edition's I-frames.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reprise.domain.media import SEGMENT_SECONDS, Rendition, master_name
from reprise.domain.qualities import BEST_OF_PLAN, allowed_qualities

OPENING_BITRATE = 1_500_000
"""The first variant is where players begin: the best that most connections carry at once."""

_SHORTEST, _LONGEST = 0.5, 1.5
"""Times the target duration: runs of segments whose bit rate can be the peak (RFC 8216, 4.1)."""

_SOUND, _TEXT = "audio", "subtitles"


@dataclass(frozen=True, slots=True)
class Rates:
    """Bits per second, rounded up."""

    peak: int
    average: int


@dataclass(frozen=True, slots=True)
class Iframes:
    """The playlist of a rung's keyframes alone; `uri` is relative to the master playlist."""

    uri: str
    rates: Rates


@dataclass(frozen=True, slots=True)
class Variant:
    """A rung; `uri` of its playlist is relative to the master, `frame_rate` frames a second."""

    quality: str
    width: int
    height: int
    frame_rate: float
    codec: str
    rates: Rates
    uri: str
    iframes: Iframes | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """A language of the sound, then with its codec and its rates, or of the subtitles."""

    uri: str
    language: str
    name: str
    codec: str | None = None
    rates: Rates | None = None


def rates_of(pieces: Sequence[tuple[float, int]]) -> Rates:
    """Return the rates of consecutive pieces, each given by its seconds and bytes.

    The peak is that of the dearest run of pieces between 0.5 and 1.5 times as long as a segment is
    meant to be, as RFC 8216 has it: a last piece of a moment doesn't count alone.
    """
    seconds = sum(piece[0] for piece in pieces)
    average = 8 * sum(piece[1] for piece in pieces) / seconds
    peak = max(_rates_of_runs(pieces), default=average)
    return Rates(peak=-int(-max(peak, average) // 1), average=-int(-average // 1))


def variant_rates(variant: Variant, sounds: Iterable[Alternative]) -> Rates:
    """Return the rates of a rung with the dearest sound that may play beside it."""
    heard = [sound.rates for sound in sounds if sound.rates]
    return Rates(
        peak=variant.rates.peak + max((rates.peak for rates in heard), default=0),
        average=variant.rates.average + max((rates.average for rates in heard), default=0),
    )


def variant_codecs(variant: Variant, sounds: Iterable[Alternative]) -> str:
    heard = [sound.codec for sound in sounds if sound.codec]
    return ",".join(dict.fromkeys([variant.codec, *heard]))


def rendition_of(variant: Variant, sounds: Sequence[Alternative], *, path: str) -> Rendition:
    """Return the row that the catalog gets of a rung; `path` is the publication's folder."""
    rates = variant_rates(variant, sounds)
    return Rendition(
        quality=variant.quality,
        bitrate=rates.peak,
        average_bitrate=rates.average,
        width=variant.width,
        height=variant.height,
        codecs=variant_codecs(variant, sounds),
        frame_rate=round(variant.frame_rate, 3),
        path=f"{path}/{variant.uri}",
    )


def master_playlists(
    *, variants: Sequence[Variant], sounds: Sequence[Alternative], texts: Sequence[Alternative]
) -> Mapping[str, str]:
    """Return the master playlist of each plan, which lists what it may play, by its file's name."""
    masters = {}
    for plan in BEST_OF_PLAN:
        names = allowed_qualities(plan)
        allowed = [variant for variant in variants if variant.quality in names]
        text = master_playlist(variants=allowed, sounds=sounds, texts=texts)
        masters[master_name(plan)] = text
    return masters


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
        lines += [_stream(variant, sounds, texts), variant.uri]
    lines += [
        _iframes(variant, variant.iframes) for variant in variants if variant.iframes is not None
    ]
    return "\n".join(lines) + "\n"


def _rates_of_runs(pieces: Sequence[tuple[float, int]]) -> Iterator[float]:
    for first in range(len(pieces)):
        seconds, size = 0.0, 0
        for duration, length in pieces[first:]:
            seconds, size = seconds + duration, size + length
            if seconds > _LONGEST * SEGMENT_SECONDS:
                break
            if seconds >= _SHORTEST * SEGMENT_SECONDS:
                yield 8 * size / seconds


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


def _iframes(variant: Variant, iframes: Iframes) -> str:
    rates = iframes.rates
    return (
        f"#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH={rates.peak},AVERAGE-BANDWIDTH={rates.average}"
        f',CODECS="{variant.codec}",RESOLUTION={variant.width}x{variant.height}'
        f',URI="{iframes.uri}"'
    )


def _alternative(kind: str, group: str, chosen: Alternative, more: str) -> str:
    return (
        f'#EXT-X-MEDIA:TYPE={kind},GROUP-ID="{group}",NAME="{chosen.name}"'
        f',LANGUAGE="{chosen.language}",AUTOSELECT=YES,{more},URI="{chosen.uri}"'
    )
