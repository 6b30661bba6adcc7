"""What a viewing leaves behind: preferences counted once, and how well it played, over HTTP."""

import json
import time
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.e2e.api_client import PHONE, ApiClient, Json, Player, instant
from tests.e2e.cloud import Aws, Durable, Live, eventually
from tests.e2e.people import People

pytestmark = pytest.mark.cloud

PATIENCE = 60.0
LIKED = "SELECT genre_id, completions, seconds FROM genre_preference WHERE profile_id = %s"
NOTED = "SELECT count(*) FROM completion WHERE profile_id = %s"
GENRES = "SELECT genre_id FROM title_genre WHERE title_id = %s"


def rows(dsn: str, query: str, of: str) -> Sequence[Any]:
    with psycopg.connect(dsn, prepare_threshold=None) as connection:
        return connection.execute(query, [of]).fetchall()


def watch_to_the_end(client: ApiClient, film: str) -> Json:
    player = Player(client, film).act("start", position=6000.0)
    player.plays(30)
    place: Json = player.report("stopped", plays=120)["place"]
    assert place["completed"] is True
    return place


def quality(film: str, **facts: Any) -> Json:
    told = {"playbackId": str(uuid4()), "videoId": film, "eventTime": instant()}
    return told | facts


def test_what_was_watched_to_the_end_counts_once_for_each_genre(
    tv: ApiClient, film: str, durable: Durable, postgres_dsn: str, aws: Aws
) -> None:
    began = time.time()
    place = watch_to_the_end(tv, film)
    durable.await_rev(place, of=tv.profile_id, within=PATIENCE)
    liked = eventually(
        lambda: rows(postgres_dsn, LIKED, tv.profile_id),
        within=PATIENCE,
        otherwise="nobody noted the completion",
    )
    genres = {genre for (genre,) in rows(postgres_dsn, GENRES, film)}
    assert {genre for genre, _, _ in liked} == genres
    assert {(count, seconds) for _, count, seconds in liked} == {(1, place["duration"])}
    (event,) = (each for each in aws.events(tv.profile_id) if each["completedViewings"])
    aws.client("sqs").send_message(
        QueueUrl=aws.outputs["CompletionQueueUrl"], MessageBody=json.dumps(event)
    )
    eventually(
        lambda: aws.records(
            "NoteCompletionsFunction", since=began, profileId=tv.profile_id, noted=0
        ),
        within=PATIENCE,
        otherwise="the repeated event is not consumed",
    )
    assert rows(postgres_dsn, LIKED, tv.profile_id) == liked


def test_more_reports_of_a_completed_viewing_complete_nothing_more(
    tv: ApiClient, film: str, durable: Durable, postgres_dsn: str, aws: Aws
) -> None:
    player = Player(tv, film).act("start", position=6000.0)
    player.plays(120)
    for _ in range(3):
        place = player.report("paused", plays=5)["place"]
        durable.await_rev(place, of=tv.profile_id, within=PATIENCE)
    eventually(
        lambda: rows(postgres_dsn, NOTED, tv.profile_id)[0][0],
        within=PATIENCE,
        otherwise="nobody noted the completion",
    )
    told = [start for each in aws.events(tv.profile_id) for start in each["completedViewings"]]
    assert len(told) == 1
    assert rows(postgres_dsn, NOTED, tv.profile_id) == [(1,)]


def test_a_message_that_is_no_event_ends_with_the_dead_letters_and_delays_nothing(
    tv: ApiClient, film: str, durable: Durable, postgres_dsn: str, aws: Aws
) -> None:
    began = time.time()
    aws.client("sqs").send_message(
        QueueUrl=aws.outputs["CompletionQueueUrl"], MessageBody="not an event"
    )
    place = watch_to_the_end(tv, film)
    durable.await_rev(place, of=tv.profile_id, within=PATIENCE)
    eventually(
        lambda: rows(postgres_dsn, LIKED, tv.profile_id),
        within=PATIENCE,
        otherwise="the message that is no event held the completion back",
    )
    eventually(
        lambda: aws.records("NoteCompletionsFunction", since=began, error="BadMessageError"),
        within=PATIENCE,
        otherwise="nobody said that the message is no event",
    )


def test_preferences_go_with_their_profile(
    people: People, film: str, durable: Durable, postgres_dsn: str
) -> None:
    person = people.someone(profiles=({}, {}))
    tv = person.on()
    place = watch_to_the_end(tv, film)
    durable.await_rev(place, of=tv.profile_id, within=PATIENCE)
    eventually(
        lambda: rows(postgres_dsn, LIKED, tv.profile_id),
        within=PATIENCE,
        otherwise="nobody noted the completion",
    )
    erased = tv.profile_id
    other = person.on(PHONE, profile=1)
    assert other.call("DELETE", f"/profiles/{erased}").status == 200
    assert rows(postgres_dsn, LIKED, erased) == []
    assert rows(postgres_dsn, NOTED, erased) == [(0,)]


def test_how_well_it_played_is_measured_by_network_and_by_the_title_that_was_begun(
    tv: ApiClient, playable_film: str, aws: Aws
) -> None:
    film, began = playable_film, time.time()
    playback = tv.must("GET", f"/stream/{film}/manifest")["playbackId"]
    told = quality(film, startupMs=840, rebufferCount=1, rebufferMs=1200, network="wifi")
    told["playbackId"] = playback
    answer = tv.call("POST", "/analytics/playback", told)
    assert (answer.status, answer.json) == (202, None)
    (line,) = eventually(
        lambda: aws.records(
            "ReportPlaybackFunction", since=began, playbackId=told["playbackId"], videoId=film
        ),
        within=PATIENCE,
        otherwise="nothing was measured",
    )
    assert (line["StartupTime"], line["RebufferTime"], line["network"]) == (840, 1200, "wifi")
    assert (line["titleId"], line["joined"]) == (film, True)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Dimensions"] == [
        ["service", "route"],
        ["service", "route", "network"],
        ["service", "route", "titleId"],
        ["service", "route", "titleId", "network"],
    ]


def test_every_wrong_field_of_what_a_player_tells_is_named_at_once(
    tv: ApiClient, film: str
) -> None:
    wrong: Json = {"startupMs": -1, "bitrateKbps": "5800", "network": "5g", "surprise": 1}
    answer = tv.call("POST", "/analytics/playback", quality(film, **wrong))
    assert answer.status == 400
    assert sorted(answer.wrong_fields) == sorted(wrong)


def test_a_session_that_was_ended_is_not_heard(tv: ApiClient, film: str, live: Live) -> None:
    live.sign_out(tv.profile_id, tv.session_id)
    assert tv.call("POST", "/analytics/playback", quality(film)).status == 401
