"""The promise of `TitleSearch`, kept by the fake and by PostgreSQL; then what only that can."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import psycopg
import pytest

from reprise.adapters.catalog_import_postgres import PostgresCatalogStore
from reprise.adapters.postgres import Postgres
from reprise.adapters.search_postgres import PostgresTitleSearch
from reprise.application.catalog_ports import TitleSearch
from reprise.domain.catalog_draft import title_id
from reprise.domain.errors import UnavailableError
from reprise.domain.search import Match
from tests.catalog_drafts import draft_catalog, draft_film
from tests.fakes.title_search import FakeTitleSearch
from tests.harness.closed_port import closed_postgres_dsn
from tests.harness.scratch_postgres import scratch_database

NAMES = (
    "The Tidekeepers",
    "Tide",
    "Tide of Glass",
    "High Tide at Noon",
    "The Salt Cartographer",
    "Salt",
    "Amélie Größe's Ærø",
    "Ёлки",
    "Fox and Raven",
    *(f"Harbour Number {number}" for number in range(1, 31)),
)


@pytest.fixture(scope="module")
def postgres(postgres_dsn: str) -> Iterator[Postgres]:
    titles = [draft_film(str(place), title=name) for place, name in enumerate(NAMES)]
    told = [
        draft_film("lagoon", title="Lagoon", original_title="Die Lagune", aliases=("Blue Water",)),
        draft_film("plot", title="Untold", description="A cartographer drowns in the tide."),
        draft_film("short", title="Brief", genres=("short",)),
    ]
    with scratch_database(postgres_dsn) as dsn:
        postgres = Postgres(dsn=lambda: dsn)
        store = PostgresCatalogStore(postgres=postgres)
        store.save(draft=draft_catalog(*titles, *told), dry_run=False)
        yield postgres
        postgres.close()


@dataclass(frozen=True, slots=True)
class Index:
    search: TitleSearch
    names: Mapping[str, str]

    def found(self, query: str, *, limit: int = 10) -> list[str]:
        matches = self.search.matches(query=query, after=None, limit=limit)
        return [self.names[match.video_id] for match in matches]


@pytest.fixture(params=["fake", pytest.param("postgres", marks=pytest.mark.real)])
def index(request: pytest.FixtureRequest) -> Index:
    names = {title_id(str(place)): name for place, name in enumerate(NAMES)}
    if request.param == "fake":
        return Index(FakeTitleSearch(names), names)
    search = PostgresTitleSearch(postgres=request.getfixturevalue("postgres"))
    others = {title_id(key): key for key in ("lagoon", "plot", "short")}
    return Index(search, names | others)


def test_the_very_name_ranks_above_its_beginnings_and_those_above_words(index: Index) -> None:
    assert index.found("tide")[:3] == ["Tide", "Tide of Glass", "High Tide at Noon"]
    assert index.found("salt")[:2] == ["Salt", "The Salt Cartographer"]


@pytest.mark.parametrize(
    "query",
    ["tidekepers", "tidekeepres", "teh tidekeepers", "THE  TIDEKEEPRS!", "the tidekeeperz"],
)
def test_typing_errors_are_forgiven(index: Index, query: str) -> None:
    assert index.found(query)[0] == "The Tidekeepers"


def test_what_is_nowhere_near_is_not_found(index: Index) -> None:
    assert index.found("qwxzv jkvzq") == []


def test_pages_follow_each_other_without_a_gap_or_a_repetition(index: Index) -> None:
    whole = index.search.matches(query="harbour", after=None, limit=100)
    pages: list[Match] = []
    while page := index.search.matches(
        query="harbour", after=pages[-1] if pages else None, limit=7
    ):
        pages += page
    assert pages == list(whole)
    assert len({match.video_id for match in pages}) == 30


def test_matches_are_ordered_by_score_and_then_by_id(index: Index) -> None:
    found = index.search.matches(query="harbour number", after=None, limit=100)
    assert [*found] == sorted(found, key=lambda match: (-match.score, match.video_id))
    assert len(found) == 30


@pytest.mark.parametrize(
    "query",
    [
        *("%", "_", "'", '"', "\\", "' OR 1=1 --", "tide' & !'", "a:*B", "<->", "(((", "*", "|"),
        *(
            "\0",
            "\0tide\0",
            "😀",
            "👩‍👩‍👧‍👦 tide",
            " ",
            "-tide",
            "tide:A",
            "$1",
            "%s",
            "{}",
            "\u202e",
        ),
        *("a " * 50, "x" * 100, "ﷺ" * 100, "'" * 100, "\\'" * 50, "é" * 100),
    ],
)
def test_any_text_is_harmless(index: Index, query: str) -> None:
    assert len(index.found(query)) <= 10


def test_signs_around_words_do_not_count(index: Index) -> None:
    assert index.found("%tide_'")[0] == "Tide"
    assert index.found("") == index.found(" % ") == []


def test_a_cursor_from_nowhere_finds_nothing_or_what_ranks_behind_it(index: Index) -> None:
    last = Match(0, "ffffffff-ffff-ffff-ffff-ffffffffffff")
    assert list(index.search.matches(query="tide", after=last, limit=5)) == []


@pytest.mark.real
class TestPostgres:
    @pytest.fixture
    def index(self, postgres: Postgres) -> Index:
        names = {title_id(str(place)): name for place, name in enumerate(NAMES)}
        others = {title_id(key): key for key in ("lagoon", "plot", "short")}
        return Index(PostgresTitleSearch(postgres=postgres), names | others)

    @pytest.mark.parametrize(
        ("query", "name"),
        [
            pytest.param("amelie grosse", "Amélie Größe's Ærø", id="without accents"),
            pytest.param("AERØ", "Amélie Größe's Ærø", id="ligatures"),
            pytest.param("ёлки", "Ёлки", id="another alphabet"),
            pytest.param("елки", "Ёлки", id="another alphabet's accents"),
            pytest.param("lagune", "lagoon", id="the original name"),
            pytest.param("blue water", "lagoon", id="another name"),
            pytest.param("lagnue", "lagoon", id="the original name misspelled"),
            pytest.param("short films", "short", id="a genre"),
            pytest.param("drowns", "plot", id="the description"),
            pytest.param("tidek", "The Tidekeepers", id="an unfinished word"),
            pytest.param("tdiek", "The Tidekeepers", id="an unfinished word misspelled"),
            pytest.param("the salt carto", "The Salt Cartographer", id="the beginning"),
            pytest.param("salt cartografer", "The Salt Cartographer", id="one word misspelled"),
            pytest.param("fxo raven", "Fox and Raven", id="a short word misspelled"),
            pytest.param("foxraven", "Fox and Raven", id="words run together"),
        ],
    )
    def test_titles_are_found_by(self, index: Index, query: str, name: str) -> None:
        assert index.found(query)[0] == name

    def test_a_description_ranks_below_every_name(self, index: Index) -> None:
        found = index.found("tide")
        assert found[-1] == "plot"
        assert found.index("The Tidekeepers") < found.index("plot")

    def test_names_that_are_merely_similar_have_pages_too(self, index: Index) -> None:
        first = index.search.matches(query="harbournumber", after=None, limit=4)
        more = index.search.matches(query="harbournumber", after=first[-1], limit=100)
        assert len({*first, *more}) == len(first) + len(more) == 30

    def test_a_cursor_that_names_no_title_finds_nothing(self, index: Index) -> None:
        for video_id in ("", "'", "film-1"):
            after = Match(1_000_000, video_id)
            assert list(index.search.matches(query="tide", after=after, limit=5)) == []

    def test_new_names_are_known_at_once_and_without_an_import(
        self, index: Index, postgres: Postgres
    ) -> None:
        postgres.run(
            lambda connection: connection.execute(
                "UPDATE title SET name = 'Zephyrine' WHERE name = 'Harbour Number 30'"
            )
        )
        assert index.found("zefyrine") == ["Harbour Number 30"]
        postgres.run(
            lambda connection: connection.execute(
                "UPDATE title SET name = 'Harbour Number 30' WHERE name = 'Zephyrine'"
            )
        )


def test_a_database_that_is_down_is_said() -> None:
    search = PostgresTitleSearch(postgres=Postgres(dsn=closed_postgres_dsn))
    with pytest.raises(UnavailableError):
        search.matches(query="tide", after=None, limit=5)


@pytest.mark.real
def test_titles_of_before_the_search_are_found_after_its_migration(postgres_dsn: str) -> None:
    from reprise.adapters.migrate_postgres import migrate_postgres  # noqa: PLC0415

    with scratch_database(postgres_dsn, revision="0003") as dsn:
        with psycopg.connect(dsn) as connection:
            connection.execute(
                "INSERT INTO title (id, type, name, release_year, original_language)"
                " VALUES (%s, 'film', 'Alte Größe', 2000, 'de')",
                [title_id("old")],
            )
            connection.execute("INSERT INTO genre VALUES ('noir', 'Film noir')")
            connection.execute("INSERT INTO title_genre VALUES (%s, 'noir', 0)", [title_id("old")])
        migrate_postgres(dsn=dsn)
        postgres = Postgres(dsn=lambda: dsn)
        search = PostgresTitleSearch(postgres=postgres)
        for query in ("alte grosse", "grose", "film noir"):
            [match] = search.matches(query=query, after=None, limit=5)
            assert match.video_id == title_id("old")
        postgres.close()
