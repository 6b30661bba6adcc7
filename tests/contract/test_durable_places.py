"""The promise of `DurablePlaces`, kept by the fake and by Cassandra."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from reprise.adapters.cassandra_session import CassandraAddress, CassandraConnection
from reprise.adapters.places_cassandra import CassandraPlaces
from reprise.application.ports import DurablePlaces
from reprise.domain.merge import apply_report
from reprise.domain.playstate import DirtyItem, ItemFacts, Place, Viewing
from tests import flush_builders as make
from tests.builders import make_report
from tests.fakes.places import FakePlaces
from tests.harness.stack import TestStack

SECOND = make.SECOND_US


@pytest.fixture(scope="session")
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


@pytest.fixture(params=["fake", pytest.param("cassandra", marks=pytest.mark.real)])
def places(request: pytest.FixtureRequest) -> DurablePlaces:
    if request.param == "fake":
        return FakePlaces()
    return CassandraPlaces(request.getfixturevalue("connection"))


@pytest.fixture
def profile_id() -> str:
    return str(uuid4())


def write(places: DurablePlaces, *items: DirtyItem) -> None:
    assert places.write(items=items, now=make.NOW_US) == {}


def history(places: DurablePlaces, profile_id: str, *, limit: int) -> list[Viewing]:
    """Read the whole history in pages."""
    page = places.history(profile_id=profile_id, limit=limit, before=None)
    found = list(page.viewings)
    while page.next is not None:
        page = places.history(profile_id=profile_id, limit=limit, before=page.next)
        assert 0 < len(page.viewings) <= limit
        found += page.viewings
    return found


def test_what_was_never_written_is_not_there(places: DurablePlaces, profile_id: str) -> None:
    assert list(places.places(profile_id=profile_id)) == []
    assert list(places.places(profile_id=profile_id, video_id=make.VIDEO)) == []
    assert places.place(profile_id=profile_id, video_id=make.VIDEO, item_id=make.VIDEO) is None
    page = places.history(profile_id=profile_id, limit=5, before=None)
    assert (list(page.viewings), page.next) == ([], None)


def test_a_place_is_read_as_it_was_written(places: DurablePlaces, profile_id: str) -> None:
    film = make.make_place()
    episode = make.make_place(video_id=make.an_id(1), item_id=make.an_id(2), hidden=True)
    write(
        places, *(make.make_item(profile_id=profile_id, place=place) for place in (film, episode))
    )
    assert {place.item_id: place for place in places.places(profile_id=profile_id)} == {
        film.item_id: film,
        episode.item_id: episode,
    }
    assert list(places.places(profile_id=profile_id, video_id=make.an_id(1))) == [episode]
    assert episode == places.place(
        profile_id=profile_id, video_id=make.an_id(1), item_id=make.an_id(2)
    )


def test_an_older_write_that_arrives_late_changes_nothing(
    places: DurablePlaces, profile_id: str
) -> None:
    newer = make.make_place(rev=5, position=500.0)
    older = make.make_place(rev=4, position=400.0, changed_at=newer.changed_at - 1)
    write(places, make.make_item(profile_id=profile_id, place=newer))
    write(places, make.make_item(profile_id=profile_id, place=older))
    assert list(places.places(profile_id=profile_id)) == [newer]
    assert [viewing.position for viewing in history(places, profile_id, limit=5)] == [500.0]


@pytest.mark.parametrize("late", [False, True], ids=["in order", "out of order"])
def test_a_refused_report_that_moved_nothing_is_written_down_too(
    places: DurablePlaces, profile_id: str, late: bool
) -> None:
    place = make.make_place()
    refused = apply_report(
        place=place,
        report=make_report(
            video_id=place.video_id, playback_id="pb-2", played_since_act=1.0, position=9.0
        ),
        facts=ItemFacts(duration=5400.0, completes_at=5130.0, shown_from=270.0),
        device=make.PHONE,
        now=make.NOW_US,
    ).place
    assert refused is not None
    assert refused.changed_at == place.changed_at
    both = [make.make_item(profile_id=profile_id, place=each) for each in (place, refused)]
    for item in reversed(both) if late else both:
        write(places, item)
    assert list(places.places(profile_id=profile_id)) == [refused]
    (viewing,) = history(places, profile_id, limit=5)
    assert [change.rule for change in viewing.changes] == ["owner", "too_brief"]


def test_writing_twice_is_writing_once(places: DurablePlaces, profile_id: str) -> None:
    item = make.make_item(profile_id=profile_id)
    write(places, item)
    write(places, item)
    assert list(places.places(profile_id=profile_id)) == [item.place]
    assert len(history(places, profile_id, limit=5)) == 1


def test_a_viewing_is_one_row_however_often_it_moves(
    places: DurablePlaces, profile_id: str
) -> None:
    place = make.make_place()
    for step in range(1, 4):
        moved = replace(
            place, rev=step, position=100.0 * step, changed_at=place.changed_at + step * SECOND
        )
        write(places, make.make_item(profile_id=profile_id, place=moved))
    (viewing,) = history(places, profile_id, limit=5)
    assert (viewing.position, viewing.rev) == (300.0, 3)


def test_a_viewing_is_read_as_its_place_has_it(places: DurablePlaces, profile_id: str) -> None:
    place = make.make_place()
    write(places, make.make_item(profile_id=profile_id, place=place))
    assert history(places, profile_id, limit=5) == [place.viewing()]


def test_viewings_that_ended_are_written_beside_the_open_one(
    places: DurablePlaces, profile_id: str
) -> None:
    closed = [
        make.make_viewing(started_at=make.NOW_US - days * 86_400 * SECOND) for days in range(1, 41)
    ]
    place = make.make_place()
    write(
        places,
        make.make_item(profile_id=profile_id, place=place, closed_viewings=tuple(closed)),
    )
    assert history(places, profile_id, limit=100) == [place.viewing(), *closed]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_pages_of_any_size_make_the_same_history(
    places: DurablePlaces, profile_id: str, limit: int
) -> None:
    """Three viewings start in one millisecond: the cursor must fall between them too."""
    starts = [5, 4, 4, 4, 3, 2, 1]
    items = [
        make.make_item(
            profile_id=profile_id,
            place=make.make_place(
                video_id=make.an_id(number),
                viewing_started_at=make.NOW_US - (10 - start) * SECOND,
            ),
        )
        for number, start in enumerate(starts)
    ]
    write(places, *items)
    found = history(places, profile_id, limit=limit)
    assert [viewing.item_id for viewing in found] == [make.an_id(n) for n in range(len(starts))]


def test_a_profile_sees_only_its_own(places: DurablePlaces, profile_id: str) -> None:
    write(places, make.make_item(profile_id=str(uuid4())))
    assert list(places.places(profile_id=profile_id)) == []
    assert history(places, profile_id, limit=5) == []


def test_a_thousand_places_are_all_read(places: DurablePlaces, profile_id: str) -> None:
    written: list[Place] = [make.make_place(video_id=make.an_id(n)) for n in range(1_000)]
    write(
        places,
        *(make.make_item(profile_id=profile_id, place=place, devices=()) for place in written),
    )
    found = places.places(profile_id=profile_id)
    assert {place.video_id for place in found} == {place.video_id for place in written}


def test_an_item_without_devices_is_written(places: DurablePlaces, profile_id: str) -> None:
    item: Any = make.make_item(profile_id=profile_id, devices=())
    write(places, item)
    assert list(places.places(profile_id=profile_id)) == [item.place]


def test_a_control_write_works_where_writes_do_and_leaves_nothing(
    places: DurablePlaces, profile_id: str
) -> None:
    item = make.make_item(profile_id=profile_id)
    key = (item.profile_id, item.item_id)
    assert list(places.takes_writes(items=[item])) == [key]
    assert list(places.places(profile_id=profile_id)) == []
    assert history(places, profile_id, limit=5) == []
    write(places, item)
    assert list(places.takes_writes(items=[item])) == [key]
    assert list(places.places(profile_id=profile_id)) == [item.place]
    assert len(history(places, profile_id, limit=5)) == 1


def test_no_control_is_written_for_nothing(places: DurablePlaces) -> None:
    assert list(places.takes_writes(items=[])) == []
