"""The promise of `TitleSource`, kept by the fake and by PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from reprise.adapters.catalog_postgres import PostgresTitles
from reprise.adapters.postgres import Postgres
from reprise.application.ports import TitleSource
from reprise.domain.catalog import Item, Rating, Title, Window
from reprise.domain.errors import UnavailableError
from tests.fakes.catalog import FakeTitleSource
from tests.harness.closed_port import closed_postgres_dsn

OPEN = Window(region="US", starts_at=1_700_000_000, ends_at=None)
CLOSING = Window(region="GB", starts_at=1_700_000_000, ends_at=1_795_000_000)


def film() -> Title:
    title_id = str(uuid4())
    item = Item(
        title_id, "Sixth Sea", 5400.5, credits_start=5100.25, intro_start=0.0, intro_end=9.5
    )
    return Title(
        id=title_id,
        type="film",
        title="Sixth Sea",
        rating="PG-13",
        maturity_level=3,
        artwork_url="/artwork/sixth-sea.jpg",
        windows=(CLOSING, OPEN),
        items=(item,),
        plans=("premium",),
        ratings=(Rating(country="US", code="PG-13", level=3),),
    )


def series() -> Title:
    items = tuple(
        Item(
            str(uuid4()), f"Part {season}.{number}", 1500.0, season, number, aired_at=1_700_000_000
        )
        for season, number in [(0, 1), (1, 1), (1, 2), (1, 10), (2, 1)]
    )
    return Title(
        id=str(uuid4()),
        type="series",
        title="Part by Part",
        rating=None,
        maturity_level=None,
        artwork_url="",
        windows=(),
        items=items,
    )


def insert(connection: psycopg.Connection[Any], title: Title) -> None:
    connection.execute(
        "INSERT INTO title (id, type, name, release_year, original_language, plans)"
        " VALUES (%s, %s, %s, 2020, 'en', %s)",
        [title.id, title.type, title.title, list(title.plans)],
    )
    for window in title.windows:
        bounds = [
            at and datetime.fromtimestamp(at, UTC) for at in (window.starts_at, window.ends_at)
        ]
        connection.execute(
            "INSERT INTO availability VALUES (%s, %s, %s, %s)", [title.id, window.region, *bounds]
        )
    if title.artwork_url:
        connection.execute(
            "INSERT INTO artwork VALUES (gen_random_uuid(), %s, 'poster', 'a', %s, 0)",
            [title.id, title.artwork_url],
        )
    if title.rating:
        rate(connection, title.id, "MPA", title.rating)
    # Last first, so that only their numbers can put episodes in order.
    for item in reversed(title.items):
        insert_item(connection, title, item)


def insert_item(connection: psycopg.Connection[Any], title: Title, item: Item) -> None:
    if title.is_series:
        connection.execute(
            "INSERT INTO episode (id, title_id, season, episode, name, aired_at)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [
                item.id,
                title.id,
                item.season,
                item.episode,
                item.title,
                datetime.fromtimestamp(item.aired_at, UTC),
            ],
        )
    connection.execute(
        "INSERT INTO video (id, title_id, episode_id, duration_seconds, intro_start, intro_end,"
        " credits_start) VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s)",
        [
            title.id,
            item.id if title.is_series else None,
            item.duration,
            item.intro_start,
            item.intro_end,
            item.credits_start,
        ],
    )


def rate(connection: psycopg.Connection[Any], title_id: str, system: str, code: str) -> None:
    connection.execute("INSERT INTO title_rating VALUES (%s, %s, %s)", [title_id, system, code])


@contextmanager
def inserted(dsn: str, *titles: Title) -> Iterator[None]:
    """Put titles into the database, beside whatever the seed put there, and take them out again."""
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "INSERT INTO rating_system VALUES ('MPA', 'US', 'MPA'), ('FSK', 'DE', 'FSK'),"
            " ('BBFC', 'GB', 'BBFC') ON CONFLICT DO NOTHING"
        )
        connection.execute(
            "INSERT INTO rating VALUES ('MPA', 'PG-13', 3), ('FSK', '16', 4), ('BBFC', 'TBC', NULL)"
            " ON CONFLICT DO NOTHING"
        )
        for title in titles:
            insert(connection, title)
    yield
    with psycopg.connect(dsn) as connection:
        ids = [title.id for title in titles]
        connection.execute("DELETE FROM title WHERE id = ANY(%s::uuid[])", [ids])


@dataclass(frozen=True, slots=True)
class Store:
    """A source that knows a film and a series."""

    source: TitleSource
    film: Title
    series: Title


@pytest.fixture(params=["fake", pytest.param("postgres", marks=pytest.mark.real)])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    titles = film(), series()
    if request.param == "fake":
        yield Store(FakeTitleSource(*titles), *titles)
        return
    dsn: str = request.getfixturevalue("postgres_dsn")
    postgres = Postgres(dsn=lambda: dsn)
    with inserted(dsn, *titles):
        yield Store(PostgresTitles(postgres=postgres), *titles)
    postgres.close()


def test_titles_come_whole(store: Store) -> None:
    ids = [store.series.id, store.film.id]
    loaded = store.source.load(video_ids=ids)
    assert loaded == {store.film.id: store.film, store.series.id: store.series}


def test_only_what_is_asked_for_comes(store: Store) -> None:
    assert store.source.load(video_ids=[store.film.id]) == {store.film.id: store.film}


@pytest.mark.parametrize(
    "unknown",
    ["", "film-1", "00000000-0000-0000-0000-000000000000", "{}", "' OR true --", "\ud800", "\0"],
)
def test_an_unknown_id_is_left_out(store: Store, unknown: str) -> None:
    assert store.source.load(video_ids=[unknown, store.film.id]) == {store.film.id: store.film}
    assert store.source.load(video_ids=[unknown]) == {}


def test_another_spelling_of_an_id_is_unknown(store: Store) -> None:
    spellings = [store.film.id.upper(), store.film.id.replace("-", ""), f"{{{store.film.id}}}"]
    known = {store.film.id: store.film}
    assert store.source.load(video_ids=[s for s in spellings if s not in known]) == {}


def test_nothing_asked_is_nothing_found(store: Store) -> None:
    assert store.source.load(video_ids=[]) == {}


def test_every_id_is_listed(store: Store) -> None:
    assert {store.film.id, store.series.id} <= set(store.source.all_ids())


@pytest.mark.real
def test_of_several_ratings_the_strictest_counts(postgres_dsn: str) -> None:
    title = film()
    postgres = Postgres(dsn=lambda: postgres_dsn)
    with inserted(postgres_dsn, title):
        with psycopg.connect(postgres_dsn) as connection:
            rate(connection, title.id, "FSK", "16")
        loaded = PostgresTitles(postgres=postgres).load(video_ids=[title.id])[title.id]
    postgres.close()
    assert (loaded.rating, loaded.maturity_level) == ("16", 4)
    assert loaded.ratings == (Rating("DE", "16", 4), Rating("US", "PG-13", 3))


@pytest.mark.real
def test_a_rating_that_nobody_mapped_makes_the_title_unrated(postgres_dsn: str) -> None:
    title = film()
    postgres = Postgres(dsn=lambda: postgres_dsn)
    with inserted(postgres_dsn, title):
        with psycopg.connect(postgres_dsn) as connection:
            rate(connection, title.id, "BBFC", "TBC")
        loaded = PostgresTitles(postgres=postgres).load(video_ids=[title.id])[title.id]
    postgres.close()
    assert (loaded.rating, loaded.maturity_level) == ("TBC", None)
    assert (loaded.level_in("GB"), loaded.level_in("US"), loaded.level_in("DE")) == (None, 3, None)


def test_a_database_that_is_down_is_said() -> None:
    titles = PostgresTitles(postgres=Postgres(dsn=closed_postgres_dsn))
    with pytest.raises(UnavailableError):
        titles.all_ids()
    with pytest.raises(UnavailableError):
        titles.load(video_ids=[str(uuid4())])
