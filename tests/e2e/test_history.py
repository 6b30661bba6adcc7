"""The history over HTTP: viewings with what moved or refused each place, page by page."""

from urllib.parse import quote

import pytest

from reprise_local.seeding import episode_id, title_id
from tests.e2e.api_client import PHONE, TV, ApiClient, Player
from tests.e2e.cloud import Durable, microseconds
from tests.e2e.people import People, Person

pytestmark = pytest.mark.cloud


def test_an_entry_says_who_moved_the_place_and_why_others_did_not(
    person: Person, tv: ApiClient, film: str
) -> None:
    television = Player(tv, film).act("start", position=1200.0)
    television.plays(30)
    phone = Player(person.on(PHONE), film).act("resume", position=1230.0)
    phone.plays(5)
    phone.plays(5)
    last = television.report("paused")["place"]
    (entry,) = tv.history()
    changes = entry.pop("changes")
    assert entry == {
        "videoId": film,
        "episodeId": None,
        "title": "The Salt Cartographer",
        "startedAt": entry["startedAt"],
        "lastWatchedAt": entry["lastWatchedAt"],
        "position": 1240.0,
        "duration": 6420.0,
        "completed": False,
        "device": PHONE,
    }
    assert microseconds(entry["startedAt"]) <= microseconds(entry["lastWatchedAt"])
    # What Cassandra keeps of an instant is its milliseconds.
    assert entry["lastWatchedAt"][:23] == last["changedAt"][:23]
    assert [(change["rule"], change["moved"], change["device"]) for change in changes] == [
        ("first", True, TV),
        ("too_brief", False, PHONE),
        ("took_over", True, PHONE),
        ("act_spent", False, TV),
    ]
    assert set(changes[0]) == {"at", "position", "device", "moved", "rule"}
    assert [change["position"] for change in changes] == [1230.0, 1235.0, 1240.0, 1230.0]


def test_pages_follow_each_other_without_a_gap_or_a_double(tv: ApiClient, durable: Durable) -> None:
    numbers = range(1, 7)
    episodes = [episode_id("the-tidekeepers", 1, number) for number in numbers]
    series = title_id("the-tidekeepers")
    for number, episode in enumerate(episodes):
        player = Player(tv, series, episode_id=episode).act("start", position=900.0)
        state = "stopped" if number % 2 else "playing"
        place = player.report(state, plays=30)["place"]
        if state == "stopped":  # half of them are durable, half only live
            durable.await_rev(place, of=tv.profile_id, within=20.0)
    seen: list[str] = []
    query = "?limit=2"
    for _ in range(4):
        page = tv.must("GET", f"/history{query}")
        seen += [item["episodeId"] for item in page["items"]]
        if page["nextCursor"] is None:
            break
        query = f"?limit=2&cursor={quote(page['nextCursor'])}"
    assert seen == episodes[::-1]


def test_a_cursor_is_worth_nothing_to_others_nor_when_it_was_touched(
    people: People, tv: ApiClient, film: str
) -> None:
    for slug in ("the-salt-cartographer", "lanternfish"):
        Player(tv, title_id(slug)).act("start", position=1000.0).plays(30)
    cursor = tv.must("GET", "/history?limit=1")["nextCursor"]
    assert cursor is not None
    other = people.someone().on(TV)
    forged = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    for client, value in ((other, cursor), (tv, forged), (tv, cursor[:-3]), (tv, "null")):
        answer = client.call("GET", f"/history?cursor={quote(value)}")
        assert (answer.status, answer.kind) == (400, "invalid-request")
        assert answer.wrong_fields == ["cursor"]


@pytest.mark.parametrize("limit", ["0", "-1", "51", "1e9", "5.5", "", "ten", "1&limit=2"])
def test_a_limit_out_of_bounds_is_named(tv: ApiClient, limit: str) -> None:
    answer = tv.call("GET", f"/history?limit={limit}")
    assert (answer.status, answer.kind) == (400, "invalid-request")
    assert answer.wrong_fields == ["limit"]


def test_an_unknown_parameter_is_named(tv: ApiClient) -> None:
    answer = tv.call("GET", "/history?profileId=x&limit=0")
    assert answer.status == 400
    assert set(answer.wrong_fields) == {"profileId", "limit"}
