"""The continue-watching row over HTTP: what is in it, in which order, and what takes it out."""

import time

import pytest

from reprise_local.seeding import episode_id, title_id
from tests.e2e.api_client import PHONE, TV, ApiClient, Player
from tests.e2e.people import People, Person
from tests.harness.stack import DemoCatalog

pytestmark = pytest.mark.cloud

SEEN_WITHIN = 5.0
FILMS = (
    *("the-salt-cartographer", "eleven-minutes-to-harrow", "a-kite-for-oleander-street"),
    *("lanternfish", "the-quiet-ledger", "brass-monsoon", "grandmother-of-rivers"),
    *("velvet-static-live", "untitled-signal-project"),
)
SERIES = ("the-tidekeepers", "orbit-kitchen", "nine-winters-north")


def test_another_device_sees_where_the_television_stopped_within_five_seconds(
    person: Person, tv: ApiClient, film: str, figures: dict[str, list[float]]
) -> None:
    phone = person.on(PHONE)
    phone.row()
    player = Player(tv, film).act("start", position=1200.0)
    player.plays(34.5)
    began = time.monotonic()
    stopped = player.report("stopped", plays=5)
    (item,) = phone.row()
    took = time.monotonic() - began
    figures.setdefault("stop on one device to the row of another", []).append(took)
    assert took < SEEN_WITHIN
    assert item == {
        "videoId": film,
        "episodeId": None,
        "type": "film",
        "title": "The Salt Cartographer",
        "seriesTitle": None,
        "season": None,
        "episode": None,
        "resumePosition": 1239.5,
        "duration": 6420.0,
        "progressPercent": 19.3,
        "nextUp": False,
        "lastWatchedAt": stopped["place"]["changedAt"],
        "device": TV,
        "artworkUrl": item["artworkUrl"],
        "leavesAt": None,
    }
    assert item["artworkUrl"].startswith("/artwork/the-salt-cartographer/")


def test_somebody_new_has_an_empty_row(tv: ApiClient) -> None:
    assert tv.must("GET", "/continue-watching") == {"items": [], "stale": False}


def test_an_unchanged_row_is_304_for_who_knows_its_etag(tv: ApiClient, film: str) -> None:
    player = Player(tv, film).act("start", position=1200.0)
    player.plays(30)
    first = tv.call("GET", "/continue-watching")
    known = {"If-None-Match": first.headers["ETag"]}
    again = tv.call("GET", "/continue-watching", headers=known)
    assert (again.status, again.json) == (304, None)
    assert again.headers["ETag"] == first.headers["ETag"]
    player.plays(30)
    changed = tv.call("GET", "/continue-watching", headers=known)
    assert changed.status == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_the_row_has_ten_titles_newest_first(tv: ApiClient) -> None:
    for slug in FILMS:
        Player(tv, title_id(slug)).act("start", position=900.0).plays(30)
    for slug in SERIES:
        first = episode_id(slug, 1, 1)
        Player(tv, title_id(slug), episode_id=first).act("start", position=600.0).plays(30)
    shown = [item["videoId"] for item in tv.row()]
    watched = [title_id(slug) for slug in (*FILMS, *SERIES)]
    assert shown == watched[::-1][:10]


def test_a_title_watched_again_moves_to_the_front(tv: ApiClient) -> None:
    players = [Player(tv, title_id(slug)).act("start", position=900.0) for slug in FILMS[:3]]
    for player in players:
        player.plays(30)
    players[0].plays(30)
    assert [item["videoId"] for item in tv.row()] == [title_id(FILMS[i]) for i in (0, 2, 1)]


def test_what_was_barely_started_is_not_in_the_row(tv: ApiClient, film: str) -> None:
    Player(tv, film).act("start", position=0.0).plays(50)
    assert tv.row() == []


def test_a_series_is_one_entry_with_its_latest_episode(tv: ApiClient, catalog: DemoCatalog) -> None:
    for episode in (catalog.episodes[0], catalog.episodes[2]):
        Player(tv, catalog.series, episode_id=episode).act("start", position=900.0).plays(30)
    (item,) = tv.row()
    assert (item["type"], item["episodeId"]) == ("episode", catalog.episodes[2])
    assert (item["seriesTitle"], item["season"], item["episode"]) == ("The Tidekeepers", 1, 3)
    assert item["resumePosition"] == 930.0


def test_a_finished_episode_puts_the_next_one_in_the_row(
    tv: ApiClient, catalog: DemoCatalog
) -> None:
    watched = Player(tv, catalog.series, episode_id=catalog.episodes[0])
    assert watched.act("start", position=2550.0).plays(30)["place"]["completed"] is True
    (item,) = tv.row()
    assert (item["episodeId"], item["nextUp"]) == (catalog.episodes[1], True)
    assert (item["resumePosition"], item["progressPercent"]) == (0.0, 0.0)


def test_the_last_episode_of_a_season_leads_to_the_next_season_that_there_is(
    tv: ApiClient,
) -> None:
    slug = "the-understudy-files"  # its second season was never made
    last = episode_id(slug, 1, 3)
    Player(tv, title_id(slug), episode_id=last).act("start", position=2500.0).plays(30)
    (item,) = tv.row()
    assert (item["season"], item["episode"], item["nextUp"]) == (3, 1, True)


def test_the_last_aired_episode_and_a_finished_film_leave_the_row(tv: ApiClient, film: str) -> None:
    slug = "orbit-kitchen"  # its next episode airs in six days
    last = episode_id(slug, 2, 3)
    Player(tv, title_id(slug), episode_id=last).act("start", position=1440.0).plays(30)
    Player(tv, film).act("start", position=6050.0).plays(30)
    assert tv.row() == []


def test_hiding_takes_a_title_out_until_it_is_watched_again(tv: ApiClient, film: str) -> None:
    player = Player(tv, film).act("start", position=1200.0)
    player.plays(30)
    assert tv.call("DELETE", f"/continue-watching/{film}").status == 204
    assert tv.row() == []
    kept = player.plays(30)["place"]
    assert (kept["hidden"], kept["position"]) == (True, 1260.0)
    assert tv.row() == []
    again = player.act("resume", position=1260.0).plays(10)["place"]
    assert again["hidden"] is False
    assert [item["resumePosition"] for item in tv.row()] == [1270.0]


def test_a_series_is_hidden_as_a_whole_and_its_history_stays(
    tv: ApiClient, catalog: DemoCatalog
) -> None:
    for episode in catalog.episodes[:2]:
        Player(tv, catalog.series, episode_id=episode).act("start", position=900.0).plays(30)
    tv.must("DELETE", f"/continue-watching/{catalog.series}")
    assert tv.row() == []
    assert len(tv.history()) == 2


def test_hiding_what_was_never_watched_changes_nothing_and_the_unknown_is_404(
    tv: ApiClient, film: str
) -> None:
    assert tv.call("DELETE", f"/continue-watching/{film}").status == 204
    unknown = tv.call("DELETE", "/continue-watching/00000000-0000-4000-8000-000000000000")
    assert (unknown.status, unknown.kind) == (404, "not-found")


def test_a_kids_profile_is_refused_what_the_family_watches_and_never_sees_it(
    people: People, film: str
) -> None:
    family = people.someone(profiles=({}, {"kids": True, "maturityLevel": 2}))
    child = family.on(TV, profile=1)
    body = Player(child, title_id("brass-monsoon")).act("start", position=900.0).next(plays=30)
    answer = child.call("POST", "/stream/progress", body)
    assert (answer.status, answer.kind, answer.json["reason"]) == (403, "forbidden", "kids")
    assert child.history() == []
    Player(child, film).act("start", position=900.0).plays(30)
    assert [item["videoId"] for item in child.row()] == [film]
    assert family.on(PHONE).row() == []
