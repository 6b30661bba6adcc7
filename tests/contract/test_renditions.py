"""The promise of `Renditions`, kept by the fake and by PostgreSQL."""

import runpy
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Protocol
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from reprise.adapters.migrate_postgres import SCRIPTS
from reprise.adapters.postgres import Postgres
from reprise.adapters.renditions_postgres import PostgresRenditions
from reprise.application.playback_ports import Renditions
from reprise.domain.errors import NotFoundError, UnavailableError
from reprise.domain.media import Media, Runtime
from tests.fakes.renditions import FakeRenditions
from tests.harness.closed_port import closed_postgres_dsn
from tests.published import MEDIA, rendition

CATALOG = Runtime(5400.0, 5230.0)
NOT_IDS = ["", "x", "%", "' OR '1'='1", "\ud800", "a\0b", "4B6D3C52-3F1E-4C0A-9A55-0F0A51D0A001"]


class Store(Protocol):
    """Renditions over a catalog of one film and one series with an episode."""

    film: str
    series: str
    episode: str

    @property
    def renditions(self) -> Renditions: ...

    def runtime(self, item_id: str) -> Runtime: ...


class FakeStore:
    def __init__(self) -> None:
        self.film, self.series, self.episode = (str(uuid4()) for _ in range(3))
        self.renditions = FakeRenditions({self.film: CATALOG, self.episode: CATALOG})

    def runtime(self, item_id: str) -> Runtime:
        return self.renditions.runtimes[item_id]


class PostgresStore:
    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.film, self.series, self.episode = (str(uuid4()) for _ in range(3))
        self.postgres = Postgres(dsn=lambda: dsn)
        self.renditions = PostgresRenditions(postgres=self.postgres)
        with psycopg.connect(dsn) as connection:
            for title, kind in ((self.film, "film"), (self.series, "series")):
                connection.execute(
                    "INSERT INTO title (id, type, name, release_year, original_language)"
                    " VALUES (%s, %s, 'A title', 2024, 'en')",
                    [title, kind],
                )
            connection.execute(
                "INSERT INTO episode (id, title_id, season, episode, name, aired_at)"
                " VALUES (%s, %s, 1, 1, 'An episode', now())",
                [self.episode, self.series],
            )
            for title, episode in ((self.film, None), (self.series, self.episode)):
                connection.execute(
                    "INSERT INTO video (id, title_id, episode_id, duration_seconds, intro_start,"
                    " intro_end, credits_start) VALUES (%s, %s, %s, %s, 30, 90, %s)",
                    [str(uuid4()), title, episode, CATALOG.duration, CATALOG.credits_start],
                )

    def runtime(self, item_id: str) -> Runtime:
        return Runtime(*self.markers(item_id)[:2])

    def markers(self, item_id: str) -> tuple[float, float | None, float | None, float | None]:
        with psycopg.connect(self.dsn) as connection:
            row = connection.execute(
                "SELECT duration_seconds, credits_start, intro_start, intro_end FROM video"
                " WHERE coalesce(episode_id, title_id) = %s::uuid",
                [item_id],
            ).fetchone()
        assert row is not None
        duration, credits_start, intro_start, intro_end = row
        return duration, credits_start, intro_start, intro_end


def revision(name: str) -> dict[str, Any]:
    return runpy.run_path(str(SCRIPTS / "versions" / f"{name}.py"))


@pytest.fixture(scope="module")
def scratch_dsn(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of its own, with the catalog and this revision's tables."""
    server: str = request.getfixturevalue("postgres_dsn")
    name = f"renditions_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        dsn = make_conninfo(server, dbname=name)
        catalog, renditions = revision("v0002_catalog"), revision("v0006_renditions")
        with psycopg.connect(dsn) as migrated:
            for statement in (catalog["UP"], *(renditions[way] for way in ("UP", "DOWN", "UP"))):
                migrated.execute(statement)
        yield dsn
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(params=["fake", pytest.param("postgres", marks=pytest.mark.real)])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    if request.param == "fake":
        yield FakeStore()
        return
    made = PostgresStore(request.getfixturevalue("scratch_dsn"))
    yield made
    made.postgres.close()


def of(item_id: str) -> Media:
    return replace(MEDIA, item_id=item_id)


def test_nothing_is_published_of_a_new_item(store: Store) -> None:
    assert not store.renditions.of(item_id=store.film)
    assert store.renditions.media(item_id=store.film) is None


def test_what_was_put_is_found_in_its_order(store: Store) -> None:
    for item in (store.film, store.episode):
        store.renditions.put(media=of(item))
        assert store.renditions.media(item_id=item) == of(item)
        assert tuple(store.renditions.of(item_id=item)) == MEDIA.renditions


def test_a_new_publication_replaces_all_of_the_old_one(store: Store) -> None:
    store.renditions.put(media=of(store.film))
    newer = Media(
        item_id=store.film,
        path="media/newer",
        duration=12.0,
        renditions=(rendition("144p", 256, 144, 150_000),),
    )
    store.renditions.put(media=newer)
    assert store.renditions.media(item_id=store.film) == newer


def test_an_item_that_the_catalog_does_not_have_is_said(store: Store) -> None:
    for item in (str(uuid4()), store.series, *NOT_IDS):
        with pytest.raises(NotFoundError):
            store.renditions.put(media=of(item))
        assert store.renditions.media(item_id=item) is None
        assert not store.renditions.of(item_id=item)


def test_without_a_runtime_the_catalog_keeps_its_own(store: Store) -> None:
    store.renditions.put(media=of(store.film))
    assert store.runtime(store.film) == CATALOG


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (Runtime(5300.0), Runtime(5300.0, 5230.0)),
        (Runtime(40.04), Runtime(40.04, None)),
        (Runtime(40.04, 36.0), Runtime(40.04, 36.0)),
    ],
)
def test_a_runtime_is_taken_over_and_markers_past_the_end_go(
    store: Store, given: Runtime, kept: Runtime
) -> None:
    store.renditions.put(media=of(store.film), runtime=given)
    assert store.runtime(store.film) == kept
    assert store.runtime(store.episode) == CATALOG


@pytest.mark.real
def test_the_intro_goes_with_the_time_that_it_was_in(scratch_dsn: str) -> None:
    store = PostgresStore(scratch_dsn)
    store.renditions.put(media=of(store.film), runtime=Runtime(100.0))
    assert store.markers(store.film) == (100.0, None, 30.0, 90.0)
    store.renditions.put(media=of(store.film), runtime=Runtime(60.0))
    assert store.markers(store.film) == (60.0, None, None, None)
    store.postgres.close()


@pytest.mark.real
def test_of_many_publications_at_once_one_stands_whole(scratch_dsn: str) -> None:
    store = PostgresStore(scratch_dsn)
    versions = [replace(of(store.film), path=f"media/{number}") for number in range(8)]

    def put(media: Media) -> None:
        postgres = Postgres(dsn=lambda: scratch_dsn)
        PostgresRenditions(postgres=postgres).put(media=media)
        postgres.close()

    with ThreadPoolExecutor(len(versions)) as pool:
        list(pool.map(put, versions))
    assert store.renditions.media(item_id=store.film) in versions
    store.postgres.close()


def test_a_database_that_is_down_is_said() -> None:
    renditions = PostgresRenditions(postgres=Postgres(dsn=closed_postgres_dsn))
    with pytest.raises(UnavailableError):
        renditions.of(item_id=MEDIA.item_id)
