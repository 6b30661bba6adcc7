"""From a really encoded package in S3 to a manifest that offers it: every store but S3 is a server.

The package lies as MediaConvert lays it out; what it would have encoded, ffmpeg has.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import m3u8
import psycopg
import pytest
from moto import mock_aws

from reprise.adapters.catalog_postgres import PostgresTitles
from reprise.adapters.packages_s3 import S3Packages
from reprise.adapters.postgres import Postgres
from reprise.adapters.publications_redis import RedisPublications, media_key
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.adapters.renditions_postgres import PostgresRenditions
from reprise.application.publish_encoded import publish_encoded
from reprise.bootstrap.media import PublishingWiring
from reprise.domain.media import Media
from reprise.domain.packages import UnfitPackageError
from reprise.edge.encodings import read_encoding
from reprise.settings import PublishingSettings
from tests.builders import make_film
from tests.harness.functions import ENVIRONMENT, World
from tests.harness.media import draw, ffmpeg
from tests.harness.mediaconvert import BEST, encode
from tests.harness.stack import TestStack
from tests.published import publication

pytestmark = pytest.mark.real
SECONDS = 10.01


@pytest.fixture(scope="module")
def encoded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoded")
    return encode(draw(folder / "film.mp4", size="426x240"), folder / "package")


class Cloud:
    """A film in the catalog, one version of it that plays, and a bucket."""

    def __init__(self, stack: TestStack, postgres_dsn: str, encoded: Path) -> None:
        self.film = make_film(duration=SECONDS)
        self.encoded = encoded
        self.s3 = boto3.client("s3", region_name="us-east-1")
        self.bucket = f"media-{uuid4().hex}"
        self.s3.create_bucket(Bucket=self.bucket)
        variables = ENVIRONMENT | {
            "POSTGRES_URL": postgres_dsn,
            "REDIS_URL": stack.redis_url,
            "REDIS_TIMEOUT_MS": "2000",
            "MEDIA_BUCKET": self.bucket,
        }
        self.wiring = PublishingWiring(PublishingSettings.from_env(variables))
        self.wiring.packages = S3Packages(bucket=self.bucket, connect=lambda: self.s3)
        self.postgres = Postgres(dsn=lambda: postgres_dsn)
        self.wiring.titles = PostgresTitles(postgres=self.postgres)
        self.wiring.renditions = PostgresRenditions(postgres=self.postgres)
        with psycopg.connect(postgres_dsn) as connection:
            connection.execute(
                "INSERT INTO title (id, type, name, release_year, original_language)"
                " VALUES (%s, 'film', 'A film', 2024, 'en')",
                [self.film.id],
            )
            connection.execute(
                "INSERT INTO video (id, title_id, duration_seconds, credits_start)"
                " VALUES (gen_random_uuid(), %s, %s, 9)",
                [self.film.id, SECONDS],
            )
        self.old = publication(self.film.id, self.film.id)
        self.wiring.renditions.put(media=self.old)
        self.client = connect(url=stack.redis_url, cluster=False, timeout_ms=2000)
        world = World(film=self.film)
        self.world = world
        self.readers = RedisPublications(
            RedisCalls(self.client),
            source=lambda: self.wiring.renditions,
            clock=lambda: world.now,
            now=lambda: world.now,
        )
        world.publications = self.readers  # type: ignore[assignment]
        self.wiring.clock = lambda: float(world.now)

    def upload(self, version: str, *, without: str = "") -> None:
        for path in self.encoded.rglob("*.*"):
            name = path.relative_to(self.encoded).as_posix()
            if name != without:
                key = f"media/{self.film.id}/{self.film.id}/{version}/{name}"
                self.s3.put_object(Bucket=self.bucket, Key=key, Body=path.read_bytes())

    def publish(self, version: str, **overrides: Any) -> Media:
        event = {
            "titleId": self.film.id,
            "itemId": self.film.id,
            "version": version,
            "best": BEST,
            "sourceDuration": SECONDS,
            **overrides,
        }
        wiring = self.wiring
        return publish_encoded(
            encoding=read_encoding(event),
            titles=wiring.titles,
            packages=wiring.packages,
            playlists=wiring.playlists,
            renditions=wiring.renditions,
            copies=wiring.copies,
        )

    def manifest(self) -> Mapping[str, Any]:
        play = self.world.event("GET", "/stream/{id}/manifest", path={"id": self.film.id})
        answer = self.world.request("stream/play_film", play)
        assert answer.status == 200, answer.body
        body: Mapping[str, Any] = answer.body
        return body

    def download(self, folder: Path, version: str) -> Path:
        prefix = f"media/{self.film.id}/{self.film.id}/{version}/"
        for found in self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix)["Contents"]:
            path = folder / found["Key"].removeprefix(prefix)
            path.parent.mkdir(parents=True, exist_ok=True)
            body = self.s3.get_object(Bucket=self.bucket, Key=found["Key"])["Body"].read()
            path.write_bytes(body)
        return folder

    def close(self) -> None:
        self.client.delete(media_key(self.film.id), f"title:{self.film.id}")
        self.client.close()
        self.postgres.close()


@pytest.fixture
def cloud(
    stack: TestStack, postgres_dsn: str, encoded: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Cloud]:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        made = Cloud(stack, postgres_dsn, encoded)
        yield made
        made.close()


def test_what_was_encoded_is_in_the_next_manifest_and_plays(cloud: Cloud, tmp_path: Path) -> None:
    assert f"/{cloud.old.path.rpartition('/')[2]}/" in cloud.manifest()["manifestUrl"]
    cloud.upload("v-2")
    cloud.publish("v-2")
    manifest = cloud.manifest()
    assert "/v-2/premium.m3u8?" in manifest["manifestUrl"]
    assert [(q["quality"], q["width"], q["height"]) for q in manifest["qualities"]] == [
        ("240p", 426, 240),
        ("144p", 256, 144),
    ]
    assert "/v-2/storyboard/storyboard.vtt?" in manifest["storyboardUrl"]
    folder = cloud.download(tmp_path, "v-2")
    assert ffmpeg("-i", str(folder / "premium.m3u8"), "-map", "0", "-f", "null", "-") == ""
    rates = {
        listed.uri: listed.stream_info.bandwidth
        for listed in m3u8.load(str(folder / "premium.m3u8")).playlists
    }
    assert {
        f"stream-{quality['quality']}.m3u8": quality["bitrate"] for quality in manifest["qualities"]
    } == rates
    cues = (folder / "storyboard" / "storyboard.vtt").read_text(encoding="utf-8")
    named = [line.partition("#")[0] for line in cues.splitlines() if ".jpg" in line]
    assert named == [f"stream-thumbnail.{number:07}.jpg" for number in range(len(named))]
    assert all((folder / "storyboard" / name).is_file() for name in named)


def test_a_segment_that_is_not_there_leaves_the_old_version_playing(cloud: Cloud) -> None:
    cloud.upload("v-2", without="stream-144p_000000002.cmfv")
    with pytest.raises(UnfitPackageError, match="first stream-144p_000000002"):
        cloud.publish("v-2")
    assert cloud.wiring.renditions.media(item_id=cloud.film.id) == cloud.old
    assert f"/{cloud.old.path.rpartition('/')[2]}/" in cloud.manifest()["manifestUrl"]


def test_two_runs_leave_what_one_does(cloud: Cloud) -> None:
    cloud.upload("v-2")
    first = cloud.publish("v-2")
    assert cloud.publish("v-2") == first
    assert cloud.wiring.renditions.media(item_id=cloud.film.id) == first


def test_a_run_that_ends_before_the_catalog_is_told_changes_nothing_that_plays(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.upload("v-2")

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(PostgresRenditions, "put", die)
        with pytest.raises(KeyboardInterrupt):
            cloud.publish("v-2")
    assert cloud.wiring.renditions.media(item_id=cloud.film.id) == cloud.old
    assert cloud.publish("v-2") == cloud.wiring.renditions.media(item_id=cloud.film.id)


def test_the_catalog_takes_the_measured_length_and_drops_what_lies_beyond(cloud: Cloud) -> None:
    cloud.upload("v-2")
    media = cloud.publish("v-2")
    title = cloud.wiring.titles.load(video_ids=[cloud.film.id])[cloud.film.id]
    assert title.items[0] == replace(title.items[0], duration=media.duration, credits_start=9.0)


def test_a_film_of_another_length_waits_for_a_word(cloud: Cloud, postgres_dsn: str) -> None:
    with psycopg.connect(postgres_dsn) as connection:
        connection.execute(
            "UPDATE video SET duration_seconds = 5400 WHERE title_id = %s", [cloud.film.id]
        )
    cloud.upload("v-2")
    with pytest.raises(UnfitPackageError, match="setDuration"):
        cloud.publish("v-2")
    media = cloud.publish("v-2", setDuration=True)
    title = cloud.wiring.titles.load(video_ids=[cloud.film.id])[cloud.film.id]
    assert title.items[0].duration == pytest.approx(media.duration)
