"""The promise of `CatalogStore`, kept by the fake and by PostgreSQL; then what only that can."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from reprise.adapters.catalog_import_postgres import PostgresCatalogStore
from reprise.adapters.catalog_postgres import PostgresTitles
from reprise.adapters.postgres import Postgres
from reprise.adapters.search_postgres import PostgresTitleSearch
from reprise.adapters.title_pages_postgres import PostgresTitlePages
from reprise.application.catalog_ports import CatalogStore
from reprise.domain.catalog_draft import DraftTitle
from reprise.domain.errors import UnavailableError
from reprise.domain.title_page import Artwork, Edition, Markers
from tests.catalog_drafts import (
    BBFC,
    MPA,
    draft_catalog,
    draft_episode,
    draft_film,
    draft_series,
)
from tests.fakes.catalog_store import FakeCatalogStore
from tests.harness.closed_port import closed_postgres_dsn
from tests.harness.scratch_postgres import scratch_database


@pytest.fixture(scope="module")
def catalog_dsn(postgres_dsn: str) -> Iterator[str]:
    with scratch_database(postgres_dsn) as dsn:
        yield dsn


@pytest.fixture
def postgres(catalog_dsn: str) -> Iterator[Postgres]:
    """An empty catalog."""
    with psycopg.connect(catalog_dsn) as connection:
        connection.execute("TRUNCATE title, genre, rating_system CASCADE")
    postgres = Postgres(dsn=lambda: catalog_dsn)
    yield postgres
    postgres.close()


@pytest.fixture(params=["fake", pytest.param("postgres", marks=pytest.mark.real)])
def store(request: pytest.FixtureRequest) -> CatalogStore:
    if request.param == "fake":
        return FakeCatalogStore()
    return PostgresCatalogStore(postgres=request.getfixturevalue("postgres"))


def test_an_empty_catalog_knows_nothing(store: CatalogStore) -> None:
    known = store.known(title_ids=[draft_film().id])
    assert (dict(known.ratings), set(known.genres), dict(known.types)) == ({}, set(), {})


def test_what_was_written_is_known(store: CatalogStore) -> None:
    film, series = draft_film(), draft_series()
    store.save(draft=draft_catalog(film, series), dry_run=False)
    known = store.known(title_ids=[film.id, draft_film("another").id])
    assert known.ratings == {"MPA": {"PG", "R", "NR"}, "BBFC": {"12", "18"}}
    assert (set(known.genres), known.types) == ({"drama", "short"}, {film.id: "film"})


def test_titles_are_added_updated_or_unchanged(store: CatalogStore) -> None:
    film, series, third = draft_film(), draft_series(), draft_film("third")
    first = store.save(draft=draft_catalog(film, series), dry_run=False)
    assert (first.added, first.updated, first.unchanged) == ([film.id, series.id], [], [])
    edited = replace(film, title="The Salt Maps")
    second = store.save(draft=draft_catalog(edited, series, third), dry_run=False)
    assert (second.added, second.updated, second.unchanged) == ([third.id], [film.id], [series.id])
    again = store.save(draft=draft_catalog(edited, series, third), dry_run=False)
    assert (again.added, again.updated) == ([], [])


EDITS: dict[str, dict[str, Any]] = {
    "name": {"title": "Salt Maps"},
    "original name": {"original_title": "Die Salzkarte"},
    "other names": {"aliases": ("Salt", "The Map")},
    "description": {"description": "She walks."},
    "year": {"year": 2022},
    "language": {"language": "de"},
    "plans": {"plans": ("premium",)},
    "genres": {"genres": ("short", "drama")},
    "ratings": {"ratings": {"MPA": "R"}},
    "artwork": {"artwork": (Artwork("hero", "bold", "/b.jpg"), Artwork("poster", "a", "/a.jpg"))},
    "windows": {"windows": ()},
    "items": {
        "items": (
            draft_episode(1, 1, title="Pilot"),
            draft_episode(1, 2, description="Again"),
            draft_episode(1, 3, aired_at=1_800_000_000, editions=()),
        )
    },
    "markers": {
        "items": (draft_episode(1, 1, editions=(Edition("main", 2400.0, Markers(1.5, 2.5)),)),)
    },
    "editions": {
        "items": (
            draft_episode(1, 1, editions=(Edition("main", 2400.0), Edition("extended", 2500.0))),
        )
    },
}


@pytest.mark.parametrize("name", EDITS)
def test_every_kind_of_edit_is_noticed_and_written(store: CatalogStore, name: str) -> None:
    before, after = draft_series(), draft_series(**EDITS[name])
    store.save(draft=draft_catalog(before), dry_run=False)
    assert store.save(draft=draft_catalog(after), dry_run=False).updated == [after.id]
    assert store.save(draft=draft_catalog(after), dry_run=False).unchanged == [after.id]
    assert store.save(draft=draft_catalog(before), dry_run=False).updated == [after.id]


def test_a_dry_run_says_the_same_and_writes_nothing(store: CatalogStore) -> None:
    film = draft_film()
    assert store.save(draft=draft_catalog(film), dry_run=True).added == [film.id]
    assert store.known(title_ids=[film.id]).types == {}
    assert not store.known(title_ids=[]).genres


def test_titles_that_a_level_or_a_genres_name_touches_are_told(store: CatalogStore) -> None:
    film, short = draft_film(), draft_film("short", genres=("short",), ratings={"BBFC": "18"})
    store.save(draft=draft_catalog(film, short), dry_run=False)
    stricter = replace(BBFC, levels={"12": 3, "18": 4})
    changes = store.save(draft=draft_catalog(systems=(MPA, stricter)), dry_run=False)
    assert changes.also_touched == [short.id]
    renamed = store.save(draft=draft_catalog(systems=(), genres={"drama": "Plays"}), dry_run=False)
    assert renamed.also_touched == [film.id]
    both = draft_catalog(film, systems=(MPA, stricter), genres={"drama": "Plays"})
    assert store.save(draft=both, dry_run=False).also_touched == []


@pytest.mark.real
def test_readers_find_everything_that_was_written(postgres: Postgres) -> None:
    film = draft_film(
        original_title="Die Salzkarte",
        plans=("premium",),
        items=(
            replace(
                draft_film().items[0],
                editions=(
                    Edition("directors-cut", 6000.0),
                    Edition("main", 5400.5, Markers(10.0, 40.0, 5200.25)),
                ),
            ),
        ),
    )
    series = draft_series(items=(draft_episode(1, 1), draft_episode(1, 2, editions=())))
    PostgresCatalogStore(postgres=postgres).save(draft=draft_catalog(film, series), dry_run=False)
    titles = PostgresTitles(postgres=postgres).load(video_ids=[film.id, series.id])
    pages = PostgresTitlePages(postgres=postgres)
    page, of_series = pages.page(video_id=film.id), pages.page(video_id=series.id)
    assert page is not None
    assert of_series is not None
    assert (page.original_title, page.genres) == ("Die Salzkarte", ("Drama",))
    assert (page.editions, page.episodes) == (tuple(reversed(film.items[0].editions)), ())
    assert [episode.main is None for episode in of_series.episodes] == [False, True]
    assert titles[film.id].items[0].duration == 5400.5
    assert (titles[film.id].windows, titles[film.id].plans) == (
        tuple(sorted(film.windows, key=lambda window: window.region)),
        ("premium",),
    )
    assert [item.id for item in titles[series.id].items] == [series.item_id(series.items[0])]


@pytest.mark.real
def test_an_episode_that_stays_keeps_its_row_and_one_that_left_is_gone(
    postgres: Postgres, catalog_dsn: str
) -> None:
    store = PostgresCatalogStore(postgres=postgres)
    store.save(draft=draft_catalog(draft_series()), dry_run=False)
    moved = (draft_episode(1, 2, key="1:1"), draft_episode(1, 1, key="1:2"))
    store.save(draft=draft_catalog(draft_series(items=moved)), dry_run=False)
    with psycopg.connect(catalog_dsn) as connection:
        rows = connection.execute("SELECT id::text, episode FROM episode ORDER BY 2").fetchall()
    series = draft_series()
    assert rows == [
        (series.item_id(series.items[1]), 1),
        (series.item_id(series.items[0]), 2),
    ]


@pytest.mark.real
def test_a_failure_halfway_writes_nothing(postgres: Postgres, catalog_dsn: str) -> None:
    bad: DraftTitle = draft_film("bad", ratings={"MPA": "unheard of"})
    with pytest.raises(UnavailableError):
        PostgresCatalogStore(postgres=postgres).save(
            draft=draft_catalog(draft_film(), bad), dry_run=False
        )
    with psycopg.connect(catalog_dsn) as connection:
        tables = ("title", "genre", "rating_system")
        for table in tables:
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


@pytest.mark.real
def test_a_renamed_genre_is_searched_by_its_new_name(postgres: Postgres) -> None:
    film, store = draft_film(), PostgresCatalogStore(postgres=postgres)
    store.save(draft=draft_catalog(film), dry_run=False)
    store.save(draft=draft_catalog(systems=(), genres={"drama": "Tearjerkers"}), dry_run=False)
    search = PostgresTitleSearch(postgres=postgres)
    found = [search.matches(query=q, after=None, limit=9) for q in ("tearjerkers", "drama")]
    assert [[match.video_id for match in each] for each in found] == [[film.id], []]


def test_a_database_that_is_down_is_said() -> None:
    store = PostgresCatalogStore(postgres=Postgres(dsn=closed_postgres_dsn))
    with pytest.raises(UnavailableError):
        store.known(title_ids=[])
