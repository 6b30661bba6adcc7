"""The row, the history and the acts of the account, field by field as on the wire."""

from dataclasses import replace
from typing import Any

import pytest

from reprise.domain.catalog import Window
from reprise.edge.cursors import write_cursor
from tests.builders import NOW_US, SECOND, TV
from tests.harness.functions import CURSOR_SECRET, Answer, World

ROW = "playstate/list_continue_watching"
HISTORY = "playstate/list_history"
DEVICE = {"id": TV.id, "type": TV.type, "name": TV.name}


@pytest.fixture
def world() -> World:
    return World()


def watch(world: World, **overrides: Any) -> None:
    event = world.event("POST", "/stream/progress", body=world.report(**overrides))
    assert world.request("stream/record_progress", event).status == 200


def row(world: World, **headers: str) -> Answer:
    return world.request(ROW, world.event("GET", "/continue-watching", headers=headers))


def history(world: World, **query: str | list[str]) -> Answer:
    return world.request(HISTORY, world.event("GET", "/history", query=query))


def test_a_film_in_the_row(world: World) -> None:
    watch(world)
    answer = row(world)
    assert answer.status == 200
    assert answer.body == {
        "items": [
            {
                "videoId": world.film.id,
                "episodeId": None,
                "type": "film",
                "title": world.film.title,
                "seriesTitle": None,
                "season": None,
                "episode": None,
                "resumePosition": 1234.5,
                "duration": 5400.0,
                "progressPercent": 22.9,
                "nextUp": False,
                "lastWatchedAt": "2026-11-18T11:06:40.000000Z",
                "device": DEVICE,
                "artworkUrl": world.film.artwork_url,
                "leavesAt": None,
            }
        ],
        "stale": False,
    }


def test_the_next_episode_of_a_series_in_the_row(world: World) -> None:
    first, second = world.series.items[:2]
    watch(world, videoId=world.series.id, episodeId=first.id, position=2399.0, intervals=[])
    (item,) = row(world).body["items"]
    assert (item["type"], item["episodeId"], item["nextUp"]) == ("episode", second.id, True)
    assert (item["resumePosition"], item["progressPercent"]) == (0.0, 0.0)
    assert (item["seriesTitle"], item["season"], item["episode"]) == (world.series.title, 1, 2)


def test_a_title_that_leaves_says_so(world: World) -> None:
    leaving = replace(world.film, windows=(Window("US", 0, world.now + 3 * 86_400),))
    world.catalog.known[world.film.id] = leaving
    watch(world)
    (item,) = row(world).body["items"]
    assert item["leavesAt"] == "2026-11-21T11:06:40.000000Z"


def test_the_row_that_a_client_has_is_not_sent_again(world: World) -> None:
    watch(world)
    first = row(world)
    etag = first.headers["ETag"]
    for known in (etag, f'"other", W/{etag}', "*"):
        again = row(world, **{"If-None-Match": known})
        assert (again.status, again.body, again.headers["ETag"]) == (304, None, etag)
    watch(world, seq=2, position=1300.0, intervals=[])
    assert row(world, **{"If-None-Match": etag}).status == 200


def test_a_row_made_without_the_history_says_that_it_is_stale(world: World) -> None:
    watch(world)
    world.durable.down = True
    assert row(world).body["stale"] is True


def test_hiding_a_title_takes_it_out_of_the_row(world: World) -> None:
    watch(world)
    path = {"videoId": world.film.id}
    event = world.event("DELETE", "/continue-watching/{videoId}", path=path)
    answer = world.request("playstate/hide_title", event)
    assert (answer.status, answer.body) == (204, None)
    assert row(world).body["items"] == []


def test_a_film_marked_watched_is_answered_as_one_place(world: World) -> None:
    event = world.event("PUT", "/videos/{videoId}/watched", path={"videoId": world.film.id})
    answer = world.request("playstate/mark_watched", event)
    assert answer.status == 200
    assert list(answer.body) == ["place"]
    assert answer.body["place"]["completed"] is True
    assert answer.body["place"]["playbackId"] is None


def test_a_film_without_a_place_marked_not_watched_still_has_none(world: World) -> None:
    event = world.event("DELETE", "/videos/{videoId}/watched", path={"videoId": world.film.id})
    assert world.request("playstate/unmark_watched", event).body == {"place": None}


def test_a_series_marked_watched_is_answered_as_the_places_of_its_episodes(world: World) -> None:
    path = {"videoId": world.series.id}
    answer = world.request(
        "playstate/mark_watched", world.event("PUT", "/videos/{videoId}/watched", path=path)
    )
    marked = [place["episodeId"] for place in answer.body["places"]]
    assert marked == [item.id for item in world.series.items]


def test_one_episode_is_named_in_the_query(world: World) -> None:
    episode = world.series.items[1].id
    event = world.event(
        "PUT",
        "/videos/{videoId}/watched",
        path={"videoId": world.series.id},
        query={"episodeId": episode},
    )
    answer = world.request("playstate/mark_watched", event)
    assert answer.body["place"]["episodeId"] == episode


def test_the_history_says_what_moved_a_place(world: World) -> None:
    watch(world)
    answer = history(world)
    assert answer.status == 200
    assert answer.body["nextCursor"] is None
    (viewing,) = answer.body["items"]
    assert viewing == {
        "videoId": world.film.id,
        "episodeId": None,
        "title": world.film.items[0].title,
        "startedAt": "2026-11-18T11:06:40.000000Z",
        "lastWatchedAt": "2026-11-18T11:06:40.000000Z",
        "position": 1234.5,
        "duration": 5400.0,
        "completed": False,
        "device": DEVICE,
        "changes": [
            {
                "at": "2026-11-18T11:06:40.000000Z",
                "position": 1234.5,
                "device": DEVICE,
                "moved": True,
                "rule": "first",
            }
        ],
    }


def test_the_history_is_read_page_by_page_with_its_cursor(world: World) -> None:
    for number, episode in enumerate(world.series.items[:3]):
        world.live.now_us = NOW_US + number * SECOND
        watch(world, videoId=world.series.id, episodeId=episode.id, playbackId=f"pb-{number}")
    seen: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(3):
        page = history(world, limit="1", **cursor).body
        seen += [item["episodeId"] for item in page["items"]]
        cursor = {"cursor": page["nextCursor"]} if page["nextCursor"] else {}
    assert seen == [item.id for item in reversed(world.series.items[:3])]
    assert cursor == {}


@pytest.mark.parametrize("limit", ["0", "-1", "51", "1e9", "1.5", "", "٣", "99999999999"])
def test_a_limit_outside_1_to_50_is_refused(world: World, limit: str) -> None:
    answer = history(world, limit=limit)
    assert (answer.status, answer.wrong_fields) == (400, ["limit"])


def test_both_wrong_parameters_are_named_at_once(world: World) -> None:
    answer = history(world, limit=["1", "2"], cursor="forged", shuffle="yes")
    assert answer.status == 400
    assert sorted(answer.wrong_fields) == ["cursor", "limit", "shuffle"]


def test_a_cursor_of_another_profile_or_secret_is_refused(world: World) -> None:
    position = (NOW_US, world.film.id)
    own = {"secret": CURSOR_SECRET, "profile_id": world.viewer.profile_id}
    for change in ({"profile_id": "another"}, {"secret": "guessed"}):
        cursor = write_cursor(position, **(own | change))
        assert history(world, cursor=cursor).wrong_fields == ["cursor"]
    genuine = write_cursor(position, **own)
    assert history(world, cursor=genuine).status == 200
    assert history(world, cursor=genuine[:-1]).wrong_fields == ["cursor"]
