"""The samples in a seeded catalog: published once, and back at once after another seeding."""

import hashlib
import runpy
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
from reprise.adapters.title_codec import title_from_json
from reprise.domain.media import Runtime
from reprise_local.console import Steps
from reprise_local.errors import LocalError
from reprise_local.media import samples
from reprise_local.media.ingest import Outcome
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


@pytest.fixture(scope="module")
def seeded(stack: TestStack) -> Iterator[Seeded]:
    name = f"shelf_{uuid4().hex}"
    with psycopg.connect(stack.postgres_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        made = Seeded(make_conninfo(stack.postgres_url, dbname=name), stack.redis_url)
        yield made
        made.seed()  # Redis is shared: leave its titles as the seed has them
        made.shelf.close()
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the samples small enough for a test."""
    monkeypatch.setattr(samples, "SECONDS", 8)
    monkeypatch.setattr(samples, "FILM", replace(samples.FILM, width=512, height=288))
    monkeypatch.setattr(samples, "EPISODE", replace(samples.EPISODE, width=256, height=144))


def ingest(seeded: Seeded, folder: Path) -> list[Outcome]:
    with Steps() as steps:
        outcomes = samples.ingest_samples(
            catalog=seeded.catalog,
            shelf=seeded.shelf,
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
def test_the_samples_are_published_once_and_are_back_after_a_seeding(
    seeded: Seeded, tmp_path: Path
) -> None:
    film, series = seeded.catalog["film"], seeded.catalog["series"]
    before = seeded.shelf.item(title_id=film, episode_id=None)
    with mock_aws():
        first = ingest(seeded, tmp_path)
        seeded.seed()
        again = ingest(seeded, tmp_path)
    assert [outcome.media.item_id for outcome in first] == [film, series["episodes"][0]]
    assert all(outcome.uploaded > 0 for outcome in first)
    assert [outcome.uploaded for outcome in again] == [0, 0]
    for outcome in first:
        published = seeded.shelf.renditions.media(item_id=outcome.media.item_id)
        assert published == outcome.media
        assert [words.language for words in outcome.media.subtitles] == ["en", "de"]
    assert seeded.shelf.item(title_id=film, episode_id=None) == before


@pytest.mark.usefixtures("small")
def test_a_sample_is_the_same_bytes_wherever_it_is_made(tmp_path: Path) -> None:
    digests = set()
    for folder in (tmp_path / "here", tmp_path / "there"):
        path = samples.make(samples.FILM, folder)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1


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
