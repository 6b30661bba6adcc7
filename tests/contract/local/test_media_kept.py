"""What was published outlives the bucket, and goes once nobody can be playing it any more."""

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws

from reprise.domain.grants import GRANT_SECONDS
from reprise.domain.media import Runtime
from reprise_local.console import Steps
from reprise_local.errors import LocalError
from reprise_local.media.ingest import Outcome, Target, Wishes, ingest, prune
from reprise_local.media.kept import MARGIN_SECONDS, Kept
from reprise_local.media.restoring import restore
from tests.harness.media import FAST, FakeCatalog, draw

FILM = "film-1"
BUCKET = "reprise-test-media"
NOW = 1_800_000_000.0


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw(tmp_path_factory.mktemp("source") / "Zwölf Uhr – ein Film.mp4", size="256x144")


class House:
    """A catalog, a bucket and what is kept, with a clock to move."""

    def __init__(self, film: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.film, self.folder = film, folder
        self.catalog = FakeCatalog(FILM)
        self.s3 = boto3.client("s3", region_name="us-east-1")
        self.kept = Kept(folder / "kept")
        self.now = NOW
        clock = SimpleNamespace(time=lambda: self.now)
        monkeypatch.setattr("reprise_local.media.ingest.time", clock)

    def ingest(self, *languages: str) -> Outcome:
        """Publish the film; with other subtitles it is another publication."""
        words = self.folder / "words.srt"
        words.write_text("1\n00:00:01,000 --> 00:00:02,000\nHello\n", encoding="utf-8")
        return ingest(
            self.film,
            target=Target(FILM),
            wishes=Wishes(
                choices=FAST, jobs=2, subtitles=dict.fromkeys(languages, words), silent=True
            ),
            shelf=self.catalog,
            kept=self.kept,
            client=self.s3,
            bucket_name=BUCKET,
            workshops=self.folder / "work",
        )

    def stored(self) -> set[str]:
        found = self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return {each["Key"] for each in found}

    def lose_the_bucket(self) -> None:
        for key in self.stored():
            self.s3.delete_object(Bucket=BUCKET, Key=key)

    def restore(self) -> int:
        with Steps() as steps:
            return restore(
                shelf=self.catalog,
                kept=self.kept,
                client=self.s3,
                bucket_name=BUCKET,
                steps=steps,
            )

    def prune(self) -> int:
        return prune(shelf=self.catalog, kept=self.kept, client=self.s3, bucket_name=BUCKET)


@pytest.fixture
def house(film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        yield House(film, tmp_path, monkeypatch)


def test_a_bucket_that_was_lost_is_filled_again_without_the_source_or_the_workshop(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    published = house.ingest().media
    before = house.stored()
    house.lose_the_bucket()
    shutil.rmtree(house.folder / "work")
    house.catalog.duration = 6420.0  # as after a seeding
    assert house.restore() == 1
    assert house.stored() == before
    assert house.catalog.told[-1] == (published, Runtime(published.duration))
    assert "brought back" in capsys.readouterr().out
    assert house.restore() == 1
    assert "brought back" not in capsys.readouterr().out


@pytest.mark.parametrize("lost", ["all", "a segment", "the manifest", "the record", "half a file"])
def test_what_cannot_be_brought_back_whole_is_withdrawn_and_says_how_it_plays_again(
    house: House, capsys: pytest.CaptureFixture[str], lost: str
) -> None:
    path = house.ingest().media.path
    house.lose_the_bucket()
    folder = house.folder / "kept" / path.removeprefix("media/")
    segment = folder / "144p" / "00001.m4s"
    if lost == "all":
        shutil.rmtree(house.folder / "kept")
    elif lost == "a segment":
        segment.unlink()
    elif lost == "the manifest":
        (folder / "media.json").unlink()
    elif lost == "the record":
        folder.with_name(f"{folder.name}.json").write_text("{}")
    else:
        segment.unlink()  # the workshop has the same file
        segment.write_bytes(b"half")
    assert house.restore() == 0
    assert house.catalog.withdrawn == [FILM]
    assert f"media ingest FILE --title {FILM}" in capsys.readouterr().out
    assert not house.stored()
    house.ingest()
    assert house.restore() == 1


def test_what_a_bucket_still_has_plays_on_though_nothing_of_it_was_kept(house: House) -> None:
    house.ingest()
    shutil.rmtree(house.folder / "kept")
    assert (house.restore(), house.catalog.withdrawn) == (1, [])


def test_what_was_replaced_goes_when_the_last_player_of_it_has_ended(house: House) -> None:
    first = house.ingest().media
    second = house.ingest("de").media
    lasting = GRANT_SECONDS + MARGIN_SECONDS + first.duration
    house.now = NOW + lasting - 1
    assert house.prune() == 0
    assert any(key.startswith(f"{first.path}/") for key in house.stored())
    house.now = NOW + lasting + 1
    assert house.prune() == 1
    assert {key.rpartition("/")[0].startswith(second.path) for key in house.stored()} == {True}
    assert house.kept.find(first.path) is None
    assert house.kept.find(second.path) is not None
    house.now += 10 * lasting
    assert house.prune() == 0


def test_what_is_published_again_is_not_pruned(house: House) -> None:
    first = house.ingest().media
    house.ingest("de")
    house.now = NOW + 60
    assert house.ingest().media == first
    house.now = NOW + 2 * GRANT_SECONDS
    assert house.prune() == 1
    assert house.kept.find(first.path) is not None
    assert {key.startswith(f"{first.path}/") for key in house.stored()} == {True}


def test_a_prune_that_broke_off_is_done_by_the_next(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = house.ingest().media
    house.ingest("de")
    house.now = NOW + 3 * GRANT_SECONDS

    def refuses(*_: object) -> None:
        raise OSError(errno.EIO, "I/O error", "somewhere")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "rename", refuses)
        with pytest.raises(LocalError, match="the disk refuses somewhere: I/O error"):
            house.prune()
    assert house.prune() == 1
    assert house.kept.find(first.path) is None
    assert not list((house.folder / "kept").rglob("*.part"))


def test_a_kept_publication_is_untouched_by_the_next_one_of_the_workshop(house: House) -> None:
    first = house.ingest().media
    found = house.kept.find(first.path)
    assert found is not None
    before = {name: path.read_bytes() for name, path in found.package.files.items()}
    house.ingest("de")
    assert {name: path.read_bytes() for name, path in found.package.files.items()} == before


def test_a_disk_without_links_keeps_copies(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuses)
    assert house.kept.find(house.ingest().media.path) is not None


def test_a_disk_that_is_full_is_said_in_one_line_and_nothing_is_published(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(LocalError, match="No space left on device"):
        house.ingest()
    assert not house.catalog.told


def test_a_disk_that_is_full_is_blamed_for_what_the_encoder_left_empty(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrote_nothing(*_: object, **__: object) -> None:
        raise LocalError("a segment of 0 fragments")

    monkeypatch.setattr("reprise_local.media.package.make", wrote_nothing)
    with pytest.raises(LocalError, match=r"^a segment of 0 fragments$"):
        house.ingest()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    with pytest.raises(LocalError, match=r"is full: a segment of 0 fragments"):
        house.ingest()
    assert not house.catalog.told
