"""The title page and the search over HTTP, on the seeded catalogs."""

from urllib.parse import quote

import pytest

from reprise_local.seeding import episode_id, title_id
from tests.e2e.api_client import ApiClient, Json
from tests.e2e.people import People

pytestmark = pytest.mark.cloud

TIDEKEEPERS = title_id("the-tidekeepers")
BRASS = title_id("brass-monsoon")
KITCHEN = title_id("orbit-kitchen")


def found(client: ApiClient, words: str, **query: object) -> Json:
    more = "".join(f"&{name}={quote(str(value))}" for name, value in query.items())
    body: Json = client.must("GET", f"/search?q={quote(words)}{more}")
    return body


def test_a_films_page_shows_everything_about_it(tv: ApiClient, film: str) -> None:
    page = tv.must("GET", f"/videos/{film}")
    assert (page["videoId"], page["type"]) == (film, "film")
    assert page["title"] == "The Salt Cartographer"
    assert (page["rating"], page["maturityLevel"], page["releaseYear"]) == ("PG", 2, 2023)
    assert page["genres"] == ["Drama", "Adventure"]
    assert page["durationSeconds"] == 6420.0
    assert page["markers"] == {"introStart": 38.0, "introEnd": 96.0, "creditsStart": 6054.5}
    assert [edition["name"] for edition in page["editions"]] == ["main", "directors-cut"]
    assert {picture["kind"] for picture in page["artwork"]} == {"poster", "hero"}
    assert (page["seasons"], page["leavesAt"]) == (None, None)


def test_a_series_page_lists_seasons_specials_and_what_is_to_come(tv: ApiClient) -> None:
    page = tv.must("GET", f"/videos/{TIDEKEEPERS}")
    assert [season["season"] for season in page["seasons"]] == [0, 1, 2]
    first = page["seasons"][1]["episodes"][0]
    assert first["id"] == episode_id("the-tidekeepers", 1, 1)
    assert (first["title"], first["durationSeconds"], first["aired"]) == ("Low Water", 2700.0, True)
    assert first["airDate"] == "2023-09-04T00:00:00.000000Z"
    coming = tv.must("GET", f"/videos/{KITCHEN}")["seasons"][1]["episodes"][3]
    assert coming["aired"] is False


def test_a_page_is_rated_and_leaves_as_in_the_viewers_region(people: People) -> None:
    leaving = title_id("grandmother-of-rivers")
    british = people.someone(region="GB").on().must("GET", f"/videos/{leaving}")
    brazilian = people.someone(region="BR").on().must("GET", f"/videos/{leaving}")
    assert (british["rating"], brazilian["rating"]) == ("U", "L")
    assert british["leavesAt"] is not None
    assert brazilian["leavesAt"] is None


def test_a_page_that_did_not_change_is_not_sent_again(tv: ApiClient, film: str) -> None:
    first = tv.call("GET", f"/videos/{film}")
    headers = {"If-None-Match": first.headers["ETag"]}
    again = tv.call("GET", f"/videos/{film}", headers=headers)
    assert (again.status, again.json) == (304, None)


def test_what_a_profile_may_not_see_has_no_page_and_is_never_found(people: People) -> None:
    adult = people.someone().on()
    child = people.someone(profiles=({"kids": True, "maturityLevel": 2},)).on()
    assert [hit["videoId"] for hit in found(adult, "brass monsoon")["items"]] == [BRASS]
    assert found(child, "brass monsoon")["items"] == []
    answer = child.call("GET", f"/videos/{BRASS}")
    assert (answer.status, answer.kind, answer.json["reason"]) == (403, "forbidden", "kids")
    gone = adult.call("GET", f"/videos/{title_id('the-last-open-window')}")
    assert (gone.status, gone.json["reason"]) == (403, "region")


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("The Tidekeepers", "the-tidekeepers"),
        ("tidekepers", "the-tidekeepers"),
        ("tidek", "the-tidekeepers"),
        ("salt cartografer", "the-salt-cartographer"),
        ("GRANDMOTHER rivers", "grandmother-of-rivers"),
        ("salvage crew lift a bell", "brass-monsoon"),
    ],
)
def test_titles_are_found_however_they_are_written(tv: ApiClient, words: str, key: str) -> None:
    assert found(tv, words)["items"][0]["videoId"] == title_id(key)


def test_pages_of_a_search_hold_each_title_once(tv: ApiClient) -> None:
    whole = found(tv, "the", limit=50)["items"]
    pages: list[list[Json]] = []
    cursor = None
    while len(pages) * 7 < 50:
        page = found(tv, "the", limit=7, **({"cursor": cursor} if cursor else {}))
        pages.append(page["items"])
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert [hit for page in pages for hit in page][: len(whole)] == whole
    assert len({hit["videoId"] for page in pages for hit in page}) == sum(map(len, pages))


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", ["q"]),
        ("q=", ["q"]),
        (f"q={'x' * 101}", ["q"]),
        ("q=salt&limit=51&cursor=forged&region=US", ["cursor", "limit", "region"]),
        ("q=salt&q=map", ["q"]),
    ],
)
def test_a_search_that_is_not_in_order_is_refused(
    tv: ApiClient, query: str, fields: list[str]
) -> None:
    answer = tv.call("GET", f"/search?{query}")
    assert (answer.status, sorted(answer.wrong_fields)) == (400, fields)


@pytest.mark.parametrize("words", ["%", "_", "' OR 1=1 --", "a & b | !c:*", "\0", "😀", "\\", "()"])
def test_any_words_are_harmless(tv: ApiClient, words: str) -> None:
    assert found(tv, words)["nextCursor"] is None
