"""What a player did offline, replayed in one request over HTTP."""

import time

import pytest

from reprise_local.seeding import title_id
from tests.e2e.api_client import PHONE, TABLET, TV, ApiClient, Json, Player
from tests.e2e.cloud import Durable, Live
from tests.e2e.people import Person

pytestmark = pytest.mark.cloud

MINUTE = 60.0
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def send(client: ApiClient, reports: list[Json]) -> list[Json]:
    answer = client.must("POST", "/stream/progress/batch", {"reports": reports})
    assert answer["nextReportSeconds"] == 30
    results: list[Json] = answer["results"]
    return results


def test_two_hundred_reports_are_answered_in_their_order_and_durable(
    tv: ApiClient, film: str, durable: Durable
) -> None:
    player = Player(tv, film, at=time.time() - 200 * MINUTE).act("start", position=0.0)
    reports = []
    for _ in range(200):
        assert player.at is not None
        player.at += MINUTE
        reports.append(player.next(plays=30, intervals=[]))
    results = send(tv, reports)
    assert [result["moved"] for result in results] == [True] * 200
    assert [result["place"]["position"] for result in results[:3]] == [30.0, 60.0, 90.0]
    assert results[-1]["place"]["rev"] == 200
    assert set(results[0]) == {"place", "moved", "reason"}
    durable.await_rev(results[-1]["place"], of=tv.profile_id, within=20.0)
    again = send(tv, reports)
    assert {(result["moved"], result["reason"]) for result in again} == {(False, "duplicate")}


def test_201_reports_are_one_too_many(tv: ApiClient, film: str, live: Live) -> None:
    player = Player(tv, film).act("start", position=500.0)
    reports = [player.next(intervals=[]) for _ in range(201)]
    answer = tv.call("POST", "/stream/progress/batch", {"reports": reports})
    assert (answer.status, answer.kind) == (400, "invalid-request")
    assert answer.wrong_fields == ["reports"]
    assert live.keys(tv.profile_id) == set()


def test_what_is_gone_or_not_allowed_is_answered_in_its_place_and_the_rest_is_applied(
    tv: ApiClient, film: str
) -> None:
    at = time.time() - 60 * MINUTE
    items = (film, UNKNOWN, title_id("the-last-open-window"), title_id("lanternfish"))
    reports = [
        Player(tv, item, at=at).act("start", position=900.0).next(plays=30) for item in items
    ]
    results = send(tv, reports)
    assert [result["reason"] for result in results] == [None, "unknown_item", "not_allowed", None]
    assert [result["moved"] for result in results] == [True, False, False, True]
    assert results[1]["place"] is None
    assert results[2]["place"] is None
    assert {item["videoId"] for item in tv.row()} == {film, title_id("lanternfish")}


def test_what_somebody_watched_since_stands_and_the_other_position_is_offered(
    person: Person, tv: ApiClient, film: str
) -> None:
    tablet = Player(person.on(TABLET), film, at=time.time() - 60 * MINUTE)
    offline = tablet.act("start", position=3600.0).next("stopped", plays=240)
    Player(tv, film).act("start", position=5000.0).plays(30)
    (result,) = send(tablet.api, [offline])
    assert (result["moved"], result["reason"]) == (False, "superseded")
    assert result["place"]["position"] == 5030.0
    assert result["place"]["device"] == TV
    other = result["other"]
    assert (other["position"], other["device"]) == (3840.0, TABLET)
    assert other["eventTime"][:19] == offline["eventTime"][:19]


def test_what_nobody_watched_since_moves_and_counts_from_when_it_happened(
    person: Person, tv: ApiClient, film: str
) -> None:
    tablet = Player(person.on(TABLET), film, at=time.time() - 60 * MINUTE)
    (result,) = send(tablet.api, [tablet.act("start", position=3600.0).next(plays=240)])
    assert result["moved"] is True
    later = Player(person.on(PHONE), film).act("resume", position=3840.0).plays(30)
    assert later["moved"] is True
    assert [item["resumePosition"] for item in tv.row()] == [3870.0]


def test_a_clock_a_year_ahead_poisons_nothing(person: Person, tv: ApiClient, film: str) -> None:
    tablet = Player(person.on(TABLET), film, at=time.time() + 365 * 86_400)
    (result,) = send(tablet.api, [tablet.act("start", position=3600.0).next(plays=240)])
    assert result["moved"] is True
    answer = Player(tv, film).act("resume", position=1000.0).plays(30)
    assert (answer["moved"], answer["place"]["position"]) == (True, 1030.0)
    (flown,) = send(tablet.api, [tablet.act("seek", position=2000.0).next(plays=60)])
    assert flown["moved"] is True


def test_one_malformed_report_refuses_the_whole_batch_and_stores_nothing(
    tv: ApiClient, film: str, live: Live
) -> None:
    player = Player(tv, film).act("start", position=500.0)
    reports = [player.next(plays=30) for _ in range(5)]
    reports[3] |= {"position": "far", "state": "asleep"}
    reports[4].pop("seq")
    answer = tv.call("POST", "/stream/progress/batch", {"reports": reports})
    assert (answer.status, answer.kind) == (400, "invalid-request")
    assert set(answer.wrong_fields) == {
        *("reports[3].position", "reports[3].state", "reports[4].seq"),
    }
    assert live.keys(tv.profile_id) == set()
