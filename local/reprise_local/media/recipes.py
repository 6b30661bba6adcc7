"""The arguments that make ffmpeg produce what is packaged; no paths, so that they can be stamped.

Every rung has the same frames at the same times and a keyframe wherever a segment begins. Times
start at 0 without an edit list, because players disagree about those. The same inputs give the same
bytes on any machine: x264 with a ceiling and frames in several threads does not, so that an encoder
has one thread (pictures that are too large for it, four that share each frame), and several
encoders run side by side.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from reprise_local.media.ladder import HEADROOM, Rung
from reprise_local.media.probe import Source, Stream

SEGMENT_SECONDS = 4
SAMPLE_RATE = 48_000
AAC_PRIMING = 1_024
"""Samples that ffmpeg's AAC encoder puts before the first one it is given."""

INIT = "init.mp4"
SEGMENTS = "%05d.m4s"
FFMPEG_PLAYLIST = "ffmpeg.m3u8"
_AUDIO_BITRATE = 96_000
_END_PADDING_SECONDS = 1
_FRAGMENTS = (
    *("-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_playlist_type", "vod"),
    *("-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", INIT),
    *("-hls_segment_filename", SEGMENTS),
    *("-hls_segment_options", "movflags=+cmaf:use_editlist=0"),
    *("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"),
    FFMPEG_PLAYLIST,
)
_X265 = "scenecut=0:open-gop=0:frame-threads=1:log-level=error"
_ONE_THREAD_HEIGHT = 1_080
_SHARED_FRAMES = ("-threads", "4", "-x264-params", "sliced-threads=1")


@dataclass(frozen=True, slots=True)
class Choices:
    """How to encode. `label` burns the time and the rung's name in, so that people see both.

    `finest` is the quantizer below which H.264 spends no bits, for pictures that need few of them.
    """

    preset: str = "medium"
    hevc: bool = False
    label: bool = False
    finest: int | None = None


def picture_arguments(*, source: Source, rung: Rung, choices: Choices) -> Sequence[str]:
    """Return what encodes one rung. Its first input is the source."""
    ceiling = int(rung.bitrate * HEADROOM)
    return (
        *("-map", f"0:{source.video}", "-an", "-sn", "-dn"),
        *("-vf", _filters(source, rung, choices)),
        *_encoder(rung, choices),
        *("-preset", choices.preset, "-pix_fmt", "yuv420p", "-flags:v", "+bitexact"),
        *("-b:v", str(rung.bitrate), "-maxrate", str(ceiling), "-bufsize", str(2 * rung.bitrate)),
        *("-force_key_frames", f"expr:gte(t,n_forced*{SEGMENT_SECONDS})", "-forced-idr", "1"),
        *("-g", str(2 * SEGMENT_SECONDS * -(-source.rate // 1)), "-bf", "2"),
        *_FRAGMENTS,
    )


def sound_arguments(*, source: Source, stream: Stream) -> Sequence[str]:
    """Return what encodes one language of the sound, as long as the pictures are."""
    # The priming takes the place of the samples cut here: what is heard stays where it was.
    cut = f"atrim=start_sample={AAC_PRIMING}:end={source.duration:.6f}"
    return (
        *("-map", f"0:{stream.index}", "-vn", "-sn", "-dn"),
        *("-af", f"aresample={SAMPLE_RATE}:async=1:first_pts=0,apad,{cut}"),
        *("-c:a", "aac", "-b:a", str(_AUDIO_BITRATE), "-ac", "2", "-ar", str(SAMPLE_RATE)),
        *("-flags:a", "+bitexact"),
        *_FRAGMENTS,
    )


def _filters(source: Source, rung: Rung, choices: Choices) -> str:
    rate = _text(source.rate)
    filters = [
        *(["yadif"] if source.interlaced else []),
        # A constant rate from 0 on; a track that ends a little early holds its last picture.
        f"fps={rate}:start_time=0",
        f"tpad=stop={_END_PADDING_SECONDS * round(source.rate)}:stop_mode=clone",
        f"trim=end_frame={source.frames}",
        f"scale={rung.width}:{rung.height}",
        "setsar=1",
    ]
    if choices.label:
        filters.append(
            rf"drawtext=text='%{{pts\:hms}}  {rung.name}':fontsize=h/9:x=w/24:y=h/24"
            ":fontcolor=white:box=1:boxcolor=black:boxborderw=6"
        )
    return ",".join(filters)


def _encoder(rung: Rung, choices: Choices) -> Sequence[str]:
    if rung.codec == "hevc":
        return ("-c:v", "libx265", "-tag:v", "hvc1", "-x265-params", _X265)
    profile = ("-profile:v", "high", "-level:v", rung.level)
    threads = ("-threads", "1") if rung.height <= _ONE_THREAD_HEIGHT else _SHARED_FRAMES
    finest = () if choices.finest is None else ("-qmin", str(choices.finest))
    return ("-c:v", "libx264", *profile, "-sc_threshold", "0", *threads, *finest)


def _text(rate: Fraction) -> str:
    return f"{rate.numerator}/{rate.denominator}"
