"""What is written is what is read, and what is no place says so instead of crashing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.adapters import dirty_codec, place_codec, stored_text
from reprise.domain.identity import Device
from reprise.domain.playstate import (
    Change,
    DevicePosition,
    Place,
    PlaybackMemory,
    Snapshot,
    Viewing,
)
from tests import flush_builders as make

texts = st.text(st.characters(codec="utf-8"), max_size=12)
instants = st.integers(0, 4_000_000_000_000_000)
positions = st.integers(0, 360_000_000).map(lambda ms: ms / 1000)
devices = st.builds(Device, id=texts, type=texts, name=texts)
changes = st.lists(
    st.builds(
        Change,
        at=st.integers(0, 4_000_000_000_000),
        position=positions,
        device=devices,
        moved=st.booleans(),
        rule=texts,
        playback_id=texts,
    ),
    max_size=4,
).map(tuple)
places = st.builds(
    Place,
    video_id=texts,
    item_id=texts,
    rev=st.integers(0, 2**53),
    changed_at=instants,
    moved_at=instants,
    viewed_at=instants,
    owner=texts,
    position=positions,
    duration=positions,
    state=texts,
    completed=st.booleans(),
    hidden=st.booleans(),
    viewing_started_at=instants,
    device=devices,
    event_time=instants,
    playbacks=st.lists(
        st.builds(
            PlaybackMemory,
            playback_id=texts,
            last_seq=st.integers(1, 2**53),
            spent_act=st.integers(0, 2**53),
        ),
        max_size=8,
    ).map(tuple),
    before=st.none()
    | st.builds(
        Snapshot,
        owner=texts,
        position=positions,
        state=texts,
        hidden=st.booleans(),
        device=devices,
        event_time=instants,
    ),
    changes=changes,
)


@given(place=places)
def test_a_place_survives_its_redis_hash(place: Place) -> None:
    fields = place_codec.place_to_hash(place)
    assert all(isinstance(value, str) for value in fields.values())
    assert place_codec.place_from_hash(fields, item_id=place.item_id) == place


@given(place=places)
def test_a_place_survives_its_durable_document(place: Place) -> None:
    assert place_codec.place_from_json(place_codec.place_to_json(place)) == place


@given(history=changes)
def test_changes_survive_their_column(history: tuple[Change, ...]) -> None:
    assert place_codec.changes_from_json(place_codec.changes_to_json(history)) == history


def hash_of(place: Place, **fields: str) -> dict[str, str]:
    buffer = {"v": str(place.changed_at), "batch": str(make.NOW_US + 1), "since": "5"}
    return place_codec.place_to_hash(place) | buffer | fields


def test_a_claimed_hash_becomes_a_dirty_item() -> None:
    place = make.make_place(video_id=make.an_id(1), item_id=make.an_id(2))
    closed = make.make_viewing(video_id=place.video_id, item_id=place.item_id)
    position = make.make_device_position(video_id=place.video_id, item_id=place.item_id)
    outbox = [
        ["i", 10, 20.5, "pb-1"],
        ["c", str(make.NOW_US)],
        dirty_codec.closed_viewing_to_entry(closed),
    ]
    field, text = dirty_codec.device_to_field(position)
    fields = hash_of(place, bout=json.dumps(outbox), att="2", prov="1", **{field: text})
    item = dirty_codec.dirty_from_hash(f"{make.PROFILE}:{place.item_id}", fields)
    assert (item.profile_id, item.item_id, item.place) == (make.PROFILE, place.item_id, place)
    assert (item.version, item.batch, item.dirty_since) == (make.NOW_US, make.NOW_US + 1, 5)
    assert (item.attempts, item.provisional) == (2, True)
    assert item.devices == (position,)
    assert item.closed_viewings == (closed,)
    assert item.intervals == ((10.0, 20.5, "pb-1"),)
    assert item.completions == (make.NOW_US,)


def test_a_bare_claim_has_no_attempts_and_an_empty_outbox() -> None:
    place = make.make_place()
    item = dirty_codec.dirty_from_hash("p:i", hash_of(place, bout="{}"))
    assert (item.attempts, item.provisional, item.intervals) == (0, False, ())


def test_closed_viewings_are_read_from_the_frozen_and_the_open_outbox() -> None:
    first: Viewing = make.make_viewing(started_at=1)
    second: Viewing = make.make_viewing(started_at=2)
    fields = hash_of(
        make.make_place(),
        bout=json.dumps([dirty_codec.closed_viewing_to_entry(first), ["c", "1"]]),
        out=json.dumps([dirty_codec.closed_viewing_to_entry(second)]),
    )
    assert dirty_codec.closed_viewings_from_hash(fields, item_id=make.VIDEO) == (first, second)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pos", "nan"),
        ("pos", "inf"),
        ("pos", "far"),
        ("rev", ""),
        ("at", "1e15"),
        ("done", "2"),
        ("pbs", "[["),
        ("pbs", '{"a": 1}'),
        ("pbs", "[[1,2,3]]"),
        ("bef", "[]"),
        ("ch", '[["x"]]'),
        ("ch", "7"),
    ],
)
def test_a_hash_that_is_no_place_is_called_corrupt(field: str, value: str) -> None:
    fields = place_codec.place_to_hash(make.make_place()) | {field: value}
    with pytest.raises(place_codec.CorruptPlaceError):
        place_codec.place_from_hash(fields, item_id=make.VIDEO)


@pytest.mark.parametrize("text", ["", "null", "[]", "{", '{"vid": "x"}', "7", "[" * 100_000])
def test_a_document_that_is_no_place_is_called_corrupt(text: str) -> None:
    with pytest.raises(place_codec.CorruptPlaceError):
        place_codec.place_from_json(text)


@pytest.mark.parametrize(
    "fields",
    [{"v": "x"}, {"bout": "{{"}, {"bout": "[7]"}, {"d:tv": "[]"}, {"bout": '[["v", {}]]'}],
)
def test_a_claim_that_makes_no_sense_is_called_corrupt(fields: dict[str, str]) -> None:
    with pytest.raises(place_codec.CorruptPlaceError):
        dirty_codec.dirty_from_hash("p:i", hash_of(make.make_place(), **fields))


def test_a_corrupt_outbox_is_called_corrupt_by_reads_too() -> None:
    with pytest.raises(place_codec.CorruptPlaceError):
        dirty_codec.closed_viewings_from_hash(hash_of(make.make_place(), out="[7]"), item_id="i")


def test_changes_that_are_none_are_called_corrupt() -> None:
    with pytest.raises(place_codec.CorruptPlaceError):
        place_codec.changes_from_json("{")


def test_an_empty_list_may_come_from_lua_as_an_object() -> None:
    fields = place_codec.place_to_hash(make.make_place()) | {"pbs": "{}", "ch": "{}"}
    place = place_codec.place_from_hash(fields, item_id=make.VIDEO)
    assert (place.playbacks, place.changes) == ((), ())


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (-0.0, "0"), (10.0, "10"), (1.5, "1.5"), (1.2345, "1.234")]
)
def test_seconds_are_written_as_lua_prints_them(value: float, text: str) -> None:
    assert stored_text.seconds_text(value) == text


def test_a_device_position_keeps_its_instant_as_text() -> None:
    position: DevicePosition = make.make_device_position()
    _, text = dirty_codec.device_to_field(position)
    assert json.loads(text)[4] == str(make.NOW_US)
