"""A package as MediaConvert lays it out, really encoded: ffmpeg under other names."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from reprise.domain.qualities import LADDER
from reprise_local.media.boxes import codec_of, fragment_of
from tests.harness.media import SECONDS, ffmpeg
from tests.packaged import master, playlist

RUNGS = tuple(rung for rung in LADDER if rung.name in {"240p", "144p"})
BEST = RUNGS[0].name


def encode(source: Path, folder: Path) -> Path:
    """Fill a folder from a source of ten seconds; return it."""
    (folder / "storyboard").mkdir(parents=True)
    for rung in RUNGS:
        picture = ("-map", "0:v:0", "-vf", f"scale={rung.width}:{rung.height},setsar=1")
        h264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-bf", "0")
        keyframes = ("-force_key_frames", "expr:gte(t,n_forced*4)", "-sc_threshold", "0")
        rate = ("-b:v", str(rung.bitrate), "-maxrate", str(rung.bitrate), "-bufsize", "400k")
        _segments(source, folder, f"stream-{rung.name}", "cmfv", picture + h264 + keyframes + rate)
        _keyframes(folder, f"stream-{rung.name}")
    sound = ("-map", "0:a:0", "-c:a", "aac", "-b:a", "96k", "-ac", "2", "-ar", "48000")
    _segments(source, folder, "stream-audio", "cmfa", (*sound, "-t", str(SECONDS)))
    pictures = ("-vf", "fps=1/4:round=up,scale=160:90", "-start_number", "0")
    frames = folder / "storyboard" / "stream-thumbnail.%07d.jpg"
    ffmpeg("-i", str(source), *pictures, str(frames))
    (folder / "stream.m3u8").write_text(_master(folder), encoding="utf-8")
    return folder


def texts_and_sizes(folder: Path) -> tuple[dict[str, str], dict[str, int]]:
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.*")}
    texts = {
        name: path.read_text(encoding="utf-8")
        for name, path in files.items()
        if path.suffix == ".m3u8"
    }
    return texts, {name: path.stat().st_size for name, path in files.items()}


def _segments(source: Path, folder: Path, stem: str, suffix: str, arguments: Sequence[str]) -> None:
    ffmpeg(
        *("-i", str(source.resolve()), *arguments),
        *("-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod", "-start_number", "1"),
        *("-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", f"{stem}init.{suffix}"),
        *("-hls_segment_filename", f"{stem}_%09d.{suffix}", f"{stem}.m3u8"),
        cwd=folder,
    )


def _keyframes(folder: Path, stem: str) -> None:
    """List what ffmpeg does not: the first picture of each segment, by its bytes."""
    lines = ["#EXT-X-I-FRAMES-ONLY"]
    listed = (folder / f"{stem}.m3u8").read_text(encoding="utf-8").splitlines()
    for said, name in pairwise(listed):
        if said.startswith("#EXTINF"):
            end = fragment_of((folder / name).read_bytes()).first_sample_end
            lines += [said, f"#EXT-X-BYTERANGE:{end}@0", name]
    text = playlist(lines, init=f"{stem}init.cmfv")
    (folder / f"{stem}_I-Frame.m3u8").write_text(text, encoding="utf-8")


def _master(folder: Path) -> str:
    codecs = {
        rung.name: codec_of((folder / f"stream-{rung.name}init.cmfv").read_bytes())
        for rung in RUNGS
    }
    assert codec_of((folder / "stream-audioinit.cmfa").read_bytes()) == "mp4a.40.2"
    return master(RUNGS, codecs=codecs)
