"""How many screens a plan has, who keeps one, and what frees it, over HTTP."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from reprise.adapters.live_keys import ProfileKeys
from reprise.adapters.stream_leases_redis import lease_key
from tests.e2e.api_client import Answer, ApiClient, Json, Player
from tests.e2e.cloud import Live, eventually
from tests.e2e.people import People, Person

pytestmark = pytest.mark.cloud

STARTS = 20
LEASE_MS = 95_000


@pytest.fixture
def film(playable_film: str) -> str:
    """Only what is published takes a screen."""
    return playable_film


def device(number: int) -> Json:
    return {"id": f"tv-{number}", "type": "tv", "name": f"Room {number}"}


def press_play(client: ApiClient, film: str) -> Answer:
    return client.call("GET", f"/stream/{film}/manifest")


def playing(client: ApiClient, film: str) -> Player:
    """Press play, which has to succeed, and return the player of that playback."""
    answer = press_play(client, film)
    assert answer.status == 200, answer
    player = Player(client, film, playback_id=answer.json["playbackId"])
    return player.act("start", position=60.0)


def fall_silent(live: Live, person: Person, player: Player) -> None:
    """Do to Redis what 95 seconds without a report would."""
    key = lease_key(person.account_id)
    lease = json.loads(live.client.hget(key, player.playback_id))
    lease["at"] -= LEASE_MS
    live.client.hset(key, player.playback_id, json.dumps(lease))
    live.client.delete(ProfileKeys.of(player.api.profile_id).playing(player.playback_id))


@pytest.mark.parametrize(("plan", "screens"), [("basic", 1), ("standard", 2), ("premium", 4)])
def test_a_plan_has_its_screens_and_the_refusal_names_who_holds_them(
    people: People, film: str, plan: str, screens: int
) -> None:
    person = people.someone(plan=plan)
    players = [playing(person.on(device(number)), film) for number in range(screens)]
    refused = press_play(person.on(device(99)), film)
    assert (refused.status, refused.kind, refused.json["reason"]) == (403, "forbidden", "screens")
    assert {each["playbackId"] for each in refused.json["screens"]} == {
        player.playback_id for player in players
    }
    names = {each["device"]["name"] for each in refused.json["screens"]}
    assert names == {f"Room {number}" for number in range(screens)}


def test_profiles_of_one_account_share_its_screens(people: People, film: str) -> None:
    person = people.someone(plan="standard", profiles=({}, {}, {}))
    for profile in range(2):
        playing(person.on(device(profile), profile=profile), film)
    assert press_play(person.on(device(2), profile=2), film).json["reason"] == "screens"


def test_of_many_starts_at_once_exactly_the_plans_number_wins(
    people: People, film: str, live: Live
) -> None:
    person = people.someone(plan="standard")
    devices = [person.on(device(number)) for number in range(STARTS)]

    def at_once(title: str) -> list[int]:
        with ThreadPoolExecutor(STARTS) as pool:
            return [each.status for each in pool.map(lambda on: press_play(on, title), devices)]

    # Twenty environments that start together on two cores may take longer than Lambda lets one
    # start; what is raced for is the screens.
    unknown = str(uuid4())
    eventually(
        lambda: set(at_once(unknown)) == {404},
        within=120,
        otherwise="the environments never got warm",
    )
    statuses = at_once(film)
    assert (statuses.count(200), statuses.count(403)) == (2, STARTS - 2), statuses
    assert live.client.hlen(lease_key(person.account_id)) == 2


def test_a_stop_frees_the_screen_at_once(people: People, film: str) -> None:
    person = people.someone(plan="basic")
    player, phone = playing(person.on(device(1)), film), person.on(device(2))
    player.report("playing", plays=30)
    assert press_play(phone, film).status == 403
    player.report("stopped", plays=5)
    assert press_play(phone, film).status == 200


def test_three_missed_reports_free_the_screen(people: People, film: str, live: Live) -> None:
    person = people.someone(plan="basic")
    player, phone = playing(person.on(device(1)), film), person.on(device(2))
    player.report("playing", plays=30)
    said = ProfileKeys.of(person.profile_id).playing(player.playback_id)
    assert LEASE_MS - 20_000 < live.client.pttl(said) <= LEASE_MS
    fall_silent(live, person, player)
    assert press_play(phone, film).status == 200
    refused = player.api.call("POST", f"/stream/{player.playback_id}/refresh")
    assert (refused.status, refused.json["reason"]) == (403, "screens")


def test_who_reports_while_paused_keeps_the_screen(people: People, film: str, live: Live) -> None:
    person = people.someone(plan="basic")
    player = playing(person.on(device(1)), film)
    fall_silent(live, person, player)
    player.report("paused", plays=30)
    assert press_play(person.on(device(2)), film).json["reason"] == "screens"


def test_what_was_watched_off_line_keeps_no_screen(people: People, film: str, live: Live) -> None:
    person = people.someone(plan="basic")
    player = playing(person.on(device(1)), film)
    fall_silent(live, person, player)
    player.api.must("POST", "/stream/progress/batch", {"reports": [player.next(plays=30)]})
    assert press_play(person.on(device(2)), film).status == 200


def test_a_taken_over_screen_goes_on_at_the_same_second(people: People, film: str) -> None:
    person = people.someone(plan="basic")
    player, phone = playing(person.on(device(1)), film), person.on(device(2))
    place = player.report("playing", plays=30.5)["place"]
    refused = press_play(phone, film)
    (screen,) = refused.json["screens"]
    taken = phone.call("POST", f"/stream/{screen['playbackId']}/takeover")
    assert taken.status in {200, 204}, taken
    manifest: Any = phone.must("GET", f"/stream/{film}/manifest")
    assert manifest["resumePosition"] == place["position"] == 90.5
    ended = player.api.call("POST", f"/stream/{player.playback_id}/refresh")
    assert (ended.status, ended.json["reason"]) == (403, "screens")


def test_another_accounts_screen_can_not_be_taken_over(people: People, film: str) -> None:
    player = playing(people.someone(plan="basic").on(device(1)), film)
    stranger = people.someone(plan="basic").on(device(2))
    for playback_id in (player.playback_id, str(uuid4())):
        answer = stranger.call("POST", f"/stream/{playback_id}/takeover")
        assert (answer.status, answer.kind) == (404, "not-found")
    assert press_play(stranger, film).status == 200
