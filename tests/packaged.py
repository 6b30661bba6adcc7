"""An encoding as MediaConvert lays it out in its folder, without encoding anything.

Names are `<base><modifier>_<nine digits>.cmfv`, `<base><modifier>init.cmfv`,
`<base><modifier>.m3u8` and `<base><modifier>.<seven digits>.jpg`, as its documentation and
published packages have them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reprise.domain.packages import Encoding
from reprise.domain.qualities import LADDER, Quality

VERSION = "2026-11-21"
FRAME = 4.004
SOUND_BYTES = 48_000
KEYFRAME_BYTES = 9_000


@dataclass
class Folder:
    """Texts and sizes by name; a test changes what it wants to be wrong."""

    texts: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def put(self, name: str, text: str) -> None:
        self.texts[name] = text
        self.sizes[name] = len(text.encode())

    def replace(self, name: str, old: str, new: str) -> None:
        assert old in self.texts[name]
        self.put(name, self.texts[name].replace(old, new))


def encoding_of(title_id: str, item_id: str | None = None, *, best: str = "1080p") -> Encoding:
    return Encoding(title_id=title_id, item_id=item_id or title_id, version=VERSION, best=best)


def folder_of(*, seconds: float = 40.04, best: str = "1080p", language: str = "eng") -> Folder:
    """Return a whole package of this length: rungs from `best` down, sound, pictures."""
    made = Folder()
    names = [quality.name for quality in LADDER]
    rungs = LADDER[names.index(best) :]
    lengths = lengths_of(seconds)
    for rung in rungs:
        track(made, f"stream-{rung.name}", "cmfv", lengths, size=rung.bitrate // 2)
        keyframes(made, f"stream-{rung.name}", lengths)
    track(made, "stream-audio", "cmfa", lengths, size=SOUND_BYTES)
    made.put("stream.m3u8", master(rungs, language=language))
    for number in range(len(lengths)):
        made.sizes[f"storyboard/stream-thumbnail.{number:07}.jpg"] = 4_000
    return made


def lengths_of(seconds: float) -> list[float]:
    whole = int(seconds // FRAME)
    rest = round(seconds - whole * FRAME, 3)
    return [FRAME] * whole + ([rest] if rest > 0.001 else [])


def master(
    rungs: Sequence[Quality],
    *,
    language: str = "eng",
    more: Sequence[str] = (),
    codecs: Mapping[str, str] | None = None,
) -> str:
    """Return the encoder's own master playlist; `codecs` of pictures by rung."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:6", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines.append(
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",'
        f'LANGUAGE="{language}",NAME="English",AUTOSELECT=YES,DEFAULT=YES,CHANNELS="2",'
        'URI="stream-audio.m3u8"'
    )
    lines += more
    for rung in rungs:
        codec = (codecs or {}).get(rung.name, "avc1.64001f")
        lines.append(
            f"#EXT-X-STREAM-INF:BANDWIDTH={rung.bitrate},AVERAGE-BANDWIDTH={rung.bitrate},"
            f'CODECS="{codec},mp4a.40.2",RESOLUTION={rung.width}x{rung.height},'
            'FRAME-RATE=23.976,AUDIO="audio"'
        )
        lines.append(f"stream-{rung.name}.m3u8")
        lines.append(
            f'#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH={rung.bitrate},CODECS="{codec}",'
            f'RESOLUTION={rung.width}x{rung.height},URI="stream-{rung.name}_I-Frame.m3u8"'
        )
    return "\n".join(lines) + "\n"


def track(made: Folder, stem: str, suffix: str, lengths: Sequence[float], *, size: int) -> None:
    made.sizes[f"{stem}init.{suffix}"] = 800
    lines = []
    for number, seconds in enumerate(lengths, start=1):
        name = f"{stem}_{number:09}.{suffix}"
        made.sizes[name] = size
        lines += [f"#EXTINF:{seconds},", name]
    made.put(f"{stem}.m3u8", playlist(lines, init=f"{stem}init.{suffix}"))


def keyframes(made: Folder, stem: str, lengths: Sequence[float]) -> None:
    lines = ["#EXT-X-I-FRAMES-ONLY"]
    for number, seconds in enumerate(lengths, start=1):
        lines += [
            f"#EXTINF:{seconds},",
            f"#EXT-X-BYTERANGE:{KEYFRAME_BYTES}@900",
            f"{stem}_{number:09}.cmfv",
        ]
    made.put(f"{stem}_I-Frame.m3u8", playlist(lines, init=f"{stem}init.cmfv"))


def playlist(lines: Sequence[str], *, init: str | None = None) -> str:
    head = [
        "#EXTM3U",
        "#EXT-X-VERSION:6",
        "#EXT-X-TARGETDURATION:5",
        "#EXT-X-MEDIA-SEQUENCE:1",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        *([f'#EXT-X-MAP:URI="{init}"'] if init else []),
    ]
    return "\n".join([*head, *lines, "#EXT-X-ENDLIST"]) + "\n"
