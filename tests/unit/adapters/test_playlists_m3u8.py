"""Playlists are read strictly: what a player might not take is refused with its name."""

import pytest

from reprise.adapters.playlists_m3u8 import StrictPlaylists
from reprise.domain.packages import Piece, UnfitPackageError
from reprise.domain.qualities import LADDER
from tests.packaged import folder_of, master, playlist

READER = StrictPlaylists()
MASTER = master(LADDER[5:])


def test_a_master_playlist_says_its_rungs_their_keyframes_and_the_sound() -> None:
    read = READER.master(MASTER, name="m")
    assert [variant.name for variant in read.variants] == ["288p", "240p", "144p"]
    first = read.variants[0]
    assert (first.width, first.height, first.frame_rate) == (512, 288, 23.976)
    assert (first.codec, first.sound_codec) == ("avc1.64001f", "mp4a.40.2")
    assert [(sound.uri, sound.language) for sound in read.sounds] == [("stream-audio.m3u8", "eng")]
    assert read.texts == ()
    assert read.iframes[0] == "stream-288p_I-Frame.m3u8"


def test_sound_without_a_playlist_of_its_own_is_in_the_pictures_files() -> None:
    text = MASTER.replace(',URI="stream-audio.m3u8"', "")
    assert READER.master(text, name="m").sounds == ()
    text = MASTER.replace('LANGUAGE="eng",', "")
    assert READER.master(text, name="m").sounds[0].language == ""


def test_a_media_playlist_says_its_pieces_and_what_they_begin_with() -> None:
    texts = folder_of(seconds=10.0, best="144p").texts
    read = READER.media(texts["stream-144p.m3u8"], name="p")
    assert read.pieces[-1] == Piece("stream-144p_000000003.cmfv", 1.992)
    assert (read.inits, read.ended) == (frozenset({"stream-144pinit.cmfv"}), True)
    frames = READER.media(texts["stream-144p_I-Frame.m3u8"], name="p")
    assert frames.pieces[0] == Piece("stream-144p_000000001.cmfv", 4.004, 9_000)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("#EXTM3U", "", "no playlist"),
        ("FRAME-RATE=23.976,", "", "frame_rate"),
        ("RESOLUTION=512x288,", "", "resolution"),
        ("RESOLUTION=512x288", "RESOLUTION=512", "can't be read"),
        ('CODECS="avc1.64001f,mp4a.40.2",', "", "codecs"),
        ('"avc1.64001f,mp4a.40.2"', '"mp4a.40.2"', "can't be read"),
        ("#EXT-X-VERSION:6", "#EXT-X-VERSION:six", "can't be read"),
        ("#EXT-X-INDEPENDENT-SEGMENTS", "#EXT-X-NOBODY-KNOWS", "line 3"),
    ],
)
def test_a_master_playlist_that_says_too_little_is_refused(old: str, new: str, said: str) -> None:
    assert old in MASTER
    with pytest.raises(UnfitPackageError, match=said) as refusal:
        READER.master(MASTER.replace(old, new), name="stream.m3u8")
    assert str(refusal.value).startswith("stream.m3u8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no playlist"),
        ("<Error>", "no playlist"),
        (MASTER, "a master playlist"),
        (playlist(["#EXTINF:four,", "a"]), "p"),
        (playlist(["#EXTINF:4.0,", "a"]).replace("VERSION:6", "VERSION:2"), "version 3"),
        (playlist(["#EXT-X-BYTERANGE:x@0", "#EXTINF:4,", "a"]), "can't be read"),
        (playlist(["a"]), "can't be read"),
    ],
)
def test_what_is_no_media_playlist_is_refused(text: str, said: str) -> None:
    with pytest.raises(UnfitPackageError, match=said):
        READER.media(text, name="p.m3u8")


def test_a_media_playlist_is_no_master() -> None:
    with pytest.raises(UnfitPackageError, match="no master playlist"):
        READER.master(playlist(["#EXTINF:4,", "a"]), name="stream.m3u8")
