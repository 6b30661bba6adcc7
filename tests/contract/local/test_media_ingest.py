"""An ingest that is ended, refused or cut off: nothing half done is ever seen, and it goes on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from reprise.domain.media import Runtime
from reprise_local import processes
from reprise_local.errors import LocalError
from reprise_local.media import bucket
from reprise_local.media.ingest import Outcome, Target, Wishes, build, ingest
from reprise_local.media.kept import Kept
from reprise_local.media.probe import probe
from reprise_local.media.recipes import Choices
from tests.harness.closed_port import closed_port
from tests.harness.media import FAST, SECONDS, FakeCatalog, draw, ffmpeg

FILM = "film-1"
BUCKET = "reprise-test-media"
SLOW = Wishes(choices=Choices(preset="medium"), jobs=1)
"""Slow enough to be met in the middle."""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw(tmp_path_factory.mktemp("source") / "film.mp4", size="512x288")


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        yield boto3.client("s3", region_name="us-east-1")


@pytest.fixture
def catalog() -> FakeCatalog:
    return FakeCatalog(FILM)


def keys(s3: Any) -> list[str]:
    buckets = [each["Name"] for each in s3.list_buckets()["Buckets"]]
    if BUCKET not in buckets:
        return []
    return [found["Key"] for found in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def run(
    path: Path, catalog: FakeCatalog, s3: Any, folder: Path, wishes: Wishes | None = None
) -> Outcome:
    return ingest(
        path,
        target=Target(FILM),
        wishes=wishes or Wishes(choices=FAST, jobs=2),
        shelf=catalog,
        kept=Kept(folder / "kept"),
        client=s3,
        bucket_name=BUCKET,
        workshops=folder,
    )


def playlists(folder: Path) -> Mapping[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted((folder / FILM).rglob("*.m3u8"))
    }


def until[T](look: Callable[[], T | None], *, seconds: float = 20) -> T:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError("it did not happen")


def test_everything_is_uploaded_before_the_catalog_says_so(
    film: Path, catalog: FakeCatalog, s3: Any, tmp_path: Path
) -> None:
    outcome = run(film, catalog, s3, tmp_path, Wishes(choices=FAST, jobs=2, credits_start=8.5))
    assert catalog.told == [(outcome.media, Runtime(outcome.media.duration, 8.5))]
    stored = keys(s3)
    assert len(stored) == outcome.uploaded
    assert {key.rpartition("/")[0] for key in stored} >= {
        outcome.media.path,
        f"{outcome.media.path}/288p",
    }
    assert outcome.media.path.startswith(f"media/{FILM}/{FILM}/")
    assert all(rendition.path in stored for rendition in outcome.media.renditions)
    assert outcome.media.master_path("basic") in stored


def test_players_and_caches_are_told_what_each_file_is(
    film: Path, catalog: FakeCatalog, s3: Any, tmp_path: Path
) -> None:
    outcome = run(film, catalog, s3, tmp_path)
    for name, content_type, lasting in (
        ("premium.m3u8", "application/vnd.apple.mpegurl", False),
        ("288p/00000.m4s", "video/iso.segment", True),
        ("288p/init.mp4", "video/mp4", True),
        ("subtitles-en/cues.vtt", "text/vtt", False),
        ("storyboard/sheet-001.jpg", "image/jpeg", True),
    ):
        head = s3.head_object(Bucket=BUCKET, Key=f"{outcome.media.path}/{name}")
        assert head["ContentType"] == content_type
        assert ("immutable" in head["CacheControl"]) is lasting


def test_the_second_time_nothing_is_encoded_or_uploaded(
    film: Path, catalog: FakeCatalog, s3: Any, tmp_path: Path
) -> None:
    first = run(film, catalog, s3, tmp_path)
    written = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.m4s")}
    assert all(path.stat().st_nlink == 2 for path in written)  # kept without a second copy
    second = run(film, catalog, s3, tmp_path)
    assert (second.media, second.uploaded) == (first.media, 0)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.m4s")} == written
    assert len(catalog.told) == 2


def test_other_wishes_make_another_publication_and_leave_the_first_alone(
    film: Path, catalog: FakeCatalog, s3: Any, tmp_path: Path
) -> None:
    first = run(film, catalog, s3, tmp_path)
    before = set(keys(s3))
    words = tmp_path / "words.srt"
    words.write_text("1\n00:00:01,000 --> 00:00:02,000\nOlá\n", encoding="utf-8")
    sounds = (tmp_path / FILM / "audio-en" / "00000.m4s").stat().st_mtime_ns
    wishes = Wishes(choices=FAST, jobs=2, subtitles={"pt-BR": words})
    second = run(film, catalog, s3, tmp_path, wishes)
    assert second.media.path != first.media.path
    assert before < set(keys(s3))
    assert [w.language for w in second.media.subtitles] == ["pt-BR", "en"]
    assert (tmp_path / FILM / "audio-en" / "00000.m4s").stat().st_mtime_ns == sounds
    assert catalog.told[-1] == (second.media, Runtime(second.media.duration))


def test_an_upload_that_breaks_off_is_seen_by_nobody_and_done_again(
    film: Path, catalog: FakeCatalog, s3: Any, tmp_path: Path
) -> None:
    put, left = s3.put_object, iter(range(20))

    def breaks_off(**given: Any) -> Any:
        if next(left, None) is None:
            raise EndpointConnectionError(endpoint_url="nowhere")
        return put(**given)

    s3.put_object = breaks_off
    with pytest.raises(LocalError, match="nowhere"):
        run(film, catalog, s3, tmp_path)
    assert not catalog.told
    assert not [key for key in keys(s3) if key.endswith("media.json")]
    s3.put_object = put
    outcome = run(film, catalog, s3, tmp_path)
    assert outcome.uploaded == len(keys(s3))


def test_a_store_that_is_down_is_said_and_the_catalog_is_not_told(
    film: Path, catalog: FakeCatalog, tmp_path: Path
) -> None:
    client = boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{closed_port()}",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=2),
    )
    with pytest.raises(LocalError, match="does not answer"):
        run(film, catalog, client, tmp_path)
    assert not catalog.told


def recorded(folder: Path, *, name: str) -> Callable[[], processes.Identity | None]:
    return lambda: processes.recall(folder / FILM / f"{name}.part")


def test_an_encoder_that_is_killed_leaves_what_was_done_and_the_next_run_goes_on(
    film: Path, tmp_path: Path
) -> None:
    source = probe(film)
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    build(source, target=Target(FILM), wishes=SLOW, workshops=whole)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(build, source, target=Target(FILM), wishes=SLOW, workshops=broken)
        identity = until(recorded(broken, name="240p"))
        os.killpg(identity.pid, signal.SIGKILL)
        with pytest.raises(LocalError, match=r"240p of film\.mp4 failed: ended by SIGKILL"):
            running.result(timeout=30)
    assert not identity.alive
    kept = (broken / FILM / "288p" / "00000.m4s").stat().st_mtime_ns
    assert not (broken / FILM / "240p").exists()
    assert not list(broken.rglob("premium.m3u8"))
    build(source, target=Target(FILM), wishes=replace(SLOW, jobs=2), workshops=broken)
    assert (broken / FILM / "288p" / "00000.m4s").stat().st_mtime_ns == kept
    assert playlists(broken) == playlists(whole)
    assert not list(broken.rglob("*.part"))


def test_a_command_that_is_killed_leaves_no_encoder_behind_its_next_run(
    film: Path, tmp_path: Path
) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from reprise_local.media.ingest import *\n"
        "from reprise_local.media.recipes import Choices\n"
        "wishes = Wishes(choices=Choices(preset='veryslow'), jobs=1)\n"
        "film, title, folder = sys.argv[1:]\n"
        "build(probe(Path(film)), target=Target(title), wishes=wishes, workshops=Path(folder))\n"
    )
    command = [sys.executable, "-c", program, str(film), FILM, str(tmp_path)]
    known = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, env=known, stderr=subprocess.DEVNULL) as killed:
        encoder = until(recorded(tmp_path, name="288p"))
        killed.kill()
    build(probe(film), target=Target(FILM), wishes=Wishes(choices=FAST, jobs=2), workshops=tmp_path)
    assert not encoder.alive
    assert not list(tmp_path.rglob("*.part"))


def test_when_one_rung_fails_the_others_are_not_waited_for(film: Path, tmp_path: Path) -> None:
    wishes = Wishes(choices=Choices(preset="veryslow"), jobs=2)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(
            build, probe(film), target=Target(FILM), wishes=wishes, workshops=tmp_path
        )
        other = until(recorded(tmp_path, name="240p"))
        os.killpg(until(recorded(tmp_path, name="288p")).pid, signal.SIGKILL)
        with pytest.raises(LocalError, match="SIGKILL"):
            running.result(timeout=5)
    assert not other.alive


def text(path: Path) -> None:
    path.write_text("not a film at all\n" * 100, encoding="utf-8")


def noise(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 4096)


def nothing(path: Path) -> None:
    path.write_bytes(b"")


def sound_only(path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "sine=d=2", "-c:a", "aac", str(path))


def one_picture(path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", "-f", "mjpeg", str(path))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (text, "cannot be read"),
        (noise, "cannot be read"),
        (nothing, "cannot be read"),
        (sound_only, "has no video stream"),
        (one_picture, "without its length"),
        (lambda path: None, "no such file"),
    ],
)
def test_what_is_no_film_is_refused_and_nothing_is_published(
    make: Callable[[Path], None], said: str, catalog: FakeCatalog, s3: Any, tmp_path: Path
) -> None:
    path = tmp_path / "film.mp4"
    make(path)
    with pytest.raises(LocalError, match=said):
        run(path, catalog, s3, tmp_path / "work")
    assert (catalog.told, keys(s3)) == ([], [])


@pytest.mark.parametrize("damage", ["cut off", "holes"])
def test_a_damaged_film_is_refused_and_nothing_is_published(
    damage: str, film: Path, catalog: FakeCatalog, s3: Any, tmp_path: Path
) -> None:
    whole = bytearray(film.read_bytes())
    if damage == "cut off":
        del whole[len(whole) // 2 :]
    else:
        middle = len(whole) // 2
        whole[middle : middle + 200_000] = b"\xa5" * 200_000
    path = tmp_path / "film.mp4"
    path.write_bytes(whole)
    with pytest.raises(LocalError, match=r"film\.mp4"):
        run(path, catalog, s3, tmp_path / "work")
    assert (catalog.told, keys(s3)) == ([], [])


def test_an_unknown_title_is_refused_before_anything_is_encoded(
    film: Path, s3: Any, tmp_path: Path
) -> None:
    with pytest.raises(LocalError, match="no title"):
        run(film, FakeCatalog("another"), s3, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("second", [-1.0, 0.0, SECONDS + 1.0, float("nan")])
def test_credits_outside_of_the_film_are_refused(
    second: float, film: Path, catalog: FakeCatalog, s3: Any, tmp_path: Path
) -> None:
    with pytest.raises(LocalError, match="credits"):
        run(film, catalog, s3, tmp_path, Wishes(choices=FAST, credits_start=second))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("says", [SECONDS + 4.0, SECONDS - 4.0, 6420.0])
def test_a_file_of_another_length_than_the_catalogs_is_refused_before_anything_is_encoded(
    says: float, film: Path, s3: Any, tmp_path: Path
) -> None:
    catalog = FakeCatalog(FILM, duration=says)
    with pytest.raises(LocalError, match=rf"lasts 10\.0 s.*“A film” lasts {says:.1f} s") as refused:
        run(film, catalog, s3, tmp_path)
    assert "--set-duration" in refused.value.mend
    assert not list(tmp_path.iterdir())
    wishes = Wishes(choices=FAST, jobs=2, set_duration=True)
    outcome = run(film, catalog, s3, tmp_path, wishes)
    assert catalog.told == [(outcome.media, Runtime(outcome.media.duration))]
    assert run(film, catalog, s3, tmp_path).uploaded == 0  # the lengths agree by now


def test_a_length_that_differs_by_a_moment_is_the_same_film(
    film: Path, s3: Any, tmp_path: Path
) -> None:
    catalog = FakeCatalog(FILM, duration=SECONDS + 2.5)
    outcome = run(film, catalog, s3, tmp_path)
    assert catalog.duration == outcome.media.duration


def test_subtitles_without_a_cue_are_refused(
    film: Path, catalog: FakeCatalog, s3: Any, tmp_path: Path
) -> None:
    words = tmp_path / "words.vtt"
    words.write_text("WEBVTT\n\n", encoding="utf-8")
    with pytest.raises(LocalError, match=r"subtitles de of words\.vtt"):
        run(film, catalog, s3, tmp_path, Wishes(choices=FAST, subtitles={"de": words}))
    assert (catalog.told, keys(s3)) == ([], [])


def test_a_machine_without_ffmpeg_is_told_how_to_get_it(
    film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(LocalError, match="ffprobe is not installed") as refused:
        probe(film)
    assert "apt-get install ffmpeg" in refused.value.mend


def test_a_title_is_ingested_by_one_command_at_a_time(film: Path, tmp_path: Path) -> None:
    wishes = Wishes(choices=Choices(preset="veryslow"), jobs=1)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(
            build, probe(film), target=Target(FILM), wishes=wishes, workshops=tmp_path
        )
        encoder = until(recorded(tmp_path, name="288p"))
        with pytest.raises(LocalError, match="another reprise command"):
            build(probe(film), target=Target(FILM), wishes=wishes, workshops=tmp_path)
        os.killpg(encoder.pid, signal.SIGKILL)
        with pytest.raises(LocalError):
            running.result(timeout=30)


def test_the_buckets_default_name_is_one_that_s3_takes(s3: Any) -> None:
    bucket.make_sure_of(s3, bucket=bucket.DEFAULT_NAME)
    bucket.make_sure_of(s3, bucket=bucket.DEFAULT_NAME)
    assert [each["Name"] for each in s3.list_buckets()["Buckets"]] == [bucket.DEFAULT_NAME]
