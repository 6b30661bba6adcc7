"""What only Cassandra can show: timestamps, expiry, poison, corrupt rows, pages, an outage."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from cassandra import OperationTimedOut, WriteTimeout, WriteType
from cassandra.cluster import Session

from reprise.adapters import places_cassandra
from reprise.adapters.cassandra_session import CassandraAddress, CassandraConnection
from reprise.adapters.places_cassandra import CassandraPlaces
from reprise.application.ports import PoisonError
from reprise.domain.errors import UnavailableError
from reprise.domain.flush import RETENTION_SECONDS
from tests import flush_builders as make
from tests.harness.closed_port import closed_port
from tests.harness.stack import TestStack

pytestmark = pytest.mark.real

SECOND = make.SECOND_US


@pytest.fixture(scope="module")
def connection(stack: TestStack) -> Iterator[CassandraConnection]:
    address = CassandraAddress(
        hosts=(stack.cassandra_host,),
        port=stack.cassandra_port,
        keyspace=stack.cassandra_keyspace,
        local_dc="datacenter1",
        timeout_ms=10_000,
    )
    connection = CassandraConnection(address)
    yield connection
    connection.close()


@pytest.fixture
def corrupt() -> list[int]:
    return []


@pytest.fixture
def places(connection: CassandraConnection, corrupt: list[int]) -> CassandraPlaces:
    return CassandraPlaces(connection, on_corrupt=corrupt.append, pause=lambda _: None)


@pytest.fixture
def profile_id() -> str:
    return str(uuid4())


TIMES = {
    "latest_position": "position",
    "user_watch_history": "position",
    "watch_position_by_device": "position",
}


@pytest.mark.parametrize("table", TIMES)
def test_rows_carry_the_changes_own_time_and_expire_ninety_days_after_watching(
    places: CassandraPlaces, cassandra_session: Session, profile_id: str, table: str
) -> None:
    changed_at = make.NOW_US - 5 * SECOND
    watched = make.NOW_US - 10 * 86_400 * SECOND
    device = make.make_device_position(updated_at=changed_at)
    place = make.make_place(changed_at=changed_at, viewed_at=watched)
    item = make.make_item(profile_id=profile_id, place=place, devices=(device,))
    assert places.write(items=[item], now=make.NOW_US) == {}
    key = "profile_id = %s" + (" AND video_id = %s" if table.startswith("watch") else "")
    ids = [UUID(profile_id), UUID(make.VIDEO)][: key.count("%s")]
    row: Any = cassandra_session.execute(
        f"SELECT WRITETIME(position) AS written, TTL(position) AS ttl FROM {table} WHERE {key}",
        ids,
    ).one()
    assert row.written == changed_at
    since = 5 if table.startswith("watch") else 10 * 86_400
    assert RETENTION_SECONDS - since - 30 < row.ttl <= RETENTION_SECONDS - since


def test_a_value_that_no_column_takes_is_poison_for_its_item_only(
    places: CassandraPlaces, profile_id: str
) -> None:
    sound = make.make_item(profile_id=profile_id)
    lone = make.make_item(
        profile_id=profile_id, place=make.make_place(video_id=make.an_id(1), owner="\ud800")
    )
    huge = make.make_item(
        profile_id=profile_id, place=make.make_place(video_id=make.an_id(2), owner="x" * 17_000_000)
    )
    named = make.make_item(profile_id="nobody")
    failures = places.write(items=[lone, sound, huge, named], now=make.NOW_US)
    assert {key[1] for key in failures} == {make.an_id(1), make.an_id(2), named.item_id}
    assert all(isinstance(failure, PoisonError) for failure in failures.values())
    assert [place.video_id for place in places.places(profile_id=profile_id)] == [make.VIDEO]


def test_a_place_that_can_not_be_read_counts_as_missing(
    places: CassandraPlaces, cassandra_session: Session, profile_id: str, corrupt: list[int]
) -> None:
    assert places.write(items=[make.make_item(profile_id=profile_id)], now=make.NOW_US) == {}
    for number, text in enumerate(["{", None, "[]"]):
        cassandra_session.execute(
            "INSERT INTO latest_position (profile_id, video_id, item_id, place, rev)"
            " VALUES (%s, %s, %s, %s, 1)",
            (UUID(profile_id), UUID(make.an_id(number)), UUID(make.an_id(number)), text),
        )
    assert len(places.places(profile_id=profile_id)) == 1
    assert corrupt == [1, 1, 1]
    assert (
        places.place(profile_id=profile_id, video_id=make.an_id(0), item_id=make.an_id(0)) is None
    )


def test_a_viewing_that_can_not_be_read_is_left_out_and_its_page_goes_on(
    places: CassandraPlaces, cassandra_session: Session, profile_id: str, corrupt: list[int]
) -> None:
    items = [
        make.make_item(
            profile_id=profile_id,
            place=make.make_place(
                video_id=make.an_id(n), viewing_started_at=make.NOW_US - n * SECOND
            ),
        )
        for n in range(3)
    ]
    assert places.write(items=items, now=make.NOW_US) == {}
    _spoil(cassandra_session, profile_id, 0, "changes = 'no list'")
    _spoil(cassandra_session, profile_id, 1, "duration = null")
    page = places.history(profile_id=profile_id, limit=2, before=None)
    assert [viewing.item_id for viewing in page.viewings] == [make.an_id(0)]
    assert page.viewings[0].changes == ()
    assert len(corrupt) == 2
    assert page.next is not None
    rest = places.history(profile_id=profile_id, limit=2, before=page.next)
    assert [viewing.item_id for viewing in rest.viewings] == [make.an_id(2)]


def _spoil(session: Session, profile_id: str, number: int, assignment: str) -> None:
    session.execute(
        f"UPDATE user_watch_history USING TIMESTAMP {make.NOW_US + 1} SET {assignment}"
        " WHERE profile_id = %s AND watched_at = %s AND item_id = %s",
        (
            UUID(profile_id),
            (make.NOW_US - number * SECOND) // 1000,
            UUID(make.an_id(number)),
        ),
    )


@dataclass
class Page:
    """A driver's result whose pages come short, one even empty, before the last."""

    pages: list[list[int]]
    current_rows: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.fetch_next_page()

    @property
    def has_more_pages(self) -> bool:
        return bool(self.pages)

    def fetch_next_page(self) -> None:
        self.current_rows = self.pages.pop(0)


def test_short_and_empty_pages_do_not_end_a_read(
    places: CassandraPlaces, connection: CassandraConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Answering:
        def execute(self, _statement: Any, **_options: Any) -> Page:
            return Page([[1], [], [2, 3], []])

    monkeypatch.setattr(connection, "session", Answering)
    assert list(places._pages(None, time.monotonic() + 1)) == [1, 2, 3]


def failing(monkeypatch: pytest.MonkeyPatch, answers: list[list[Exception | None]]) -> list[int]:
    """Let the driver's next rounds answer so; return the sizes of the rounds as they happen."""
    rounds: list[int] = []

    def execute_concurrent(_session: Any, requests: Iterator[Any], **_options: Any) -> list[Any]:
        rounds.append(len(list(requests)))
        return [(error is None, error) for error in answers.pop(0)]

    monkeypatch.setattr("cassandra.concurrent.execute_concurrent", execute_concurrent)
    return rounds


def test_only_what_failed_for_the_moment_is_sent_again(
    places: CassandraPlaces, monkeypatch: pytest.MonkeyPatch, profile_id: str
) -> None:
    timeout = WriteTimeout("throttled", write_type=WriteType.SIMPLE)
    rounds = failing(monkeypatch, [[None, timeout, None, None], [timeout], [None]])
    items = [
        make.make_item(profile_id=profile_id, place=make.make_place(video_id=make.an_id(n)))
        for n in range(2)
    ]
    assert places.write(items=items, now=make.NOW_US) == {}
    assert rounds == [4, 1, 1]


def test_what_keeps_failing_is_worth_a_later_retry(
    places: CassandraPlaces, monkeypatch: pytest.MonkeyPatch, profile_id: str
) -> None:
    late = OperationTimedOut()
    failing(monkeypatch, [[late, None], [late], [late]])
    item = make.make_item(profile_id=profile_id)
    failures = places.write(items=[item], now=make.NOW_US)
    assert isinstance(failures[(profile_id, item.item_id)], UnavailableError)


def test_pauses_between_attempts_are_jittered_and_grow(
    connection: CassandraConnection, monkeypatch: pytest.MonkeyPatch, profile_id: str
) -> None:
    pauses: list[float] = []
    places = CassandraPlaces(connection, pause=pauses.append)
    late = OperationTimedOut()
    failing(monkeypatch, [[late, late], [late, late], [late, late]])
    places.write(items=[make.make_item(profile_id=profile_id)], now=make.NOW_US)
    first, second = pauses
    assert 0.1 <= first <= 0.2 <= second <= 0.4


def test_a_store_that_hangs_is_given_up_before_everything_was_tried(
    connection: CassandraConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(0, 10_000, 5))
    hasty = SimpleNamespace(monotonic=lambda: float(next(clock)))
    monkeypatch.setattr(places_cassandra, "time", hasty)
    sent = 0

    def execute_concurrent(_session: Any, requests: Iterator[Any], **_options: Any) -> list[Any]:
        nonlocal sent
        answers = [(False, OperationTimedOut()) for _ in requests]
        sent += len(answers)
        return answers

    monkeypatch.setattr("cassandra.concurrent.execute_concurrent", execute_concurrent)
    places = CassandraPlaces(connection, pause=lambda _: pytest.fail("it tried again"))
    items = [make.make_item(profile_id=make.an_id(number)) for number in range(50)]
    failures = places.write(items=items, now=make.NOW_US)
    assert len(failures) == 50
    assert all(isinstance(failure, UnavailableError) for failure in failures.values())
    assert 0 < sent < 10


@pytest.fixture
def nowhere() -> Iterator[CassandraConnection]:
    address = CassandraAddress(
        hosts=("127.0.0.1",),
        port=closed_port(),
        keyspace="reprise",
        local_dc="datacenter1",
        timeout_ms=500,
    )
    connection = CassandraConnection(address)
    yield connection
    connection.close()


def test_a_store_that_is_not_there_is_unavailable(nowhere: CassandraConnection) -> None:
    places = CassandraPlaces(nowhere)
    with pytest.raises(UnavailableError):
        places.place(profile_id=make.PROFILE, video_id=make.VIDEO, item_id=make.VIDEO)
    with pytest.raises(UnavailableError):
        places.write(items=[make.make_item()], now=make.NOW_US)


def test_a_store_that_was_just_found_dead_is_not_waited_for(
    nowhere: CassandraConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = CassandraPlaces(nowhere)
    for _ in range(places_cassandra.FAILURES_TO_OPEN):
        with pytest.raises(UnavailableError):
            places.places(profile_id=make.PROFILE)
    monkeypatch.setattr(nowhere, "session", lambda: pytest.fail("the store was asked again"))
    with pytest.raises(UnavailableError, match="a moment ago"):
        places.places(profile_id=make.PROFILE)
