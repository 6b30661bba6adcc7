"""Playlists and storyboards as text, read back by a strict parser."""

import re
from collections.abc import Sequence
from typing import Any

import m3u8
import m3u8.parser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.languages import name_of, shown_name, tag_or_unknown
from reprise.domain.packaging import (
    Alternative,
    Iframes,
    Rates,
    Variant,
    master_playlist,
    rates_of,
)
from reprise_local.errors import LocalError
from reprise_local.media.languages import tag_of
from reprise_local.media.playlists import iframe_playlist, media_playlist, subtitles_playlist
from reprise_local.media.storyboards import Plan, vtt
from reprise_local.media.tracks import Segment, Track

SIZES = [400_000, 500_000, 300_000, 40_000]


def track(sizes: Sequence[int], codec: str = "avc1.64001f", last: float = 1.5) -> Track:
    durations = [4.004] * (len(sizes) - 1) + [last]
    return Track(
        codec,
        tuple(
            Segment(f"{number:05}.m4s", 4.004 * number, duration, size, 1000 + number, True)
            for number, (size, duration) in enumerate(zip(sizes, durations, strict=True))
        ),
    )


def variant(name: str, factor: float) -> Variant:
    made = track([int(s * factor) for s in SIZES])
    return Variant(
        quality=name,
        width=640,
        height=360,
        frame_rate=24_000 / 1001,
        codec=made.codec,
        rates=made.rates,
        uri=f"{name}/index.m3u8",
        iframes=Iframes(f"{name}/iframes.m3u8", made.keyframe_rates),
    )


def sound(tag: str, name: str, size: int) -> Alternative:
    rates = track([size] * 4).rates
    return Alternative(f"audio-{tag}/index.m3u8", tag, name, "mp4a.40.2", rates)


SOUND = sound("en", "English", 48_000)
OTHER_SOUND = sound("de", "Deutsch", 50_000)
WORDS = Alternative("subtitles-de/index.m3u8", "de", "Deutsch")


def parsed(text: str) -> Any:
    m3u8.parser.parse(text, strict=True)
    return m3u8.loads(text)


def test_a_media_playlist_lists_every_segment_and_ends() -> None:
    read = parsed(media_playlist(track(SIZES)))
    assert [segment.uri for segment in read.segments] == [f"{n:05}.m4s" for n in range(4)]
    assert [segment.duration for segment in read.segments] == [4.004, 4.004, 4.004, 1.5]
    assert (read.is_endlist, read.playlist_type, read.target_duration) == (True, "vod", 4)
    assert read.is_independent_segments
    assert all(segment.init_section.uri == "init.mp4" for segment in read.segments)


def test_an_iframe_playlist_lists_the_bytes_of_each_keyframe() -> None:
    read = parsed(iframe_playlist(track(SIZES)))
    assert read.is_i_frames_only
    ranges = [(segment.uri, segment.byterange) for segment in read.segments]
    assert ranges == [(f"{number:05}.m4s", f"{1000 + number}@0") for number in range(4)]


def test_subtitles_are_one_segment_as_long_as_the_film() -> None:
    read = parsed(subtitles_playlist(name="cues.vtt", duration=5400.25))
    assert [(s.uri, s.duration) for s in read.segments] == [("cues.vtt", 5400.25)]
    assert read.target_duration == 5400


def test_a_master_playlist_says_what_was_measured() -> None:
    text = master_playlist(
        variants=[variant("720p", 3), variant("360p", 1), variant("144p", 0.2)],
        sounds=[SOUND, OTHER_SOUND],
        texts=[WORDS],
    )
    read = parsed(text)
    assert read.is_independent_segments
    assert [playlist.uri for playlist in read.playlists] == [
        "360p/index.m3u8",
        "720p/index.m3u8",
        "144p/index.m3u8",
    ]
    said = read.playlists[0].stream_info
    loudest = OTHER_SOUND.rates
    assert loudest is not None
    assert said.bandwidth == track(SIZES).rates.peak + loudest.peak
    assert said.average_bandwidth == track(SIZES).rates.average + loudest.average
    assert (said.codecs, said.resolution) == ("avc1.64001f,mp4a.40.2", (640, 360))
    assert (said.frame_rate, said.audio, said.subtitles) == (23.976, "audio", "subtitles")
    assert [(m.type, m.language, m.default, m.uri) for m in read.media] == [
        ("AUDIO", "en", "YES", "audio-en/index.m3u8"),
        ("AUDIO", "de", "NO", "audio-de/index.m3u8"),
        ("SUBTITLES", "de", "NO", "subtitles-de/index.m3u8"),
    ]
    assert [frames.uri for frames in read.iframe_playlists] == [
        f"{name}/iframes.m3u8" for name in ("720p", "360p", "144p")
    ]


def test_a_silent_film_names_no_group_and_no_codec_of_sound() -> None:
    read = parsed(master_playlist(variants=[variant("360p", 1)], sounds=[], texts=[]))
    said = read.playlists[0].stream_info
    assert (said.audio, said.subtitles, said.codecs) == (None, None, "avc1.64001f")


def test_where_no_rung_is_cheap_playing_begins_with_the_cheapest() -> None:
    variants = [variant("1080p", 9), variant("720p", 5)]
    read = parsed(master_playlist(variants=variants, sounds=[], texts=[]))
    assert read.playlists[0].uri == "720p/index.m3u8"


def test_a_last_moment_of_much_is_no_peak_of_its_own() -> None:
    assert rates_of([(4, 4000), (4, 4000), (0.1, 1000)]) == Rates(
        peak=-int(-8 * 5000 / 4.1 // 1), average=-int(-8 * 9000 / 8.1 // 1)
    )


def test_what_is_shorter_than_half_a_segment_has_its_average_for_a_peak() -> None:
    assert rates_of([(0.5, 1000)]) == Rates(peak=16_000, average=16_000)


@given(st.lists(st.tuples(st.floats(2, 6), st.integers(1, 10**7)), min_size=1, max_size=30))
def test_the_peak_covers_every_segment_and_the_average(pieces: list[tuple[float, int]]) -> None:
    rates = rates_of(pieces)
    assert rates.peak >= rates.average
    assert all(rates.peak >= 8 * size / seconds - 1 for seconds, size in pieces)


def test_a_storyboard_covers_every_second_once() -> None:
    plan = Plan(width=160, height=90, interval=4, pictures=27)
    text = vtt(plan, duration=105.5)
    times = re.findall(r"(\d+):(\d+):([\d.]+) --> (\d+):(\d+):([\d.]+)", text)
    seconds = [
        (int(a) * 3600 + int(b) * 60 + float(c), int(d) * 3600 + int(e) * 60 + float(f))
        for a, b, c, d, e, f in times
    ]
    assert seconds[0][0] == 0
    assert seconds[-1][1] == 105.5
    assert [end for _, end in seconds[:-1]] == [start for start, _ in seconds[1:]]
    places = re.findall(r"(sheet-\d+\.jpg)#xywh=(\d+),(\d+),160,90", text)
    assert len(set(places)) == len(seconds) == 27
    assert places[24:26] == [("sheet-001.jpg", "640", "360"), ("sheet-002.jpg", "0", "0")]


@pytest.mark.parametrize(
    ("code", "tag"),
    [("eng", "en"), ("GER", "de"), ("de", "de"), ("pt-BR", "pt-BR"), ("gsw", "gsw")],
)
def test_languages_are_written_as_short_as_they_can_be(code: str, tag: str) -> None:
    assert tag_of(code) == tag


@pytest.mark.parametrize("code", ["", "english", "e", "en_US", 'en"', "en\nX"])
def test_what_is_no_language_is_refused_where_people_typed_it(code: str) -> None:
    with pytest.raises(LocalError, match="no language"):
        tag_of(code)
    assert tag_or_unknown(code) == "und"


def test_languages_are_called_what_their_speakers_call_them() -> None:
    assert [name_of(tag) for tag in ("de", "pt-BR", "tlh")] == ["Deutsch", "Português (BR)", "tlh"]
    assert [shown_name(tag) for tag in ("de", "und")] == ["Deutsch", "Original"]
