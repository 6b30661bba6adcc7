"""Title pages and the search, field by field as on the wire."""

from dataclasses import replace
from typing import Any

import pytest

from reprise.domain.catalog import Rating, Title, Window
from reprise.domain.title_page import PageEpisode
from reprise.edge.cursors import write_cursor
from tests.builders import ADULT, KID, make_film, make_viewer
from tests.fakes.title_pages import page_of
from tests.harness.functions import CURSOR_SECRET, NOW, Answer, World

PAGE = "/videos/{videoId}"
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def world() -> World:
    return World()


def show(world: World, video_id: str, **parts: Any) -> Answer:
    event = world.event("GET", PAGE, path={"videoId": video_id}, **parts)
    return world.request("catalog/show_title", event)


def search(world: World, **query: str | list[str]) -> Answer:
    return world.request("catalog/search_titles", world.event("GET", "/search", query=query))


def with_films(*names: str, **facts: Any) -> tuple[World, list[Title]]:
    """Return a world whose search knows exactly these."""
    world, films = World(), [make_film(title=name, **facts) for name in names]
    world.search.names = {film.id: film.title for film in films}
    world.catalog.known |= {film.id: film for film in films}
    return world, films


def test_a_films_page_says_what_it_is() -> None:
    film = make_film(
        credits_start=5230.0,
        ratings=(Rating("US", "PG", 2),),
        windows=(Window("US", 0, NOW + 60),),
    )
    world = World(film=film)
    answer = show(world, film.id)
    markers = {"introStart": None, "introEnd": None, "creditsStart": 5230.0}
    assert (answer.status, answer.body) == (
        200,
        {
            "videoId": film.id,
            "type": "film",
            "title": "The Quiet Harbour",
            "originalTitle": "Der stille Hafen",
            "description": "A harbour, and nobody makes a sound.",
            "genres": ["Drama", "Mystery"],
            "rating": "PG",
            "maturityLevel": 2,
            "releaseYear": 2024,
            "language": "de",
            "durationSeconds": 5400.0,
            "markers": markers,
            "editions": [{"name": "main", "durationSeconds": 5400.0, "markers": markers}],
            "seasons": None,
            "artwork": [{"kind": "poster", "variant": "quiet", "url": film.artwork_url}],
            "leavesAt": "2026-11-18T11:07:40.000000Z",
        },
    )


def test_a_series_page_lists_its_seasons_and_episodes(world: World) -> None:
    body = show(world, world.series.id).body
    first = world.series.items[0]
    assert [(season["season"], len(season["episodes"])) for season in body["seasons"]] == [
        (1, 3),
        (2, 2),
    ]
    markers = {"introStart": None, "introEnd": None, "creditsStart": None}
    assert body["seasons"][0]["episodes"][0] == {
        "id": first.id,
        "episode": 1,
        "title": first.title,
        "description": "",
        "durationSeconds": 2400.0,
        "airDate": "1970-01-01T00:00:00.000000Z",
        "aired": True,
        "markers": markers,
        "editions": [{"name": "main", "durationSeconds": 2400.0, "markers": markers}],
    }
    assert (body["durationSeconds"], body["markers"], body["editions"]) == (None, None, [])
    assert body["leavesAt"] is None


def test_an_episode_to_come_is_listed_with_its_date_and_no_duration_yet(world: World) -> None:
    page = page_of(world.series)
    coming = PageEpisode("coming", 9, 1, "Soon", "", world.now + 60, ())
    world.pages.stored[page.id] = replace(page, episodes=(*page.episodes, coming))
    episode = show(world, page.id).body["seasons"][-1]["episodes"][0]
    assert (episode["airDate"], episode["aired"]) == ("2026-11-18T11:07:40.000000Z", False)
    assert (episode["durationSeconds"], episode["editions"]) == (None, [])


def test_a_page_that_a_client_has_already_is_not_sent_again(world: World) -> None:
    tag = show(world, world.film.id).headers["ETag"]
    again = show(world, world.film.id, headers={"If-None-Match": tag})
    assert (again.status, again.body) == (304, None)
    world.catalog.known[world.film.id] = replace(world.film, windows=(Window("US", 0, NOW + 9),))
    assert show(world, world.film.id, headers={"If-None-Match": tag}).status == 200


@pytest.mark.parametrize(
    ("facts", "policy", "reason"),
    [
        ({"maturity_level": 4}, replace(ADULT, maturity_level=3), "maturity"),
        ({"maturity_level": None}, replace(ADULT, maturity_level=4), "maturity"),
        ({"maturity_level": 3}, KID, "kids"),
        ({"windows": ()}, ADULT, "region"),
        ({"windows": (Window("US", 0, NOW),)}, ADULT, "region"),
        ({"plans": ("premium",)}, replace(ADULT, plan="basic"), "plan"),
    ],
)
def test_a_forbidden_title_has_no_page_and_is_not_found(
    facts: dict[str, Any], policy: Any, reason: str
) -> None:
    film = make_film(**facts)
    world = World(film=film, viewer=make_viewer(policy=policy))
    answer = show(world, film.id)
    assert (answer.status, answer.body["reason"]) == (403, reason)
    assert film.title not in answer.log + str(answer.body)
    found = search(world, q=film.title)
    assert (found.status, found.body) == (200, {"items": [], "nextCursor": None})


@pytest.mark.parametrize("video_id", [NOBODY, "film-1", "..", "%2e", "x" * 65, "'", "é"])
def test_a_title_that_is_not_there_is_not_found(world: World, video_id: str) -> None:
    answer = show(world, video_id)
    assert (answer.status, answer.body["type"]) == (404, "/problems/not-found")


def test_without_the_catalog_and_a_copy_the_answer_is_503(world: World) -> None:
    world.pages.down = world.search.down = True
    for answer in (show(world, world.film.id), search(world, q="harbour")):
        assert (answer.status, answer.body["type"]) == (503, "/problems/unavailable")
        assert int(answer.headers["Retry-After"]) >= 1


def test_a_revoked_session_sees_and_finds_nothing(world: World) -> None:
    world.live.sessions.clear()
    assert show(world, world.film.id).status == show(world, NOBODY).status == 401
    assert search(world, q="harbour").status == 401
    assert (world.pages.asked, world.search.asked) == (0, [])


def test_what_is_found_comes_best_first_with_its_score() -> None:
    world, (second, first) = with_films("The Quiet Harbour Master", "The Quiet Harbour")
    assert search(world, q="the quiet harbour").body == {
        "items": [
            {"videoId": first.id, "title": first.title, "type": "film", "score": 1.0},
            {"videoId": second.id, "title": second.title, "type": "film", "score": 0.9637},
        ],
        "nextCursor": None,
    }


def test_pages_of_a_search_follow_each_other() -> None:
    world, films = with_films(*(f"Harbour {number}" for number in range(60)))
    usual = search(world, q="harbour").body
    assert len(usual["items"]) == 20
    found, cursor = [], None
    while True:
        query = {"q": " harbour ", "limit": "25"} | ({"cursor": cursor} if cursor else {})
        body = search(world, **query).body
        found.append([item["videoId"] for item in body["items"]])
        cursor = body["nextCursor"]
        if cursor is None:
            break
    assert [len(page) for page in found] == [25, 25, 10]
    assert {video_id for page in found for video_id in page} == {film.id for film in films}


def test_a_cursor_tells_nothing_and_is_bound_to_its_words_and_its_profile() -> None:
    world, films = with_films(*(f"Harbour {number}" for number in range(30)))
    cursor = search(world, q="harbour", limit="5").body["nextCursor"]
    assert all(film.id not in cursor for film in films)
    assert search(world, q="harbour", limit="7", cursor=cursor).status == 200
    other = World()
    other.search = world.search
    old = write_cursor(
        (900_000, films[0].id), secret=CURSOR_SECRET, profile_id=world.viewer.profile_id
    )
    for answer in (
        search(world, q="harbours", cursor=cursor),
        search(other, q="harbour", cursor=cursor),
        search(world, q="harbour", cursor=old),
        search(world, q="harbour", cursor=cursor[:-2] + "AA"),
        search(world, q="harbour", cursor=""),
        search(world, q="harbour", cursor="é" * 20),
        search(world, q="harbour", cursor="A" * 600),
    ):
        assert (answer.status, answer.wrong_fields) == (400, ["cursor"])


def test_forbidden_titles_leave_no_gap_and_no_trace() -> None:
    allowed = [make_film(title=f"Harbour {n}", maturity_level=1) for n in range(3)]
    hidden = [make_film(title="Harbour", maturity_level=5) for _ in range(90)]
    world = World(viewer=make_viewer(policy=KID))
    world.search.names = {film.id: film.title for film in (*allowed, *hidden)}
    world.catalog.known |= {film.id: film for film in (*allowed, *hidden)}
    first = search(world, q="harbour", limit="2").body
    rest = search(world, q="harbour", limit="2", cursor=first["nextCursor"]).body
    found = [item["videoId"] for item in (*first["items"], *rest["items"])]
    assert sorted(found) == sorted(film.id for film in allowed)
    assert rest["nextCursor"] is None


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({}, ["q"]),
        ({"q": ""}, ["q"]),
        ({"q": "   "}, ["q"]),
        ({"q": "x" * 101}, ["q"]),
        ({"q": "\ud800"}, ["q"]),
        ({"q": ["salt", "map"]}, ["q"]),
        ({"q": "salt", "limit": "0"}, ["limit"]),
        ({"q": "salt", "limit": "51"}, ["limit"]),
        ({"q": "salt", "limit": "ten"}, ["limit"]),
        ({"q": "salt", "limit": ["5", "5"]}, ["limit"]),
        ({"q": "salt", "cursor": ["a", "b"]}, ["cursor"]),
        ({"q": "salt", "limit": "0", "cursor": "forged", "x": "1"}, ["cursor", "limit", "x"]),
    ],
)
def test_a_query_that_is_not_in_order_is_refused_field_by_field(
    world: World, query: dict[str, Any], fields: list[str]
) -> None:
    answer = search(world, **query)
    assert (answer.status, sorted(answer.wrong_fields)) == (400, fields)
    assert world.search.asked == []


@pytest.mark.parametrize(
    "words", ["%", "_", "'", '"', "\\", "a & b | !c", "x:*", "\0", "😀", "é" * 100, "<script>"]
)
def test_any_words_are_harmless(world: World, words: str) -> None:
    assert search(world, q=words).status == 200
