"""What was encoded in the cloud plays once all of it is there, and what played before plays on."""

from dataclasses import replace
from typing import Any

import m3u8
import m3u8.parser
import pytest

from reprise.adapters.playlists_m3u8 import StrictPlaylists
from reprise.application.publish_encoded import Copies, publish_encoded
from reprise.domain.errors import NotFoundError, UnavailableError
from reprise.domain.media import Media, Runtime, Storyboard, Subtitles
from reprise.domain.package_checks import refuse_unfit
from reprise.domain.packages import Encoding, MasterPlaylist, Package, UnfitPackageError
from reprise.domain.qualities import BEST_OF_PLAN, LADDER, allowed_qualities
from tests.builders import make_film, make_series
from tests.fakes.catalog import FakeTitleSource
from tests.fakes.catalog_store import FakeCatalogCopies
from tests.fakes.packages import FakePackages, FakePublicationCopies
from tests.fakes.renditions import FakeRenditions
from tests.packaged import (
    KEYFRAME_BYTES,
    SOUND_BYTES,
    Folder,
    encoding_of,
    folder_of,
    master,
    playlist,
)
from tests.published import publication

SECONDS = 40.04


class Publishing:
    def __init__(self, **encoding: Any) -> None:
        self.film, self.series = make_film(duration=SECONDS), make_series()
        self.titles = FakeTitleSource(self.film, self.series)
        items = [*self.film.items, *self.series.items]
        self.renditions = FakeRenditions({item.id: Runtime(item.duration) for item in items})
        self.old = publication(self.film.id, self.film.id)
        self.renditions.put(media=self.old)
        self.title_copies, self.copies = FakeCatalogCopies(), FakePublicationCopies()
        self.packages = FakePackages()
        self.encoding: Encoding = replace(encoding_of(self.film.id), **encoding)
        self.folder = folder_of(seconds=SECONDS, best=self.encoding.best)

    def publish(self) -> Media:
        self.packages.store(self.encoding.path, texts=self.folder.texts, sizes=self.folder.sizes)
        return publish_encoded(
            encoding=self.encoding,
            titles=self.titles,
            packages=self.packages,
            playlists=StrictPlaylists(),
            renditions=self.renditions,
            copies=Copies(catalog=self.title_copies, publications=self.copies),
        )

    def refused(self) -> tuple[str, ...]:
        """Publish what must not be, and return why not."""
        with pytest.raises(UnfitPackageError) as refusal:
            self.publish()
        assert self.renditions.media(item_id=self.film.id) == self.old
        assert (self.packages.written, self.title_copies.renewed, self.copies.told) == ([], [], {})
        return refusal.value.problems

    def written(self, name: str) -> str:
        return self.packages.texts[f"{self.encoding.path}/{name}"].decode()


@pytest.fixture
def publishing() -> Publishing:
    return Publishing()


def test_a_whole_package_is_in_the_catalog_as_it_was_measured(publishing: Publishing) -> None:
    media = publishing.publish()
    assert publishing.renditions.media(item_id=publishing.film.id) == media
    assert publishing.copies.told == {publishing.film.id: media}
    assert publishing.title_copies.renewed == [publishing.film.id]
    assert [each.quality for each in media.renditions] == [each.name for each in LADDER[1:]]
    best, path = media.renditions[0], publishing.encoding.path
    sound = 8 * SOUND_BYTES / 4.004
    assert best.average_bitrate == pytest.approx(8 * 2_900_000 / 4.004 + sound, abs=2)
    assert best.bitrate == best.average_bitrate
    assert (best.width, best.height, best.frame_rate) == (1920, 1080, 23.976)
    assert best.codecs == "avc1.64001f,mp4a.40.2"
    assert best.path == f"{path}/stream-1080p.m3u8"
    assert media.duration == pytest.approx(SECONDS)
    assert media.storyboard is not None
    interval = media.storyboard.interval
    assert interval == pytest.approx(4.004)
    assert media.storyboard == Storyboard(f"{path}/storyboard/storyboard.vtt", 160, 90, interval)
    assert media.path == f"media/{publishing.film.id}/{publishing.film.id}/2026-11-21"


def test_the_catalog_takes_over_the_measured_length(publishing: Publishing) -> None:
    publishing.film = make_film(id=publishing.film.id, duration=SECONDS + 2.5)
    publishing.titles.stored[publishing.film.id] = publishing.film
    media = publishing.publish()
    assert publishing.renditions.runtimes[publishing.film.id].duration == media.duration


@pytest.mark.parametrize("plan", BEST_OF_PLAN)
def test_each_plan_gets_the_master_playlist_that_the_manifest_names(
    publishing: Publishing, plan: str
) -> None:
    media = publishing.publish()
    text = publishing.written(media.master_path(plan).removeprefix(f"{media.path}/"))
    m3u8.parser.parse(text, strict=True)
    read = m3u8.loads(text)
    wanted = [name for name in allowed_qualities(plan) if name != "4k"]
    uris = {f"stream-{name}.m3u8" for name in wanted}
    assert {listed.uri for listed in read.playlists} == uris
    rates = {each.path.rpartition("/")[2]: each.bitrate for each in media.allowed(plan)}
    assert {listed.uri: listed.stream_info.bandwidth for listed in read.playlists} == rates
    assert [(m.type, m.language, m.name, m.uri) for m in read.media] == [
        ("AUDIO", "en", "English", "stream-audio.m3u8")
    ]
    keyframes = read.iframe_playlists[0]
    assert keyframes.uri == f"stream-{wanted[0]}_I-Frame.m3u8"
    expected = 8 * KEYFRAME_BYTES / 4.004
    assert keyframes.iframe_stream_info.bandwidth == pytest.approx(expected, abs=1)


@pytest.mark.parametrize("first", [0, 1])
def test_the_pictures_of_the_storyboard_follow_each_other_to_the_end(
    publishing: Publishing, first: int
) -> None:
    if first:
        del publishing.folder.sizes["storyboard/stream-thumbnail.0000000.jpg"]
        publishing.folder.sizes["storyboard/stream-thumbnail.0000010.jpg"] = 4_000
    publishing.publish()
    lines = publishing.written("storyboard/storyboard.vtt").splitlines()
    assert lines[2:4] == [
        "00:00:00.000 --> 00:00:04.004",
        f"stream-thumbnail.000000{first}.jpg#xywh=0,0,160,90",
    ]
    assert lines.count("") == 10
    assert lines[-2].endswith("--> 00:00:40.040")


def test_a_picture_every_four_seconds_is_shown_for_as_long(publishing: Publishing) -> None:
    publishing.folder.sizes["storyboard/stream-thumbnail.0000010.jpg"] = 4_000
    publishing.publish()
    lines = publishing.written("storyboard/storyboard.vtt").splitlines()
    assert lines[-2] == "00:00:40.000 --> 00:00:40.040"


def test_an_episode_is_published_under_its_own_id(publishing: Publishing) -> None:
    episode = publishing.series.items[0]
    publishing.encoding = replace(encoding_of(publishing.series.id, episode.id), set_duration=True)
    media = publishing.publish()
    assert publishing.renditions.media(item_id=episode.id) == media
    assert publishing.renditions.runtimes[episode.id].duration == media.duration


def test_subtitles_of_one_file_are_offered(publishing: Publishing) -> None:
    with_words(publishing.folder, "stream-captions_000000001.vtt")
    media = publishing.publish()
    path = f"{publishing.encoding.path}/stream-captions_000000001.vtt"
    assert media.subtitles == (Subtitles("de", "Deutsch", path),)
    assert 'LANGUAGE="de"' in publishing.written("basic.m3u8")


def test_subtitles_in_pieces_are_refused(publishing: Publishing) -> None:
    with_words(publishing.folder, "stream-captions_1.vtt", "stream-captions_2.vtt")
    assert publishing.refused() == (
        "stream-captions.m3u8 comes in 2 pieces: the catalog takes one file a language",
    )


def with_words(folder: Folder, *names: str) -> None:
    words = (
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",LANGUAGE="deu",NAME="German",'
        'AUTOSELECT=YES,DEFAULT=NO,URI="stream-captions.m3u8"'
    )
    folder.put("stream.m3u8", master(LADDER[1:], more=[words]))
    folder.put(
        "stream-captions.m3u8",
        playlist([line for name in names for line in (f"#EXTINF:{SECONDS},", name)]),
    )
    folder.sizes |= dict.fromkeys(names, 500)


def test_a_silent_film_without_keyframe_playlists_is_offered_as_it_is(
    publishing: Publishing,
) -> None:
    text = publishing.folder.texts["stream.m3u8"].replace(",mp4a.40.2", "")
    lines = [
        line for line in text.splitlines() if not line.startswith(("#EXT-X-MEDIA", "#EXT-X-I"))
    ]
    publishing.folder.put("stream.m3u8", "\n".join(["#EXTM3U", "#EXT-X-VERSION:6", *lines[2:]]))
    media = publishing.publish()
    assert media.renditions[0].codecs == "avc1.64001f"
    assert media.renditions[0].average_bitrate == pytest.approx(8 * 2_900_000 / 4.004, abs=1)
    assert "EXT-X-I-FRAME" not in publishing.written("premium.m3u8")


def test_a_second_run_writes_the_same(publishing: Publishing) -> None:
    first = publishing.publish()
    texts = dict(publishing.packages.texts)
    assert publishing.publish() == first
    assert publishing.packages.texts == texts


def test_an_item_that_the_catalog_does_not_have_is_said() -> None:
    unknown = Publishing()
    unknown.encoding = encoding_of("4b6d3c52-3f1e-4c0a-9a55-0f0a51d0a001")
    with pytest.raises(NotFoundError):
        unknown.publish()
    mixed = Publishing()
    mixed.encoding = encoding_of(mixed.film.id, mixed.series.items[0].id)
    with pytest.raises(NotFoundError):
        mixed.publish()


def test_an_empty_folder_is_refused(publishing: Publishing) -> None:
    publishing.folder = Folder()
    assert publishing.refused() == ("stream.m3u8 is not there",)


def test_a_playlist_that_is_not_there_is_named(publishing: Publishing) -> None:
    for name in ("stream-720p.m3u8", "stream-audio.m3u8"):
        del publishing.folder.texts[name], publishing.folder.sizes[name]
    assert publishing.refused() == (
        "stream-720p.m3u8 is not there",
        "stream-audio.m3u8 is not there",
    )


@pytest.mark.parametrize("lost", ["1080p", "720p", "144p"])
def test_a_rung_that_the_master_lacks_is_named(publishing: Publishing, lost: str) -> None:
    rungs = [rung for rung in LADDER[1:] if rung.name != lost]
    publishing.folder.put("stream.m3u8", master(rungs))
    assert publishing.refused() == (f"0 rungs of {lost}",)


def test_a_master_of_nothing_is_refused(publishing: Publishing) -> None:
    publishing.folder.put("stream.m3u8", master([]))
    assert publishing.refused() == ("stream.m3u8 is no master playlist",)
    with pytest.raises(UnfitPackageError, match="0 rungs of 240p; 0 rungs of 144p"):
        refuse_unfit(Package(MasterPlaylist(variants=()), {}, {}), best="240p")


def test_a_rung_that_nobody_asked_for_is_refused(publishing: Publishing) -> None:
    publishing.folder.replace("stream.m3u8", "stream-144p.m3u8", "stream-big.m3u8")
    folder = publishing.folder
    folder.put("stream-big.m3u8", folder.texts["stream-144p.m3u8"])
    assert publishing.refused() == ("0 rungs of 144p", "stream-big.m3u8 is no quality")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("stream-720p_000000003.cmfv", "stream-720p.m3u8"),
        ("stream-720pinit.cmfv", "stream-720p.m3u8"),
        ("stream-audio_000000001.cmfa", "stream-audio.m3u8"),
    ],
)
@pytest.mark.parametrize("empty", [False, True])
def test_a_file_that_is_listed_and_not_there_is_named(
    publishing: Publishing, name: str, said: str, empty: bool
) -> None:
    publishing.folder.sizes[name] = 0
    if not empty:
        del publishing.folder.sizes[name]
    assert f"{said} lists 1 files that are not there, first {name}" in publishing.refused()


def test_a_playlist_without_an_end_is_one_that_is_still_being_written(
    publishing: Publishing,
) -> None:
    publishing.folder.replace("stream-480p.m3u8", "#EXT-X-ENDLIST\n", "")
    assert publishing.refused() == ("stream-480p.m3u8 has no end",)


def test_a_playlist_of_nothing_is_refused(publishing: Publishing) -> None:
    publishing.folder.put("stream-480p.m3u8", playlist([]))
    assert publishing.refused() == (
        "stream-480p.m3u8 lists nothing, or what takes no time",
        "stream-480p.m3u8 is cut at other moments than stream-1080p.m3u8",
    )


def test_a_piece_that_takes_no_time_is_refused(publishing: Publishing) -> None:
    folder = publishing.folder
    text = folder.texts["stream-audio.m3u8"].replace("#EXTINF:4.004,", "#EXTINF:0,", 1)
    folder.put("stream-audio.m3u8", text)
    assert "stream-audio.m3u8 lists nothing, or what takes no time" in publishing.refused()


def test_rungs_that_are_cut_elsewhere_are_refused(publishing: Publishing) -> None:
    folder = publishing.folder
    text = folder.texts["stream-240p.m3u8"].replace("#EXTINF:4.004,", "#EXTINF:4.2,", 1)
    folder.put("stream-240p.m3u8", text)
    assert publishing.refused() == (
        "stream-240p.m3u8 is cut at other moments than stream-1080p.m3u8",
    )


def test_segments_of_another_length_than_players_are_told_are_refused() -> None:
    publishing = Publishing(best="144p")
    folder = publishing.folder
    for name in ("stream-144p.m3u8", "stream-audio.m3u8"):
        folder.put(name, folder.texts[name].replace("#EXTINF:4.004,", "#EXTINF:6.006,", 2))
    assert "stream-144p.m3u8 has segments of other than 4 s" in publishing.refused()


def test_a_sound_that_ends_early_is_refused(publishing: Publishing) -> None:
    folder = publishing.folder
    text = folder.texts["stream-audio.m3u8"].replace("#EXTINF:4.004,", "#EXTINF:2.0,", 1)
    folder.put("stream-audio.m3u8", text)
    assert publishing.refused() == ("stream-audio.m3u8 lasts 38.0 s, stream-1080p.m3u8 40.0 s",)


def test_a_storyboard_with_a_gap_is_refused(publishing: Publishing) -> None:
    del publishing.folder.sizes["storyboard/stream-thumbnail.0000004.jpg"]
    assert publishing.refused() == ("4 pictures of a storyboard of 9",)


def test_a_package_cut_off_or_of_another_film_is_refused() -> None:
    cut_off = Publishing(source_duration=52.0)
    assert cut_off.refused() == ("it lasts 40.0 s, its source 52.0 s",)
    other = Publishing()
    other.titles.stored[other.film.id] = make_film(id=other.film.id, duration=5400.0)
    [said] = other.refused()
    assert said.startswith(
        "it lasts 40.0 s, and the catalog says that 'The Quiet Harbour' lasts 5400.0 s: setDuration"
    )


def test_who_starts_it_may_say_that_the_catalog_is_wrong() -> None:
    publishing = Publishing(set_duration=True, source_duration=40.5)
    publishing.titles.stored[publishing.film.id] = make_film(id=publishing.film.id)
    media = publishing.publish()
    assert publishing.renditions.runtimes[publishing.film.id].duration == media.duration


def test_everything_that_is_wrong_is_said_at_once_up_to_a_point(publishing: Publishing) -> None:
    for rung in LADDER[1:]:
        name = f"stream-{rung.name}.m3u8"
        publishing.folder.replace(name, "#EXT-X-ENDLIST\n", "")
        for number in range(1, 5):
            del publishing.folder.sizes[f"stream-{rung.name}_{number:09}.cmfv"]
    problems = publishing.refused()
    assert len(problems) == 21
    assert str(UnfitPackageError(problems)).endswith("; and 1 more")


def test_while_the_bucket_is_away_nothing_changes(publishing: Publishing) -> None:
    publishing.packages.down = True
    with pytest.raises(UnavailableError):
        publishing.publish()
    assert publishing.renditions.media(item_id=publishing.film.id) == publishing.old


def test_while_readers_can_t_be_told_the_next_run_tells_them(publishing: Publishing) -> None:
    publishing.copies.down = True
    with pytest.raises(UnavailableError):
        publishing.publish()
    assert publishing.renditions.media(item_id=publishing.film.id) != publishing.old
    publishing.copies.down = False
    assert publishing.copies.told == {}
    media = publishing.publish()
    assert publishing.copies.told == {publishing.film.id: media}
