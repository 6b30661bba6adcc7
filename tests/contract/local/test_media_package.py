"""What an ingest makes of a real file: it plays, and everything the playlists say of it is true."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import m3u8
import m3u8.parser
import pytest

from reprise.domain.media import Media
from reprise.domain.qualities import LADDER
from reprise_local.media.boxes import codec_of
from reprise_local.media.ingest import Target, Wishes, build
from reprise_local.media.package import Package
from reprise_local.media.probe import probe
from reprise_local.media.recipes import SEGMENT_SECONDS, Choices
from tests.harness.media import FAST, FRAMES, SECONDS, draw, ffmpeg, ffprobe

FRAME = 1001 / 24_000
RUNGS = ("360p", "288p", "240p", "144p")
SOUNDS = ("audio-en", "audio-de")
TARGET = Target("film-1")


@dataclass(frozen=True, slots=True)
class Made:
    package: Package
    folder: Path

    @property
    def media(self) -> Media:
        return self.package.media

    def playlist(self, name: str) -> Any:
        path = self.package.files[name]
        m3u8.parser.parse(path.read_text(encoding="utf-8"), strict=True)
        return m3u8.load(str(path))

    def segments(self, name: str) -> Sequence[bytes]:
        listed = self.playlist(f"{name}/index.m3u8").segments
        return [(self.folder / name / segment.uri).read_bytes() for segment in listed]

    def init(self, name: str) -> bytes:
        return (self.folder / name / "init.mp4").read_bytes()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("media")
    german = folder / "german.vtt"
    german.write_text("WEBVTT\n\n00:01.000 --> 00:02.500\nGuten Abend\n", encoding="utf-8")
    wishes = Wishes(choices=FAST, subtitles={"de": german}, jobs=2)
    package = build(
        probe(draw(folder / "film.mp4")), target=TARGET, wishes=wishes, workshops=folder
    )
    return Made(package, folder / TARGET.item_id)


def test_all_of_it_is_there_and_nothing_else(made: Made) -> None:
    folders = {name.partition("/")[0] for name in made.package.files if "/" in name}
    assert folders == {*RUNGS, *SOUNDS, "subtitles-en", "subtitles-de", "storyboard"}
    tops = [name for name in made.package.files if "/" not in name]
    assert tops == ["basic.m3u8", "standard.m3u8", "premium.m3u8", "media.json"]
    kinds = {path.suffix for path in made.package.files.values()}
    assert kinds == {".m3u8", ".m4s", ".mp4", ".vtt", ".jpg", ".json"}
    assert not [name for name in made.package.files if "ffmpeg" in name or "track" in name]
    assert all(path.stat().st_size > 0 for path in made.package.files.values())


@pytest.mark.parametrize("rung", RUNGS)
def test_every_rung_plays_from_start_to_end(made: Made, rung: str) -> None:
    index = made.package.files[f"{rung}/index.m3u8"]
    assert ffmpeg("-xerror", "-i", str(index), "-f", "null", "-") == ""
    assert set(ffprobe(index, "stream=nb_read_frames", "-count_frames")) == {str(FRAMES)}


@pytest.mark.parametrize("plan", ["basic", "standard", "premium"])
def test_every_master_playlist_plays_with_every_sound(made: Made, plan: str) -> None:
    master = str(made.package.files[f"{plan}.m3u8"])
    streams = ("-map", "0:v:0", "-map", "0:a:0", "-map", "0:a:1")
    assert ffmpeg("-xerror", "-i", master, *streams, "-f", "null", "-") == ""


def test_all_tracks_last_as_long_as_the_source_within_a_frame(made: Made) -> None:
    for name in (*RUNGS, *SOUNDS):
        lengths = [segment.duration for segment in made.playlist(f"{name}/index.m3u8").segments]
        assert abs(sum(lengths) - FRAMES * FRAME) < FRAME, name
    assert abs(made.media.duration - FRAMES * FRAME) < 1e-6


def test_segments_begin_at_the_same_time_on_every_rung(made: Made) -> None:
    durations = {
        rung: [segment.duration for segment in made.playlist(f"{rung}/index.m3u8").segments]
        for rung in RUNGS
    }
    assert len({tuple(lengths) for lengths in durations.values()}) == 1
    lengths = durations[RUNGS[0]]
    assert len(lengths) == -(-SECONDS // SEGMENT_SECONDS)
    assert all(abs(length - SEGMENT_SECONDS) < FRAME for length in lengths[:-1])


@pytest.mark.parametrize("rung", RUNGS)
def test_every_segment_starts_with_a_keyframe_and_plays_alone(
    made: Made, rung: str, tmp_path: Path
) -> None:
    for number, segment in enumerate(made.segments(rung)):
        alone = tmp_path / f"{number}.mp4"
        alone.write_bytes(made.init(rung) + segment)
        frames = ffprobe(alone, "frame=key_frame,pict_type")
        assert frames[0] == "1,I"
        assert [line[0] for line in frames[1:]] == ["0"] * (len(frames) - 1)
        assert ffmpeg("-xerror", "-i", str(alone), "-f", "null", "-") == ""


@pytest.mark.parametrize("rung", RUNGS)
def test_the_byte_ranges_hold_one_keyframe_each(made: Made, rung: str, tmp_path: Path) -> None:
    listed = made.playlist(f"{rung}/iframes.m3u8")
    assert listed.is_i_frames_only
    assert len(listed.segments) == len(made.segments(rung))
    for number, segment in enumerate(listed.segments):
        length, _, offset = segment.byterange.partition("@")
        whole = (made.folder / rung / segment.uri).read_bytes()
        part = whole[int(offset) : int(offset) + int(length)]
        alone = tmp_path / f"{number}.mp4"
        alone.write_bytes(made.init(rung) + part)
        assert len(part) < len(whole)
        assert ffprobe(alone, "frame=key_frame,pict_type")[0] == "1,I"


def test_the_bit_rates_are_those_of_the_ladder_within_tolerance(made: Made) -> None:
    wanted = {quality.name: quality.bitrate for quality in LADDER}
    for rung in RUNGS:
        total = sum(len(segment) for segment in made.segments(rung))
        average = 8 * total / made.media.duration
        assert 0.8 * wanted[rung] < average < 1.2 * wanted[rung], rung


def test_the_master_says_the_bit_rates_that_are_on_disk(made: Made) -> None:
    sound_peak = max(peak(made, name) for name in SOUNDS)
    for variant in made.playlist("premium.m3u8").playlists:
        rung = variant.uri.partition("/")[0]
        said = variant.stream_info
        total = sum(len(segment) for segment in made.segments(rung))
        assert said.bandwidth >= peak(made, rung) + sound_peak - 2
        assert said.bandwidth <= 1.5 * said.average_bandwidth
        sound = said.average_bandwidth - 8 * total / made.media.duration
        assert 80_000 < sound < 130_000


def peak(made: Made, name: str) -> float:
    listed = made.playlist(f"{name}/index.m3u8").segments
    sizes = [len(segment) for segment in made.segments(name)]
    rates = (
        8 * size / segment.duration
        for size, segment in zip(sizes, listed, strict=True)
        if segment.duration >= SEGMENT_SECONDS / 2
    )
    return float(max(rates))


def test_the_master_says_what_ffprobe_sees(made: Made) -> None:
    profiles = {"Constrained Baseline": "42", "Main": "4d", "High": "64"}
    for variant in made.playlist("premium.m3u8").playlists:
        path = made.package.files[variant.uri]
        (line,) = set(ffprobe(path, "stream=profile,width,height,level,r_frame_rate"))
        profile, width, height, level, rate = line.split(",")
        said = variant.stream_info
        assert said.resolution == (int(width), int(height))
        assert said.frame_rate == 23.976
        assert rate == "24000/1001"
        seen, heard = said.codecs.split(",")
        assert (seen[5:7], seen[9:11], heard) == (
            profiles[profile],
            f"{int(level):02x}",
            "mp4a.40.2",
        )


def test_the_catalog_gets_what_the_playlists_say(made: Made) -> None:
    listed = {variant.uri: variant for variant in made.playlist("premium.m3u8").playlists}
    assert [rendition.quality for rendition in made.media.renditions] == list(RUNGS)
    for rendition in made.media.renditions:
        said = listed[rendition.path.removeprefix(f"{made.media.path}/")].stream_info
        assert (rendition.bitrate, rendition.average_bitrate) == (
            said.bandwidth,
            said.average_bandwidth,
        )
        assert (rendition.width, rendition.height) == said.resolution
        assert rendition.codecs == said.codecs
    kept = json.loads(made.package.files["media.json"].read_text(encoding="utf-8"))
    assert kept["path"] == made.media.path


def test_pictures_and_sound_begin_at_zero_without_an_edit_list(made: Made) -> None:
    for name in (*RUNGS, *SOUNDS):
        assert b"elst" not in made.init(name)
        assert b"tfdt\x01\x00\x00\x00" + bytes(8) in made.segments(name)[0]


def test_what_is_heard_stays_where_it_was(made: Made, tmp_path: Path) -> None:
    """A click at second 5 of the source is at second 5 of the sound."""
    source = tmp_path / "click.mp4"
    click = "aevalsrc='if(between(t,5,5.002),0.9,0)':s=48000:d=10"
    pictures = "color=black:s=256x144:r=24:d=10"
    ffmpeg("-f", "lavfi", "-i", pictures, "-f", "lavfi", "-i", click, "-c:a", "flac",
           "-strict", "-2", "-preset", "ultrafast", str(source))  # fmt: skip
    package = build(
        probe(source), target=Target("click"), wishes=Wishes(choices=FAST), workshops=tmp_path
    )
    raw = tmp_path / "sound.raw"
    index = str(package.files["audio-und/index.m3u8"])
    ffmpeg("-i", index, "-f", "s16le", "-ac", "1", "-ar", "48000", str(raw))
    samples = memoryview(raw.read_bytes()).cast("h")
    loudest = max(range(len(samples)), key=lambda at: abs(samples[at]))
    assert abs(loudest / 48_000 - 5.001) < 0.005


def test_the_storyboard_shows_each_moment(made: Made) -> None:
    board = made.media.storyboard
    assert board is not None
    text = made.package.files["storyboard/storyboard.vtt"].read_text(encoding="utf-8")
    places = re.findall(r"(sheet-\d+\.jpg)#xywh=(\d+),(\d+),(\d+),(\d+)", text)
    assert len(places) == 3
    sheet = made.package.files["storyboard/sheet-001.jpg"]
    (size,) = ffprobe(sheet, "stream=width,height")
    width, height = map(int, size.split(","))
    for _, x, y, wide, high in places:
        assert int(x) + int(wide) <= width
        assert int(y) + int(high) <= height
    assert (board.width, board.height, board.interval) == (160, 90, 4)


def test_subtitles_keep_their_times_and_say_whose_they_are(made: Made) -> None:
    for language, words in (("en", "Good evening & welcome"), ("de", "Guten Abend")):
        text = made.package.files[f"subtitles-{language}/cues.vtt"].read_text(encoding="utf-8")
        assert text.startswith("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n")
        assert "00:01.000 --> 00:02.500" in text
        assert words in text
        cues = made.package.files[f"subtitles-{language}/cues.vtt"]
        assert ffprobe(cues, "packet=pts_time") == ["1.000000"]
    assert [words.language for words in made.media.subtitles] == ["de", "en"]


def test_the_largest_rung_can_be_hevc_and_is_named_as_players_want(tmp_path: Path) -> None:
    init = tmp_path / "init.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=256x144:r=24:d=0.5", "-c:v", "libx265",
           "-preset", "ultrafast", "-x265-params", "log-level=error", "-pix_fmt", "yuv420p",
           "-tag:v", "hvc1", str(init))  # fmt: skip
    assert re.fullmatch(r"hvc1\.1\.6\.L(30|60|63)\.90(\.0)*", codec_of(init.read_bytes()))


def test_a_label_is_burnt_in_where_it_is_wished(tmp_path: Path) -> None:
    source = tmp_path / "black.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=black:s=256x144:r=24:d=4", "-preset", "ultrafast",
           str(source))  # fmt: skip
    brightest = {}
    for label in (False, True):
        package = build(
            probe(source),
            target=Target(f"label-{label}"),
            wishes=Wishes(choices=Choices("ultrafast", label=label)),
            workshops=tmp_path,
        )
        picture = tmp_path / f"{label}.raw"
        index = str(package.files["144p/index.m3u8"])
        ffmpeg("-i", index, "-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo", str(picture))
        brightest[label] = max(picture.read_bytes())
    assert brightest[False] < 40
    assert brightest[True] > 200
