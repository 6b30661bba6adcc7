"""The samples in a seeded catalog: as long as it says, and published once. The shelf itself."""

import hashlib
import runpy
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import psycopg
import pytest
from moto import mock_aws
from psycopg import sql
from psycopg.conninfo import make_conninfo

from reprise.adapters.catalog_redis import title_key
from reprise.adapters.migrate_postgres import SCRIPTS
from reprise.adapters.publications_redis import RedisPublications, media_key
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.title_codec import title_from_json
from reprise.domain.media import SEGMENT_SECONDS, Runtime
from reprise_local.console import Steps
from reprise_local.errors import LocalError
from reprise_local.media import samples
from reprise_local.media.ingest import Outcome, Target
from reprise_local.media.kept import Kept
from reprise_local.media.shelf import Shelf
from reprise_local.seeding import seed
from tests.harness.closed_port import closed_postgres_dsn
from tests.harness.stack import TestStack
from tests.published import MEDIA

pytestmark = pytest.mark.real
BUCKET = "reprise-test-media"


class Seeded:
    """A seeded database of its own, and its shelf."""

    def __init__(self, dsn: str, redis_url: str) -> None:
        self.dsn, self.redis_url = dsn, redis_url
        with psycopg.connect(dsn) as connection:
            for path in sorted((SCRIPTS / "versions").glob("v*.py")):
                if statements := runpy.run_path(str(path))["UP"]:
                    connection.execute(statements)
        self.shelf = Shelf(postgres_dsn=dsn, redis_url=redis_url)
        self.seed()

    def seed(self) -> None:
        self.catalog = seed(postgres_dsn=self.dsn, redis_url=self.redis_url)["catalog"]

    def leave_redis_as_it_was(self) -> None:
        """Redis is shared with a stack that has the same titles, and other files of them."""
        self.seed()
        for published in self.shelf.published():
            self.shelf.withdraw(item_id=published.item_id)


@pytest.fixture(scope="module")
def seeded(stack: TestStack) -> Iterator[Seeded]:
    name = f"shelf_{uuid4().hex}"
    with psycopg.connect(stack.postgres_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        made = Seeded(make_conninfo(stack.postgres_url, dbname=name), stack.redis_url)
        yield made
        made.leave_redis_as_it_was()
        made.shelf.close()
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the samples small enough for a test, and as long as they are."""
    monkeypatch.setattr(samples, "RATE", 2)
    monkeypatch.setattr(samples, "FILM_SIZE", (512, 288))
    monkeypatch.setattr(samples, "EPISODE_SIZE", (256, 144))


def ingest(seeded: Seeded, folder: Path) -> list[Outcome]:
    with Steps() as steps:
        outcomes = samples.ingest_samples(
            catalog=seeded.catalog,
            shelf=seeded.shelf,
            kept=Kept(folder / "kept"),
            client=boto3.client(
                "s3",
                region_name="us-east-1",
                aws_access_key_id="test",
                aws_secret_access_key="test",
            ),
            bucket_name=BUCKET,
            steps=steps,
            workshops=folder,
        )
    return list(outcomes)


@pytest.mark.usefixtures("small")
def test_the_samples_are_published_once_and_are_as_long_as_the_catalog_says(
    seeded: Seeded, tmp_path: Path
) -> None:
    playable = seeded.catalog["playable"]
    film, series = playable["film"], playable["series"]
    targets = [Target(film), *(Target(series["videoId"], each) for each in series["episodes"])]
    items = [seeded.shelf.item(title_id=t.title_id, episode_id=t.episode_id) for t in targets]
    with mock_aws():
        first = ingest(seeded, tmp_path)
        seeded.seed()
        again = ingest(seeded, tmp_path)
    assert [outcome.media.item_id for outcome in first] == [target.item_id for target in targets]
    assert all(outcome.uploaded > 0 for outcome in first)
    assert [outcome.uploaded for outcome in again] == [0, 0, 0]
    for outcome, item, target in zip(first, items, targets, strict=True):
        published = seeded.shelf.renditions.media(item_id=item.id)
        assert published == outcome.media
        assert outcome.media.duration == item.duration
        assert item.duration % SEGMENT_SECONDS == 0
        assert [words.language for words in outcome.media.subtitles] == ["en", "de"]
        after = seeded.shelf.item(title_id=target.title_id, episode_id=target.episode_id)
        assert after == item
    named = {(each.target, each.name) for each in seeded.shelf.published()}
    assert {name for _, name in named} >= {
        "The Long Second",
        "Two Short Minutes: Up to Two",
        "Two Short Minutes: Two, Again",
    }
    assert f"--title {film}" in {target for target, _ in named}


def test_a_place_in_a_playable_title_is_in_the_row_after_a_minute(seeded: Seeded) -> None:
    playable = seeded.catalog["playable"]
    series = playable["series"]
    targets = [(playable["film"], None), *((series["videoId"], e) for e in series["episodes"])]
    for title, episode in targets:
        item = seeded.shelf.item(title_id=title, episode_id=episode)
        assert item.shown_from == 60.0
        assert item.completes_at == item.credits_start
        assert item.completes_at - item.shown_from >= 45
        assert item.intro_end is not None


@pytest.mark.usefixtures("small")
def test_a_sample_is_the_same_bytes_wherever_it_is_made(seeded: Seeded, tmp_path: Path) -> None:
    digests = set()
    sample = next(iter(samples.samples_of(seeded.catalog["playable"], seeded.shelf).values()))
    for folder in (tmp_path / "here", tmp_path / "there"):
        path = samples.make(sample, folder)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_the_next_manifest_names_what_was_just_published_and_not_what_was_withdrawn(
    seeded: Seeded, redis_client: Any
) -> None:
    film = seeded.catalog["film"]
    reader = RedisPublications(
        RedisCalls(redis_client),
        source=lambda: seeded.shelf.renditions,
        clock=time.monotonic,
        now=time.time,
    )
    assert reader.media(item_id=film) is None
    for path in ("media/a/a/1", "media/a/a/2"):
        media = replace(MEDIA, item_id=film, path=path)
        seeded.shelf.put(media, title_id=film, runtime=Runtime(6420.0))
        assert reader.media(item_id=film) == media
    assert "media/a/a/2" in {each.path for each in seeded.shelf.published()}
    seeded.shelf.withdraw(item_id=film)
    assert film not in {each.item_id for each in seeded.shelf.published()}
    assert seeded.shelf.renditions.media(item_id=film) is None
    assert not redis_client.exists(media_key(film))


def test_a_new_runtime_is_known_to_the_functions_too(seeded: Seeded, redis_client: Any) -> None:
    film = seeded.catalog["film"]
    media = replace(MEDIA, item_id=film)
    seeded.shelf.put(media, title_id=film, runtime=Runtime(40.04, 36.0))
    for item in (
        seeded.shelf.item(title_id=film, episode_id=None),
        title_from_json(redis_client.get(title_key(film)), title_id=film)[0].items[0],
    ):
        assert (item.duration, item.credits_start) == (40.04, 36.0)
    seeded.seed()


def test_what_cannot_be_ingested_is_said(seeded: Seeded) -> None:
    film, series = seeded.catalog["film"], seeded.catalog["series"]
    for title, episode, said in (
        (str(uuid4()), None, "no title"),
        ("nonsense", None, "no title"),
        (film, series["episodes"][0], "has no episodes"),
        (series["videoId"], None, "needs --episode"),
        (series["videoId"], film, "needs --episode"),
    ):
        with pytest.raises(LocalError, match=said):
            seeded.shelf.item(title_id=title, episode_id=episode)


def test_a_catalog_that_is_down_is_said() -> None:
    shelf = Shelf(postgres_dsn=closed_postgres_dsn(), redis_url="redis://127.0.0.1:1/0")
    with pytest.raises(LocalError, match="does not answer"):
        shelf.item(title_id=MEDIA.item_id, episode_id=None)
