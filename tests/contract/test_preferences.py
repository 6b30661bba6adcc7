"""The promise of `Preferences`, kept by the fake and by PostgreSQL."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol
from uuid import uuid4

import psycopg
import pytest

from reprise.adapters.postgres import Postgres
from reprise.adapters.preferences_postgres import PostgresPreferences
from reprise.application.preference_ports import Preferences
from reprise.domain.errors import UnavailableError
from reprise.domain.preferences import Completions, GenrePreference
from tests.fakes.preferences import FakePreferences
from tests.harness.closed_port import closed_postgres_dsn

STARTED = 1_795_123_456_123_457


class World(Protocol):
    """A profile, a title of two genres, one of one of them, and a title that the catalog lost."""

    @property
    def preferences(self) -> Preferences: ...
    @property
    def profile_id(self) -> str: ...
    @property
    def both(self) -> str: ...
    @property
    def one(self) -> str: ...
    @property
    def genres(self) -> tuple[str, str]: ...
    def forget(self) -> None:
        """Delete the profile."""
        ...


class Ids:
    def __init__(self) -> None:
        self.profile_id, self.both, self.one = str(uuid4()), str(uuid4()), str(uuid4())
        self.genres = f"a-{uuid4().hex[:8]}", f"b-{uuid4().hex[:8]}"


class FakeWorld(Ids):
    def __init__(self) -> None:
        super().__init__()
        genres = {self.both: self.genres, self.one: self.genres[:1]}
        self.preferences = FakePreferences(profile_ids=[self.profile_id], genres=genres)

    def forget(self) -> None:
        self.preferences.forget(self.profile_id)


class PostgresWorld(Ids):
    def __init__(self, dsn: str) -> None:
        super().__init__()
        self.dsn = dsn
        self.postgres = Postgres(dsn=lambda: dsn)
        self.preferences = PostgresPreferences(postgres=self.postgres)
        account_id = str(uuid4())
        with psycopg.connect(dsn) as connection:
            connection.execute(
                "INSERT INTO account (id, email, password_hash, plan, region)"
                " VALUES (%s, %s, 'hash', 'basic', 'US')",
                [account_id, f"{account_id}@example.org"],
            )
            connection.execute(
                "INSERT INTO profile (id, account_id, position, name, maturity_level, language,"
                " avatar) VALUES (%s, %s, 0, 'Ada', 5, 'en', 'heron')",
                [self.profile_id, account_id],
            )
            for title_id in (self.both, self.one):
                connection.execute(
                    "INSERT INTO title (id, type, name, release_year, original_language)"
                    " VALUES (%s, 'film', 'A film', 2026, 'en')",
                    [title_id],
                )
            for genre in self.genres:
                connection.execute("INSERT INTO genre (id, name) VALUES (%s, %s)", [genre, genre])
            pairs = [(self.both, self.genres[0]), (self.both, self.genres[1])]
            for title_id, genre in (*pairs, (self.one, self.genres[0])):
                connection.execute(
                    "INSERT INTO title_genre (title_id, genre_id, position) VALUES (%s, %s, 0)",
                    [title_id, genre],
                )

    def forget(self) -> None:
        with psycopg.connect(self.dsn) as connection:
            connection.execute("DELETE FROM profile WHERE id = %s", [self.profile_id])


def fake(_: pytest.FixtureRequest) -> World:
    return FakeWorld()


def real(request: pytest.FixtureRequest) -> World:
    world = PostgresWorld(request.getfixturevalue("postgres_dsn"))
    request.addfinalizer(world.postgres.close)
    return world


@pytest.fixture(params=[fake, pytest.param(real, marks=pytest.mark.real)], ids=["fake", "postgres"])
def world(request: pytest.FixtureRequest) -> World:
    make: Callable[[pytest.FixtureRequest], World] = request.param
    return make(request)


@pytest.fixture
def postgres_world(postgres_dsn: str) -> Iterator[PostgresWorld]:
    world = PostgresWorld(postgres_dsn)
    yield world
    world.postgres.close()


def completions(
    world: World, *viewings: int, title: str | None = None, item: str | None = None
) -> Completions:
    video_id = title or world.both
    return Completions(
        profile_id=world.profile_id,
        video_id=video_id,
        item_id=item or video_id,
        duration=60.5,
        viewings=viewings or (STARTED,),
    )


def test_who_completed_nothing_prefers_nothing(world: World) -> None:
    assert world.preferences.of(profile_id=world.profile_id) == []


def test_a_completion_counts_for_each_genre_of_its_title(world: World) -> None:
    assert world.preferences.note(completions=completions(world)) == 1
    assert world.preferences.note(completions=completions(world, title=world.one)) == 1
    first, second = world.genres
    assert world.preferences.of(profile_id=world.profile_id) == [
        GenrePreference(first, 2, 121.0),
        GenrePreference(second, 1, 60.5),
    ]


def test_a_completion_told_again_changes_nothing(world: World) -> None:
    world.preferences.note(completions=completions(world))
    before = world.preferences.of(profile_id=world.profile_id)
    assert world.preferences.note(completions=completions(world)) == 0
    assert world.preferences.of(profile_id=world.profile_id) == before


def test_only_the_news_of_an_event_counts(world: World) -> None:
    world.preferences.note(completions=completions(world, STARTED))
    both = completions(world, STARTED, STARTED + 1)
    assert world.preferences.note(completions=both) == 1
    assert world.preferences.of(profile_id=world.profile_id)[0].completions == 2


def test_episodes_of_a_series_count_each(world: World) -> None:
    for item in (str(uuid4()), str(uuid4())):
        assert world.preferences.note(completions=completions(world, item=item)) == 1
    assert world.preferences.of(profile_id=world.profile_id)[0].completions == 2


def test_what_left_the_catalog_is_noted_for_no_genre(world: World) -> None:
    lost = completions(world, title=str(uuid4()))
    assert world.preferences.note(completions=lost) == 1
    assert world.preferences.note(completions=lost) == 0
    assert world.preferences.of(profile_id=world.profile_id) == []


def test_preferences_go_with_their_profile_and_do_not_come_back(world: World) -> None:
    world.preferences.note(completions=completions(world))
    world.forget()
    assert world.preferences.of(profile_id=world.profile_id) == []
    assert world.preferences.note(completions=completions(world, STARTED + 1)) == 0
    assert world.preferences.of(profile_id=world.profile_id) == []


@pytest.mark.real
def test_of_many_that_tell_the_same_at_once_one_is_news(postgres_world: PostgresWorld) -> None:
    def tell(_: int) -> int:
        postgres = Postgres(dsn=lambda: postgres_world.dsn)
        try:
            preferences = PostgresPreferences(postgres=postgres)
            return preferences.note(completions=completions(postgres_world))
        finally:
            postgres.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(tell, range(24))) == 1
    liked = postgres_world.preferences.of(profile_id=postgres_world.profile_id)
    assert [each.completions for each in liked] == [1, 1]


@pytest.mark.real
def test_nothing_of_a_deleted_profile_is_left(postgres_world: PostgresWorld) -> None:
    postgres_world.preferences.note(completions=completions(postgres_world))
    postgres_world.forget()
    with psycopg.connect(postgres_world.dsn) as connection:
        for query in (
            "SELECT count(*) FROM completion WHERE profile_id = %s",
            "SELECT count(*) FROM genre_preference WHERE profile_id = %s",
        ):
            assert connection.execute(query, [postgres_world.profile_id]).fetchone() == (0,)


def test_a_database_that_is_away_is_said() -> None:
    postgres = Postgres(dsn=closed_postgres_dsn)
    preferences = PostgresPreferences(postgres=postgres)
    with pytest.raises(UnavailableError):
        preferences.note(completions=completions(FakeWorld()))
    with pytest.raises(UnavailableError):
        preferences.of(profile_id=str(uuid4()))
