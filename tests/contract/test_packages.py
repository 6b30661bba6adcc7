"""The promise of `Packages`, kept by the fake and by S3, over a package that was really encoded."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from moto import mock_aws

from reprise.adapters.packages_s3 import LONGEST_TEXT, S3Packages
from reprise.adapters.playlists_m3u8 import StrictPlaylists
from reprise.application.media_ports import Packages
from reprise.domain.errors import UnavailableError
from reprise.domain.packages import UnfitPackageError
from tests.fakes.packages import FakePackages
from tests.harness.closed_port import closed_port
from tests.harness.media import draw
from tests.harness.mediaconvert import RUNGS, encode, texts_and_sizes
from tests.harness.stack import TestStack

FOLDER = "media/t-1/t-1/v-1"
REAL = ("moto", pytest.param("localstack", marks=pytest.mark.cloud))


@pytest.fixture(scope="module")
def encoded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoded")
    source = draw(folder / "film.mp4", size="426x240")
    return encode(source, folder / "package")


class Store:
    """Packages with one in them, and a way to put more there as an encoder would."""

    def __init__(self, packages: Packages, put: Any) -> None:
        self.packages = packages
        self.put = put


@contextmanager
def in_moto(encoded: Path) -> Iterator[tuple[Any, str]]:
    with mock_aws():
        client = connect()
        yield client, filled(client, encoded)


@contextmanager
def in_localstack(endpoint: str, encoded: Path) -> Iterator[tuple[Any, str]]:
    client = connect(endpoint=endpoint)
    name = filled(client, encoded)
    yield client, name
    for found in client.list_objects_v2(Bucket=name)["Contents"]:
        client.delete_object(Bucket=name, Key=found["Key"])
    client.delete_bucket(Bucket=name)


@pytest.fixture(params=REAL)
def bucket(request: pytest.FixtureRequest, encoded: Path) -> Iterator[tuple[Any, str]]:
    """A bucket of its own that holds the package."""
    with opened(request, encoded) as made:
        yield made


@pytest.fixture(params=["fake", *REAL])
def store(request: pytest.FixtureRequest, encoded: Path) -> Iterator[Store]:
    if request.param == "fake":
        fake = FakePackages()
        texts, sizes = texts_and_sizes(encoded)
        fake.store(FOLDER, texts=texts, sizes=sizes)
        yield Store(fake, fake.texts.__setitem__)
        return
    with opened(request, encoded) as (client, name):
        packages = S3Packages(bucket=name, connect=lambda: client)
        yield Store(
            packages, lambda path, body: client.put_object(Bucket=name, Key=path, Body=body)
        )


def opened(
    request: pytest.FixtureRequest, encoded: Path
) -> AbstractContextManager[tuple[Any, str]]:
    if request.param == "moto":
        return in_moto(encoded)
    stack: TestStack = request.getfixturevalue("stack")
    assert stack.endpoint_url is not None, "the test stack has no LocalStack"
    return in_localstack(stack.endpoint_url, encoded)


def connect(*, endpoint: str | None = None) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def filled(client: Any, encoded: Path) -> str:
    name = f"packages-{uuid4().hex}"
    client.create_bucket(Bucket=name)
    for path in encoded.rglob("*.*"):
        key = f"{FOLDER}/{path.relative_to(encoded).as_posix()}"
        client.put_object(Bucket=name, Key=key, Body=path.read_bytes())
    return name


def test_a_folder_has_the_sizes_of_all_its_files_and_of_no_others(
    store: Store, encoded: Path
) -> None:
    store.put(f"{FOLDER}0/stream.m3u8", b"another version")
    sizes = store.packages.sizes(folder=FOLDER)
    there = {name: size for name, size in sizes.items() if name in texts_and_sizes(encoded)[1]}
    assert there == texts_and_sizes(encoded)[1]
    assert {"stream-240pinit.cmfv", "stream-240p_000000001.cmfv"} <= set(sizes)
    assert "storyboard/stream-thumbnail.0000000.jpg" in sizes
    assert not [name for name in sizes if "another" in name or name.startswith("/")]


def test_a_folder_that_nobody_filled_is_empty(store: Store) -> None:
    assert store.packages.sizes(folder="media/t-1/t-1/none") == {}


@pytest.mark.parametrize("rung", RUNGS, ids=lambda rung: rung.name)
def test_what_was_encoded_is_read_strictly_to_its_last_second(store: Store, rung: Any) -> None:
    text = store.packages.read(path=f"{FOLDER}/stream-{rung.name}.m3u8")
    read = StrictPlaylists().media(text, name=rung.name)
    assert read.seconds == pytest.approx(240 * 1001 / 24000, abs=0.05)
    assert [round(piece.seconds, 3) for piece in read.pieces[:2]] == [4.004, 4.004]
    sizes = store.packages.sizes(folder=FOLDER)
    assert {*read.inits, *(piece.uri for piece in read.pieces)} <= set(sizes)


def test_what_is_written_is_read_and_may_be_written_again(store: Store) -> None:
    path = f"{FOLDER}/premium.m3u8"
    for text in ("#EXTM3U\n", "#EXTM3U\n# Ünïcode\n"):
        store.packages.write(path=path, text=text)
        assert store.packages.read(path=path) == text
    assert store.packages.sizes(folder=FOLDER)["premium.m3u8"] == len(text.encode())


def test_what_is_no_text_is_refused(store: Store) -> None:
    store.put("media/t-1/t-1/bytes/stream.m3u8", b"\xff\xfe\x00")
    with pytest.raises(UnfitPackageError, match="no text"):
        store.packages.read(path="media/t-1/t-1/bytes/stream.m3u8")


def test_what_went_between_a_look_and_a_read_is_worth_another_try(store: Store) -> None:
    with pytest.raises(UnavailableError):
        store.packages.read(path=f"{FOLDER}/gone.m3u8")


def test_what_players_read_is_stored_as_what_it_is(bucket: tuple[Any, str]) -> None:
    client, name = bucket
    packages = S3Packages(bucket=name, connect=lambda: client)
    for file, kind in (
        ("basic.m3u8", "application/vnd.apple.mpegurl"),
        ("storyboard/storyboard.vtt", "text/vtt"),
    ):
        packages.write(path=f"{FOLDER}/{file}", text="text")
        head = client.head_object(Bucket=name, Key=f"{FOLDER}/{file}")
        assert (head["ContentType"], head["CacheControl"]) == (kind, "private, max-age=86400")


def test_a_folder_of_more_files_than_one_answer_holds_is_listed_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="many")
        for number in range(1001):
            client.put_object(Bucket="many", Key=f"{FOLDER}/{number:09}.cmfv", Body=b"1")
        sizes = S3Packages(bucket="many").sizes(folder=FOLDER)
        assert len(sizes) == 1001
        client.put_object(Bucket="many", Key="long", Body=b"x" * (LONGEST_TEXT + 1))
        with pytest.raises(UnfitPackageError, match="longer"):
            S3Packages(bucket="many").read(path="long")


def test_a_bucket_that_does_not_answer_is_said() -> None:
    client = connect(endpoint=f"http://127.0.0.1:{closed_port()}")
    packages = S3Packages(bucket="nowhere", connect=lambda: client)
    with pytest.raises(UnavailableError, match="media bucket"):
        packages.sizes(folder=FOLDER)
