"""Reports over HTTP: the answer's exact form, and the rules that a client can see."""

from datetime import UTC, datetime, timedelta

import pytest

from reprise_local.seeding import title_id
from tests.e2e.api_client import PHONE, TABLET, TV, ApiClient, Player
from tests.e2e.people import People, Person
from tests.harness.stack import DemoCatalog

pytestmark = pytest.mark.cloud


def test_the_answer_to_a_report_is_the_contracts_field_by_field(tv: ApiClient, film: str) -> None:
    player = Player(tv, film).act("start", position=1200.0)
    before = datetime.now(UTC)
    answer = player.report(plays=34.5)
    place = answer["place"]
    changed_at = datetime.fromisoformat(place.pop("changedAt"))
    assert abs(changed_at - before) < timedelta(seconds=60)
    assert answer == {
        "place": {
            "videoId": film,
            "episodeId": None,
            "position": 1234.5,
            "duration": 6420.0,
            "state": "playing",
            "completed": False,
            "hidden": False,
            "rev": 1,
            "playbackId": player.playback_id,
            "device": TV,
        },
        "moved": True,
        "reason": None,
        "nextReportSeconds": 30,
    }


def test_instants_are_utc_with_microseconds(tv: ApiClient, film: str) -> None:
    place = Player(tv, film).act("start", position=700.0).plays(30)["place"]
    assert len(place["changedAt"]) == len("2026-11-21T20:15:00.123456Z")
    assert place["changedAt"].endswith("Z")


def test_an_episode_is_reported_by_its_series_and_its_own_id(
    tv: ApiClient, catalog: DemoCatalog
) -> None:
    player = Player(tv, catalog.series, episode_id=catalog.episodes[1]).act("start", position=0.0)
    place = player.plays(300)["place"]
    assert (place["videoId"], place["episodeId"]) == (catalog.series, catalog.episodes[1])
    assert place["duration"] == 2640.0


def test_a_report_sent_twice_is_a_duplicate_and_so_is_an_older_one(
    tv: ApiClient, film: str
) -> None:
    player = Player(tv, film).act("start", position=1000.0)
    first = player.next(plays=30)
    second = player.next(plays=30)
    tv.must("POST", "/stream/progress", second)
    standing = tv.must("POST", "/stream/progress", second)
    late = tv.must("POST", "/stream/progress", first)
    for answer in (standing, late):
        assert (answer["moved"], answer["reason"]) == (False, "duplicate")
        assert answer["place"]["position"] == 1060.0
        assert answer["place"]["rev"] == 1


def test_the_owner_may_seek_back(tv: ApiClient, film: str) -> None:
    player = Player(tv, film).act("start", position=3000.0)
    player.plays(30)
    answer = player.act("seek", position=100.0).report()
    assert (answer["moved"], answer["place"]["position"]) == (True, 100.0)


def test_a_phone_takes_the_place_ten_seconds_after_it_is_picked_up(
    person: Person, tv: ApiClient, film: str
) -> None:
    television = Player(tv, film).act("start", position=2000.0)
    television.plays(30)
    phone = Player(person.on(PHONE), film).act("resume", position=1500.0)
    early = phone.plays(9)
    assert (early["moved"], early["reason"]) == (False, "too_brief")
    assert early["place"]["position"] == 2030.0
    assert early["place"]["device"] == TV
    taken = phone.plays(1)
    assert (taken["moved"], taken["place"]["device"]) == (True, PHONE)


def test_a_paused_television_never_takes_the_place_back(
    person: Person, tv: ApiClient, film: str
) -> None:
    television = Player(tv, film).act("start", position=2000.0)
    television.plays(30)
    television.report("paused")
    phone = Player(person.on(PHONE), film).act("resume", position=2030.0)
    phone.plays(20)
    for state in ("paused", "paused", "stopped"):
        answer = television.report(state)
        assert (answer["moved"], answer["reason"]) == (False, "act_spent")
        assert answer["place"]["position"] == 2050.0


def test_a_glance_at_the_start_does_not_wipe_seven_hours_but_a_restart_does(
    person: Person, tv: ApiClient, film: str
) -> None:
    Player(tv, film).act("start", position=5000.0).plays(30)
    phone = Player(person.on(PHONE), film).act("start", position=0.0)
    glance = phone.plays(15)
    assert (glance["moved"], glance["reason"]) == (False, "near_start")
    assert glance["place"]["position"] == 5030.0
    meant = phone.act("restart", position=0.0).plays(10)
    assert (meant["moved"], meant["place"]["position"]) == (True, 10.0)


def test_a_minute_really_played_from_the_start_is_meant(
    person: Person, tv: ApiClient, film: str
) -> None:
    Player(tv, film).act("start", position=5000.0).plays(30)
    answer = Player(person.on(PHONE), film).act("start", position=0.0).plays(60)
    assert (answer["moved"], answer["place"]["position"]) == (True, 60.0)


def test_a_position_past_the_end_is_the_end_and_completes(tv: ApiClient, film: str) -> None:
    place = Player(tv, film).act("start", position=100_000.0).report()["place"]
    assert (place["position"], place["completed"]) == (6420.0, True)


def test_a_rewatch_after_completion_is_a_new_viewing(tv: ApiClient, film: str) -> None:
    player = Player(tv, film).act("start", position=6000.0)
    assert player.plays(60)["place"]["completed"] is True
    again = player.act("restart", position=0.0).plays(400)
    assert again["place"]["completed"] is False
    viewings = tv.history()
    assert [viewing["completed"] for viewing in viewings] == [False, True]


def test_unknown_titles_and_episodes_are_404_and_store_nothing(
    tv: ApiClient, film: str, catalog: DemoCatalog
) -> None:
    wrong = [
        Player(tv, "00000000-0000-4000-8000-000000000000"),
        Player(tv, "no-such-title"),
        Player(tv, film, episode_id=catalog.episodes[0]),
        Player(tv, catalog.series),
        Player(tv, catalog.series, episode_id=film),
    ]
    for player in wrong:
        body = player.act("start", position=500.0).next(plays=30)
        answer = tv.call("POST", "/stream/progress", body)
        assert (answer.status, answer.kind) == (404, "not-found")
    assert tv.history() == []


@pytest.mark.parametrize(
    ("slug", "reason"),
    [
        ("the-last-open-window", "region"),
        ("midwinter-foxes", "region"),
        ("velvet-static-live", "plan"),
    ],
)
def test_what_the_policy_forbids_is_403_with_its_reason(
    people: People, slug: str, reason: str
) -> None:
    device = people.someone(plan="basic", region="US").on(TABLET)
    body = Player(device, title_id(slug)).act("start", position=500.0).next(plays=30)
    answer = device.call("POST", "/stream/progress", body)
    assert (answer.status, answer.kind, answer.json["reason"]) == (403, "forbidden", reason)
    assert device.history() == []
