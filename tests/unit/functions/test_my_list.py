"""My list, field by field as on the wire."""

from dataclasses import replace
from typing import Any

import pytest

from reprise.domain.catalog import Window
from reprise.edge.cursors import write_cursor
from tests.builders import ADULT, KID, make_viewer
from tests.harness.functions import CURSOR_SECRET, Answer, World

ITEM = "/my-list/{videoId}"


@pytest.fixture
def world() -> World:
    return World()


def listing(world: World, **query: str | list[str]) -> Answer:
    return world.request("my_list/list_my_list", world.event("GET", "/my-list", query=query))


def put(world: World, video_id: str, **parts: Any) -> Answer:
    event = world.event("PUT", ITEM, path={"videoId": video_id}, **parts)
    return world.request("my_list/put_on_my_list", event)


def remove(world: World, video_id: str) -> Answer:
    event = world.event("DELETE", ITEM, path={"videoId": video_id})
    return world.request("my_list/remove_from_my_list", event)


def test_a_title_put_on_the_list_is_answered_and_listed(world: World) -> None:
    item = {
        "videoId": world.film.id,
        "title": world.film.title,
        "type": "film",
        "position": 0,
        "addedAt": "2026-11-18T11:06:40.000000Z",
        "artworkUrl": world.film.artwork_url,
        "leavesAt": None,
    }
    answer = put(world, world.film.id)
    assert (answer.status, answer.body) == (200, item)
    assert put(world, world.film.id).body == item
    assert listing(world).body == {
        "items": [item],
        "nextCursor": None,
        "asOf": "2026-11-18T11:06:30.000000Z",
    }


def test_a_title_is_dragged_by_its_position(world: World) -> None:
    put(world, world.film.id)
    assert put(world, world.series.id, body={}).body["position"] == 0
    assert put(world, world.series.id, body={"position": 1}).body["position"] == 1
    assert [item["type"] for item in listing(world).body["items"]] == ["film", "series"]
    assert put(world, world.series.id).body["position"] == 1


def test_a_title_that_leaves_says_when(world: World) -> None:
    leaving = (Window("US", 0, world.now + 3 * 86_400),)
    world.catalog.known[world.film.id] = replace(world.film, windows=leaving)
    assert put(world, world.film.id).body["leavesAt"] == "2026-11-21T11:06:40.000000Z"


def test_pages_are_bound_by_cursors_that_are_of_this_list_and_profile(world: World) -> None:
    for title in (world.film, world.series):
        put(world, title.id)
    first = listing(world, limit="1").body
    second = listing(world, limit="1", cursor=first["nextCursor"]).body
    assert [item["position"] for item in first["items"] + second["items"]] == [0, 1]
    assert second["nextCursor"] is None
    own: dict[str, Any] = {"secret": CURSOR_SECRET, "profile_id": world.viewer.profile_id}
    for change in ({"of": "history"}, {"of": "my-list", "profile_id": "another"}):
        cursor = write_cursor((0, world.film.id), **(own | change))
        assert listing(world, cursor=cursor).wrong_fields == ["cursor"]


def test_what_another_device_removed_is_told_where_asked_for(world: World) -> None:
    put(world, world.film.id)
    answer = remove(world, world.film.id)
    assert (answer.status, answer.body) == (204, None)
    assert "removed" not in listing(world).body
    found = listing(world, changedSince=listing(world).body["asOf"]).body
    assert found["removed"] == [
        {"videoId": world.film.id, "removedAt": "2026-11-18T11:06:40.000000Z"}
    ]
    assert listing(world, changedSince="2027-01-01T00:00:00+02:00").body["removed"] == []


def test_removing_again_or_what_never_was_there_is_the_same(world: World) -> None:
    for video_id in (world.film.id, world.film.id, "whatever"):
        assert remove(world, video_id).status == 204


def test_a_refused_title_names_the_reason_and_stays_out_of_the_list(world: World) -> None:
    put(world, world.series.id)
    world.live.sign_in(world.viewer, policy=KID)
    answer = put(world, world.series.id)
    assert (answer.status, answer.body["reason"]) == (403, "kids")
    assert listing(world).body["items"] == []
    world.live.sign_in(world.viewer, policy=ADULT)
    assert len(listing(world).body["items"]) == 1


def test_lists_of_other_profiles_are_apart(world: World) -> None:
    put(world, world.film.id)
    world.viewer = make_viewer(account_id=world.viewer.account_id)
    world.live.sign_in(world.viewer)
    assert listing(world).body["items"] == []


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"limit": "0"}, ["limit"]),
        ({"limit": "51"}, ["limit"]),
        ({"limit": "ten"}, ["limit"]),
        ({"limit": ["1", "2"]}, ["limit"]),
        ({"cursor": ""}, ["cursor"]),
        ({"cursor": "x" * 600}, ["cursor"]),
        ({"changedSince": ""}, ["changedSince"]),
        ({"changedSince": "2026-11-18"}, ["changedSince"]),
        ({"changedSince": "2026-11-18T11:06:40"}, ["changedSince"]),
        ({"changedSince": "2026-02-30T11:06:40Z"}, ["changedSince"]),
        ({"changedSince": ["2026-11-18T11:06:40Z"] * 2}, ["changedSince"]),
        ({"changed_since": "2026-11-18T11:06:40Z"}, ["changed_since"]),
        ({"page": "2"}, ["page"]),
    ],
)
def test_a_bad_query_names_every_field(
    world: World, query: dict[str, str | list[str]], fields: list[str]
) -> None:
    answer = listing(world, **query)
    assert (answer.status, answer.wrong_fields) == (400, fields)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"position": -1}, ["position"]),
        ({"position": 500}, ["position"]),
        ({"position": 1.5}, ["position"]),
        ({"position": "1"}, ["position"]),
        ({"position": True}, ["position"]),
        ({"position": None}, ["position"]),
        ({"place": 1}, ["place"]),
        ([], ["body"]),
    ],
)
def test_a_bad_body_is_refused_and_nothing_is_put(
    world: World, body: object, fields: list[str]
) -> None:
    answer = put(world, world.film.id, body=body)
    assert (answer.status, answer.wrong_fields) == (400, fields)
    assert listing(world).body["items"] == []


def test_a_body_that_is_no_json_is_refused(world: World) -> None:
    assert put(world, world.film.id, raw="{}").status == 415
    json = {"Content-Type": "application/json"}
    assert put(world, world.film.id, raw="{", headers=json).wrong_fields == ["body"]
    assert put(world, world.film.id, raw="x" * 20_000, headers=json).status == 413


@pytest.mark.parametrize("video_id", ["no.title", "%2e%2e", "x" * 65, "ümlaut"])
def test_what_is_no_id_is_not_found(world: World, video_id: str) -> None:
    assert put(world, video_id).status == 404
    assert remove(world, video_id).status == 404


def test_an_unknown_title_is_not_found(world: World) -> None:
    assert put(world, "unknown").status == 404


def test_nothing_is_looked_at_for_a_session_that_was_revoked(world: World) -> None:
    world.live.revoke(world.viewer)
    world.lists.down = world.catalog.down = True
    answers = (listing(world), put(world, "unknown"), remove(world, world.film.id))
    assert [answer.status for answer in answers] == [401] * 3


def test_a_database_that_is_down_is_said(world: World) -> None:
    world.lists.down = True
    for answer in (listing(world), put(world, world.film.id), remove(world, world.film.id)):
        assert (answer.status, answer.body["type"]) == (503, "/problems/unavailable")
        assert int(answer.headers["Retry-After"]) >= 1
