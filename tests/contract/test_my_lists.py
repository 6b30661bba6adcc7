"""The promise of `MyLists`, kept by the fake and by PostgreSQL; then what only that one can."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol
from uuid import uuid4

import psycopg
import pytest

from reprise.adapters.my_list_postgres import PostgresMyLists
from reprise.adapters.postgres import Postgres
from reprise.application.my_list_ports import MyLists
from reprise.domain.errors import ConflictError, NotFoundError, UnavailableError
from reprise.domain.my_list import TOMBSTONE_DAYS, ListEntry, orders_to_write
from tests.fakes.my_lists import MOST_REMOVALS, FakeMyLists
from tests.harness.closed_port import closed_postgres_dsn

DAY_US = 86_400_000_000


class Shelf(Protocol):
    """The lists of one profile, titles to put on it, and a way to make time pass."""

    @property
    def profile_id(self) -> str: ...

    @property
    def titles(self) -> Sequence[str]: ...

    @property
    def lists(self) -> MyLists: ...

    def age(self, days: int) -> None:
        """Let everything in the list be older."""
        ...

    def lose(self, title_id: str) -> None:
        """Let the catalog lose a title that is in no list."""
        ...


class FakeShelf:
    def __init__(self) -> None:
        self.profile_id = str(uuid4())
        self.titles = [str(uuid4()) for _ in range(6)]
        self.lists = FakeMyLists()

    def age(self, days: int) -> None:
        self.lists.now_us += days * DAY_US

    def lose(self, title_id: str) -> None:
        self.lists.gone.add(title_id)


class PostgresShelf:
    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.account_id, self.profile_id = str(uuid4()), str(uuid4())
        self.titles = [str(uuid4()) for _ in range(6)]
        self.postgres = Postgres(dsn=lambda: dsn)
        self.lists = PostgresMyLists(postgres=self.postgres)
        with psycopg.connect(dsn) as connection:
            connection.execute(
                "INSERT INTO account (id, email, password_hash, plan, region)"
                " VALUES (%s, %s, 'hash', 'basic', 'US')",
                [self.account_id, f"{self.account_id}@example.org"],
            )
            connection.execute(
                "INSERT INTO profile (id, account_id, position, name, maturity_level, language,"
                " avatar) VALUES (%s, %s, 0, 'Ada', 5, 'en', 'heron')",
                [self.profile_id, self.account_id],
            )
            self._add_titles(connection, self.titles)

    def more_titles(self, number: int) -> list[str]:
        added = [str(uuid4()) for _ in range(number)]
        with psycopg.connect(self.dsn) as connection:
            self._add_titles(connection, added)
        self.titles.extend(added)
        return added

    def age(self, days: int) -> None:
        self.run(
            "UPDATE my_list SET added_at = added_at - make_interval(days => %s),"
            " removed_at = removed_at - make_interval(days => %s) WHERE profile_id = %s",
            days, days, self.profile_id,
        )  # fmt: skip

    def lose(self, title_id: str) -> None:
        self.run("DELETE FROM title WHERE id = %s", title_id)

    def run(self, statement: str, *values: object) -> None:
        with psycopg.connect(self.dsn) as connection:
            connection.execute(statement, values)

    def leave(self) -> None:
        self.postgres.close()
        self.run("DELETE FROM account WHERE id = %s", self.account_id)
        self.run("DELETE FROM title WHERE id = ANY(%s::uuid[])", self.titles)

    @staticmethod
    def _add_titles(connection: psycopg.Connection, titles: list[str]) -> None:
        connection.cursor().executemany(
            "INSERT INTO title (id, type, name, release_year, original_language)"
            " VALUES (%s, 'film', 'Sixth Sea', 2020, 'en')",
            [[title] for title in titles],
        )


@pytest.fixture
def postgres_shelf(postgres_dsn: str) -> Iterator[PostgresShelf]:
    shelf = PostgresShelf(postgres_dsn)
    yield shelf
    shelf.leave()


@pytest.fixture(params=["fake", pytest.param("postgres", marks=pytest.mark.real)])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    if request.param == "fake":
        return FakeShelf()
    found: PostgresShelf = request.getfixturevalue("postgres_shelf")
    return found


def put(shelf: Shelf, title_id: str, position: int | None = None) -> list[str]:
    """Put as the rule of the domain says; return the titles in order."""
    entries = shelf.lists.put(
        profile_id=shelf.profile_id,
        video_id=title_id,
        rule=lambda entries: orders_to_write(entries, title_id, position=position),
    )
    return [entry.video_id for entry in entries]


def remove(shelf: Shelf, title_id: str) -> None:
    shelf.lists.remove(profile_id=shelf.profile_id, video_id=title_id)


def listed(shelf: Shelf) -> list[str]:
    entries = shelf.lists.read(profile_id=shelf.profile_id).entries
    return [entry.video_id for entry in entries]


def removed(shelf: Shelf, since: int = 0) -> list[str]:
    stored = shelf.lists.read(profile_id=shelf.profile_id, removed_since=since)
    return [removal.video_id for removal in stored.removals]


def test_a_list_begins_empty(shelf: Shelf) -> None:
    stored = shelf.lists.read(profile_id=shelf.profile_id)
    assert (list(stored.entries), list(stored.removals)) == ([], [])
    assert stored.read_at > 1_700_000_000_000_000


def test_titles_stand_in_the_order_of_their_keys(shelf: Shelf) -> None:
    first, second, third, *_ = shelf.titles
    assert put(shelf, first) == [first]
    assert put(shelf, second) == [second, first]
    assert put(shelf, third, 1) == [second, third, first]
    assert put(shelf, second, 2) == [third, first, second]
    assert listed(shelf) == [third, first, second]


def test_putting_a_title_again_keeps_when_it_was_added(shelf: Shelf) -> None:
    first, second, *_ = shelf.titles
    put(shelf, first)
    put(shelf, second)
    before = shelf.lists.read(profile_id=shelf.profile_id).entries
    put(shelf, first)
    assert shelf.lists.read(profile_id=shelf.profile_id).entries == before
    put(shelf, first, 0)
    after = shelf.lists.read(profile_id=shelf.profile_id).entries
    assert {e.video_id: e.added_at for e in after} == {e.video_id: e.added_at for e in before}


def test_a_rule_that_renumbers_writes_every_row(shelf: Shelf) -> None:
    for title_id in shelf.titles[:4]:
        put(shelf, title_id)
    orders = {title_id: number for number, title_id in enumerate(shelf.titles[:4])}
    entries = shelf.lists.put(
        profile_id=shelf.profile_id, video_id=shelf.titles[2], rule=lambda _: orders
    )
    assert [(entry.video_id, entry.order) for entry in entries] == list(orders.items())
    assert shelf.lists.read(profile_id=shelf.profile_id).entries == entries


@pytest.mark.parametrize("order", [-(2**62), 2**62])
def test_keys_may_go_far(shelf: Shelf, order: int) -> None:
    title_id = shelf.titles[0]
    (entry,) = shelf.lists.put(
        profile_id=shelf.profile_id, video_id=title_id, rule=lambda _: {title_id: order}
    )
    assert entry.order == order


def test_a_rule_that_refuses_writes_nothing(shelf: Shelf) -> None:
    put(shelf, shelf.titles[0])

    def full(entries: Sequence[ListEntry]) -> Mapping[str, int]:
        assert [entry.video_id for entry in entries] == [shelf.titles[0]]
        raise ConflictError("full")

    with pytest.raises(ConflictError):
        shelf.lists.put(profile_id=shelf.profile_id, video_id=shelf.titles[1], rule=full)
    assert listed(shelf) == [shelf.titles[0]]


def test_a_title_that_the_catalog_lost_meanwhile_is_not_found(shelf: Shelf) -> None:
    shelf.lose(shelf.titles[0])
    with pytest.raises(NotFoundError):
        put(shelf, shelf.titles[0])
    assert listed(shelf) == []


def test_removing_leaves_a_tombstone_and_the_rest_in_order(shelf: Shelf) -> None:
    first, second, third, *_ = shelf.titles
    for title_id in (first, second, third):
        put(shelf, title_id)
    remove(shelf, second)
    remove(shelf, second)
    assert listed(shelf) == [third, first]
    assert removed(shelf) == [second]


@pytest.mark.parametrize("title_id", [str(uuid4()), "nonsense", ""])
def test_removing_what_is_not_there_does_nothing(shelf: Shelf, title_id: str) -> None:
    put(shelf, shelf.titles[0])
    remove(shelf, title_id)
    assert listed(shelf) == [shelf.titles[0]]
    assert removed(shelf) == []


def test_a_removed_title_that_is_put_again_is_new(shelf: Shelf) -> None:
    first, second, *_ = shelf.titles
    put(shelf, first)
    put(shelf, second)
    (_, before) = shelf.lists.read(profile_id=shelf.profile_id).entries
    shelf.age(1)
    remove(shelf, first)
    assert put(shelf, first) == [first, second]
    (after, _) = shelf.lists.read(profile_id=shelf.profile_id).entries
    assert after.video_id == before.video_id
    assert after.added_at >= before.added_at
    assert removed(shelf) == []


def test_only_removals_since_are_told(shelf: Shelf) -> None:
    first, second, *_ = shelf.titles
    for title_id in (first, second):
        put(shelf, title_id)
    remove(shelf, first)
    shelf.age(2)
    now = shelf.lists.read(profile_id=shelf.profile_id).read_at
    remove(shelf, second)
    assert removed(shelf, now - 3 * DAY_US) == [second, first]
    assert removed(shelf, now - DAY_US) == [second]
    (removal,) = shelf.lists.read(profile_id=shelf.profile_id, removed_since=now - DAY_US).removals
    assert removed(shelf, removal.removed_at) == [second]
    assert removed(shelf, removal.removed_at + 1) == []
    assert removed(shelf, 253_402_300_799_000_000) == []
    assert removed(shelf, -62_135_596_800_000_000) == [second, first]
    assert shelf.lists.read(profile_id=shelf.profile_id).removals == []


@pytest.mark.parametrize("act", ["put", "remove"])
def test_old_tombstones_go_when_something_is_written(shelf: Shelf, act: str) -> None:
    first, second, third, *_ = shelf.titles
    for title_id in (first, second, third):
        put(shelf, title_id)
    remove(shelf, first)
    shelf.age(TOMBSTONE_DAYS - 1)
    remove(shelf, second)
    assert removed(shelf) == [second, first]
    shelf.age(2)
    assert removed(shelf) == [second, first]
    if act == "put":
        put(shelf, third)
    else:
        remove(shelf, str(uuid4()))
    assert removed(shelf) == [second]
    assert listed(shelf) == [third]


def test_lists_of_profiles_are_apart(shelf: Shelf) -> None:
    put(shelf, shelf.titles[0])
    stored = shelf.lists.read(profile_id=str(uuid4()), removed_since=0)
    assert (list(stored.entries), list(stored.removals)) == ([], [])


@pytest.mark.real
def test_a_profile_that_is_gone_has_no_list(postgres_shelf: PostgresShelf) -> None:
    shelf = postgres_shelf
    put(shelf, shelf.titles[0])
    shelf.run("DELETE FROM profile WHERE id = %s", shelf.profile_id)
    assert listed(shelf) == []
    with pytest.raises(NotFoundError):
        put(shelf, shelf.titles[1])
    remove(shelf, shelf.titles[0])


@pytest.mark.real
def test_devices_that_drag_at_once_end_with_one_order(postgres_shelf: PostgresShelf) -> None:
    """Eight put and move the same titles at the same time; each answer is of a list in order."""
    shelf = postgres_shelf

    def device(number: int) -> list[list[str]]:
        postgres = Postgres(dsn=lambda: shelf.dsn)
        own = PostgresMyLists(postgres=postgres)
        seen = []
        for turn in range(12):
            title_id = shelf.titles[(number + turn) % len(shelf.titles)]
            position = None if turn < 2 else (number * turn) % 6
            entries = own.put(
                profile_id=shelf.profile_id,
                video_id=title_id,
                rule=lambda entries, t=title_id, p=position: orders_to_write(  # type: ignore[misc]
                    entries, t, position=p
                ),
            )
            assert len({entry.order for entry in entries}) == len(entries)
            seen.append([entry.video_id for entry in entries])
        postgres.close()
        return seen

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(device, range(8)))
    assert sorted(listed(shelf)) == sorted(shelf.titles)
    assert listed(shelf) in [answer[-1] for answer in answers]


@pytest.mark.real
def test_the_latest_removals_are_told_and_never_crowd_out_the_list(
    postgres_shelf: PostgresShelf,
) -> None:
    shelf = postgres_shelf
    bygone = shelf.more_titles(MOST_REMOVALS + 20)
    put(shelf, shelf.titles[0])
    with psycopg.connect(shelf.dsn) as connection:
        connection.cursor().executemany(
            "INSERT INTO my_list VALUES (%s, %s, 0, now(), now() - make_interval(secs => %s))",
            [[shelf.profile_id, title_id, number] for number, title_id in enumerate(bygone)],
        )
    stored = shelf.lists.read(profile_id=shelf.profile_id, removed_since=0)
    assert [entry.video_id for entry in stored.entries] == [shelf.titles[0]]
    told = [removal.video_id for removal in stored.removals]
    assert told == bygone[: len(told)]
    assert len(told) >= MOST_REMOVALS


def test_a_database_that_is_down_is_said() -> None:
    lists = PostgresMyLists(postgres=Postgres(dsn=closed_postgres_dsn))
    profile_id, title_id = str(uuid4()), str(uuid4())
    with pytest.raises(UnavailableError):
        lists.read(profile_id=profile_id)
    with pytest.raises(UnavailableError):
        lists.put(profile_id=profile_id, video_id=title_id, rule=lambda _: {})
    with pytest.raises(UnavailableError):
        lists.remove(profile_id=profile_id, video_id=title_id)
