"""The promise of `DurableErasure`, kept by the fake and by Cassandra, and what only it can show."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol
from uuid import UUID, uuid4

import pytest

from reprise.adapters.cassandra_session import CassandraConnection
from reprise.adapters.erase_cassandra import CassandraErasure
from reprise.adapters.places_cassandra import CassandraPlaces
from reprise.application.profile_ports import DurableErasure
from reprise.domain.errors import UnavailableError
from reprise.domain.playstate import DirtyItem
from tests import flush_builders as make
from tests.fakes.erasures import TABLES, FakeDurableErasure
from tests.harness.backends import cassandra_address
from tests.harness.closed_port import closed_port
from tests.harness.stack import TestStack

AFTER = make.NOW_US + 1


class Store(Protocol):
    @property
    def erasure(self) -> DurableErasure: ...

    def save(self, item: DirtyItem) -> None: ...


class FakeStore:
    def __init__(self) -> None:
        self.erasure = FakeDurableErasure()

    def save(self, item: DirtyItem) -> None:
        key = (item.place.video_id, item.item_id)
        self.erasure.rows.setdefault(item.profile_id, set()).add(key)


class CassandraStore:
    def __init__(self, connection: CassandraConnection) -> None:
        self.connection = connection
        self.erasure = CassandraErasure(connection)
        self.places = CassandraPlaces(connection, pause=lambda _: None)

    def save(self, item: DirtyItem) -> None:
        assert self.places.write(items=[item], now=make.NOW_US) == {}

    def rows(self, profile_id: str, *video_ids: str) -> dict[str, int]:
        profile = UUID(profile_id)
        found = {
            table: self._count(f"SELECT item_id FROM {table} WHERE profile_id = ?", profile)
            for table in TABLES[:2]
        }
        by_device = f"SELECT item_id FROM {TABLES[2]} WHERE profile_id = ? AND video_id = ?"
        found[TABLES[2]] = sum(
            self._count(by_device, profile, UUID(video_id)) for video_id in video_ids
        )
        return found

    def _count(self, statement: str, *values: Any) -> int:
        prepared = self.connection.prepared(statement)
        return len(list(self.connection.session().execute(prepared, values)))


@pytest.fixture(scope="module")
def connection(stack: TestStack) -> Iterator[CassandraConnection]:
    address = cassandra_address(stack.cassandra_port, keyspace=stack.cassandra_keyspace)
    connection = CassandraConnection(address)
    yield connection
    connection.close()


@pytest.fixture(params=["fake", pytest.param("cassandra", marks=pytest.mark.real)])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "fake":
        return FakeStore()
    return CassandraStore(request.getfixturevalue("connection"))


@pytest.fixture
def cassandra(connection: CassandraConnection) -> CassandraStore:
    return CassandraStore(connection)


def item(profile_id: str, *, video_id: str = make.VIDEO, **place: Any) -> DirtyItem:
    return make.make_item(profile_id=profile_id, place=make.make_place(video_id=video_id, **place))


def counts(number: int) -> dict[str, int]:
    return dict.fromkeys(TABLES, number)


def test_the_history_knows_what_a_profile_watched(store: Store) -> None:
    profile_id, episode = str(uuid4()), make.an_id(7)
    store.save(item(profile_id))
    store.save(item(profile_id, video_id=make.an_id(1), item_id=episode))
    assert store.erasure.items(profile_id=profile_id) == {
        (make.VIDEO, make.VIDEO),
        (make.an_id(1), episode),
    }
    assert not store.erasure.items(profile_id=str(uuid4()))


def test_every_row_goes_and_is_counted_once(store: Store) -> None:
    profile_id, other = str(uuid4()), str(uuid4())
    videos = [make.VIDEO, make.an_id(1)]
    for video_id in videos:
        store.save(item(profile_id, video_id=video_id))
        store.save(item(other, video_id=video_id))
    for number in (2, 0):
        removed = store.erasure.erase(profile_id=profile_id, video_ids=videos, at=AFTER)
        assert removed == counts(number)
    assert not store.erasure.items(profile_id=profile_id)
    assert len(store.erasure.items(profile_id=other)) == 2


@pytest.mark.real
def test_what_a_flusher_still_writes_afterwards_does_not_come_back(
    cassandra: CassandraStore,
) -> None:
    profile_id = str(uuid4())
    claimed = item(profile_id)
    cassandra.erasure.erase(profile_id=profile_id, video_ids=[make.VIDEO], at=AFTER)
    cassandra.save(claimed)
    assert cassandra.rows(profile_id, make.VIDEO) == counts(0)


@pytest.mark.real
def test_only_what_is_later_than_the_deletion_counts_again(cassandra: CassandraStore) -> None:
    """The instant of the deletion is what keeps rows away, not the order of arrival."""
    profile_id = str(uuid4())
    cassandra.erasure.erase(profile_id=profile_id, video_ids=[make.VIDEO], at=AFTER)
    cassandra.save(item(profile_id, changed_at=AFTER + 1))
    assert cassandra.rows(profile_id, make.VIDEO) == counts(1)


@pytest.mark.real
def test_partitions_fuller_than_one_statement_may_delete_go_row_by_row(
    connection: CassandraConnection, cassandra: CassandraStore
) -> None:
    profile_id = str(uuid4())
    videos = [make.an_id(number) for number in range(5)]
    for number, video_id in enumerate(videos):
        cassandra.save(
            item(profile_id, video_id=video_id, viewing_started_at=make.NOW_US - number * 10**9)
        )
    for number in range(4):
        device = make.make_device_position(
            video_id=videos[0], device=make.TV._replace(id=f"tv-{number}")
        )
        place = make.make_place(video_id=videos[0], viewing_started_at=make.NOW_US)
        cassandra.save(make.make_item(profile_id=profile_id, place=place, devices=(device,)))
    careful = CassandraErasure(connection, rows_per_statement=3)
    removed = careful.erase(profile_id=profile_id, video_ids=videos, at=AFTER)
    assert removed == {
        "user_watch_history": 5,
        "latest_position": 5,
        "watch_position_by_device": 9,
    }
    assert cassandra.rows(profile_id, *videos) == counts(0)


@pytest.mark.real
def test_a_title_that_only_the_viewings_know_is_known(cassandra: CassandraStore) -> None:
    profile_id = str(uuid4())
    cassandra.save(item(profile_id))
    delete = "DELETE FROM latest_position USING TIMESTAMP ? WHERE profile_id = ?"
    prepared = cassandra.connection.prepared(delete)
    cassandra.connection.session().execute(prepared, (AFTER, UUID(profile_id)))
    assert cassandra.erasure.items(profile_id=profile_id) == {(make.VIDEO, make.VIDEO)}


@pytest.mark.real
def test_ids_that_are_none_are_no_titles(cassandra: CassandraStore) -> None:
    removed = cassandra.erasure.erase(profile_id=str(uuid4()), video_ids=["film-1"], at=AFTER)
    assert removed == counts(0)


def test_cassandra_being_down_is_said() -> None:
    erasure: DurableErasure = CassandraErasure(
        CassandraConnection(cassandra_address(closed_port()))
    )
    calls: tuple[Callable[[], object], ...] = (
        lambda: erasure.items(profile_id=str(uuid4())),
        lambda: erasure.erase(profile_id=str(uuid4()), video_ids=[], at=AFTER),
    )
    for call in calls:
        with pytest.raises(UnavailableError):
            call()
