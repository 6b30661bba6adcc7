"""My list over HTTP: two devices of one profile, pages, and titles that come and go."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from reprise_local.seeding import title_id
from tests.e2e.api_client import PHONE, TV, ApiClient, Json, instant
from tests.e2e.people import People, Person

pytestmark = pytest.mark.cloud

SLUGS = ("the-salt-cartographer", "eleven-minutes-to-harrow", "lanternfish", "paper-comet")
FILMS = [title_id(slug) for slug in SLUGS]
MATURE = title_id("brass-monsoon")
NOT_HERE = title_id("midwinter-foxes")


def listed(client: ApiClient, query: str = "") -> list[str]:
    """The titles of the list, whose positions have to be counted without gaps."""
    items: list[Json] = client.must("GET", f"/my-list{query}")["items"]
    assert [item["position"] for item in items] == list(range(len(items)))
    return [item["videoId"] for item in items]


def put_all(client: ApiClient) -> None:
    for film in reversed(FILMS):
        client.must("PUT", f"/my-list/{film}")


def test_what_one_device_puts_and_drags_the_other_has(person: Person, tv: ApiClient) -> None:
    put_all(tv)
    phone = person.on(PHONE)
    assert listed(phone) == FILMS
    moved = phone.must("PUT", f"/my-list/{FILMS[0]}", {"position": 2})
    assert moved["position"] == 2
    assert moved["title"] == "The Salt Cartographer"
    assert moved["leavesAt"] is None
    order = [FILMS[1], FILMS[2], FILMS[0], FILMS[3]]
    assert listed(tv) == listed(phone) == order
    assert tv.must("PUT", f"/my-list/{FILMS[0]}") == moved
    assert tv.must("PUT", f"/my-list/{FILMS[0]}", {}) == moved
    assert listed(phone) == order


def test_what_one_device_takes_out_the_other_is_told(person: Person, tv: ApiClient) -> None:
    put_all(tv)
    phone = person.on(PHONE)
    as_of = phone.must("GET", "/my-list")["asOf"]
    for _ in range(2):
        assert tv.call("DELETE", f"/my-list/{FILMS[1]}").status == 204
    told = phone.must("GET", f"/my-list?changedSince={quote(as_of)}")
    assert [item["videoId"] for item in told["items"]] == [FILMS[0], *FILMS[2:]]
    assert [removal["videoId"] for removal in told["removed"]] == [FILMS[1]]
    assert told["removed"][0]["removedAt"] > as_of
    tv.must("PUT", f"/my-list/{FILMS[1]}", {"position": 1})
    told = phone.must("GET", f"/my-list?changedSince={quote(as_of)}")
    assert ([item["videoId"] for item in told["items"]], told["removed"]) == (FILMS, [])
    later = quote(instant(2_000_000_000))
    assert phone.must("GET", f"/my-list?changedSince={later}")["removed"] == []


def test_the_list_comes_in_pages(people: People, tv: ApiClient) -> None:
    put_all(tv)
    first = tv.must("GET", "/my-list?limit=3")
    cursor = quote(first["nextCursor"])
    second = tv.must("GET", f"/my-list?limit=3&cursor={cursor}")
    items = first["items"] + second["items"]
    assert [item["videoId"] for item in items] == FILMS
    assert [item["position"] for item in items] == [0, 1, 2, 3]
    assert second["nextCursor"] is None
    other = people.someone().on(TV)
    assert other.call("GET", f"/my-list?cursor={cursor}").wrong_fields == ["cursor"]
    assert tv.call("GET", f"/history?cursor={cursor}").wrong_fields == ["cursor"]


def test_devices_that_drag_at_once_converge(person: Person, tv: ApiClient) -> None:
    put_all(tv)
    phone = person.on(PHONE)

    def drag(device: ApiClient, film: str, positions: list[int]) -> None:
        for position in positions:
            device.must("PUT", f"/my-list/{film}", {"position": position})

    with ThreadPoolExecutor(2) as pool:
        drags = [
            pool.submit(drag, tv, FILMS[0], [3, 0, 2, 1]),
            pool.submit(drag, phone, FILMS[3], [0, 3, 1, 0]),
        ]
    for each in drags:
        each.result()
    assert listed(tv) == listed(phone)
    assert sorted(listed(tv)) == sorted(FILMS)


def test_titles_that_are_refused_leave_the_list_and_come_back(people: People) -> None:
    person = people.someone(profiles=({"maturityLevel": 5}, {"maturityLevel": 2}))
    adult, limited = person.on(TV), person.on(PHONE, profile=1)
    adult.must("PUT", f"/my-list/{MATURE}")
    refused = limited.call("PUT", f"/my-list/{MATURE}")
    assert (refused.status, refused.json["reason"]) == (403, "maturity")
    away = adult.call("PUT", f"/my-list/{NOT_HERE}")
    assert (away.status, away.json["reason"]) == (403, "region")
    assert listed(adult) == [MATURE]
    assert listed(limited) == []


def test_lists_belong_to_profiles(people: People) -> None:
    person = people.someone(profiles=({}, {}))
    first, second = person.on(TV), person.on(PHONE, profile=1)
    put_all(first)
    assert listed(second) == []
    assert second.call("DELETE", f"/my-list/{FILMS[0]}").status == 204
    assert listed(first) == FILMS


def test_unknown_titles_are_not_found_and_bad_requests_named(tv: ApiClient) -> None:
    unknown = "/my-list/00000000-0000-4000-8000-000000000000"
    assert tv.call("PUT", unknown).kind == "not-found"
    assert tv.call("DELETE", unknown).status == 204
    assert tv.call("PUT", f"/my-list/{FILMS[0]}", {"position": -1}).wrong_fields == ["position"]
    answer = tv.call("GET", "/my-list?limit=51&changedSince=now&cursor=x&sort=title")
    assert answer.status == 400
    assert set(answer.wrong_fields) == {"limit", "changedSince", "cursor", "sort"}
