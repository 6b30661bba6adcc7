"""Manifests, grants and screens, field by field as on the wire."""

import base64
import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from reprise.domain.catalog import Item, Title, Window
from reprise.domain.grants import holder_of
from reprise.domain.identity import Viewer
from reprise.edge.observability import NAMESPACE
from tests.builders import ADULT, PHONE, make_film, make_report, make_viewer
from tests.harness.functions import MEDIA_URL, NOW, Answer, World

FILM = "/stream/{id}/manifest"
EPISODE = "/stream/{id}/episodes/{episodeId}/manifest"
INSTANT = "2026-11-18T11:06:40.000000Z"
HOUR_LATER, HALF_AN_HOUR_LATER = "2026-11-18T12:06:40.000000Z", "2026-11-18T11:36:40.000000Z"


def film_with_markers() -> Title:
    film = make_film()
    item = replace(film.items[0], intro_start=30.0, intro_end=90.0, credits_start=5230.0)
    return replace(film, items=(item,))


@pytest.fixture
def world() -> World:
    return World(film=film_with_markers())


def play(world: World, viewer: Viewer | None = None, **parts: Any) -> Answer:
    who = viewer or world.viewer
    headers = {"Authorization": f"Bearer {world.token(who)}"} | parts.pop("headers", {})
    event = world.event("GET", FILM, path={"id": world.film.id}, headers=headers, **parts)
    return world.request("stream/play_film", event)


def play_episode(world: World, item: Item) -> Answer:
    path = {"id": world.series.id, "episodeId": item.id}
    return world.request("stream/play_episode", world.event("GET", EPISODE, path=path))


def go_on(world: World, what: str, playback_id: str, viewer: Viewer | None = None) -> Answer:
    folder = {"refresh": "stream/refresh_grant", "takeover": "stream/take_over_screen"}[what]
    headers = {"Authorization": f"Bearer {world.token(viewer or world.viewer)}"}
    path = {"id": playback_id}
    event = world.event("POST", f"/stream/{{id}}/{what}", path=path, headers=headers)
    return world.request(folder, event)


def counted(answer: Answer) -> dict[str, Any]:
    """Return what the request's own line in the log says."""
    (line,) = [line for line in answer.lines if line.get("message") == "request"]
    assert line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == NAMESPACE
    return line


def on_plan(world: World, plan: str, *, of: Viewer | None = None) -> Viewer:
    viewer = make_viewer(policy=replace(ADULT, plan=plan))
    if of is not None:
        viewer = replace(of, session_id=viewer.session_id)
    world.sign_in(viewer, device=PHONE)
    return viewer


def test_a_manifest_has_everything_that_a_player_needs(world: World) -> None:
    answer = play(world)
    body, film = answer.body, world.film.id
    folder = f"{MEDIA_URL}/{holder_of(world.viewer.session_id)}/{film}/{film}/0123456789abcdef"
    query = body["grant"]["query"]
    assert answer.status == 200
    assert body["grant"]["cookies"] == {
        f"CloudFront-{name}": values[0] for name, values in parse_qs(query).items()
    }
    playback_id = body["playbackId"]
    (lease,) = world.leases.holders(account_id=world.viewer.account_id)
    assert lease.playback_id == playback_id
    assert {k: v for k, v in body.items() if k not in {"qualities", "playbackId"}} == {
        "videoId": film,
        "episodeId": None,
        "title": "The Quiet Harbour",
        "duration": 5400.0,
        "resumePosition": 0.0,
        "resumeKnown": True,
        "markers": {"introStart": 30.0, "introEnd": 90.0, "creditsStart": 5230.0},
        "segmentDuration": 4,
        "manifestUrl": f"{folder}/premium.m3u8?{query}",
        "storyboardUrl": f"{folder}/storyboard/storyboard.vtt?{query}",
        "subtitles": [{"language": "en", "url": f"{folder}/subtitles-en/cues.vtt?{query}"}],
        "grant": {
            "query": query,
            "cookies": body["grant"]["cookies"],
            "expiresAt": HOUR_LATER,
            "refreshAt": HALF_AN_HOUR_LATER,
        },
        "next": None,
        "experiments": {},
        "generatedAt": INSTANT,
    }
    assert body["qualities"][1] == {
        "quality": "1080p",
        "bitrate": 5_800_000,
        "width": 1920,
        "height": 1080,
        "url": f"{folder}/1080p/index.m3u8?{query}",
    }
    assert counted(answer)["playbackId"] == playback_id
    assert "LeaseSkipped" not in counted(answer)


def test_a_title_without_a_storyboard_says_so(world: World) -> None:
    media = world.publications.media(item_id=world.film.id)
    assert media is not None
    world.publications.put(media=replace(media, storyboard=None, subtitles=()))
    body = play(world).body
    assert (body["storyboardUrl"], body["subtitles"]) == (None, [])


def test_an_episode_names_the_next(world: World) -> None:
    first, second = world.series.items[:2]
    body = play_episode(world, first).body
    assert (body["videoId"], body["episodeId"]) == (world.series.id, first.id)
    assert body["next"] == {"videoId": world.series.id, "episodeId": second.id}
    assert body["markers"] == {"introStart": None, "introEnd": None, "creditsStart": None}


@pytest.mark.parametrize(
    ("plan", "qualities"),
    [
        ("basic", ["720p", "480p", "360p", "288p", "240p", "144p"]),
        ("standard", ["1080p", "720p", "480p", "360p", "288p", "240p", "144p"]),
        ("premium", ["4k", "1080p", "720p", "480p", "360p", "288p", "240p", "144p"]),
    ],
)
def test_a_plan_gets_its_qualities_and_its_master_playlist(
    world: World, plan: str, qualities: list[str]
) -> None:
    body = play(world, on_plan(world, plan)).body
    assert [each["quality"] for each in body["qualities"]] == qualities
    assert urlsplit(body["manifestUrl"]).path.endswith(f"/{plan}.m3u8")


def test_a_missing_rendition_is_left_out_and_counted(world: World) -> None:
    world.publish(world.film, qualities=("1080p", "360p", "288p", "240p", "144p"))
    answer = play(world)
    assert [each["quality"] for each in answer.body["qualities"]][:2] == ["1080p", "360p"]
    line = counted(answer)
    assert (line["RenditionsMissing"], line["missing"]) == (2, ["720p", "480p"])


def test_it_resumes_where_a_report_left_the_place(world: World) -> None:
    report = make_report(video_id=world.film.id, position=1234.5)
    facts = world.film.items[0].facts
    world.live.record(
        viewer=world.viewer, reports=[(report, facts)], durable={report.item_id: None}
    )
    assert play(world).body["resumePosition"] == 1234.5


def test_a_player_that_knows_the_manifest_keeps_its_playback(world: World) -> None:
    first = play(world)
    again = play(world, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body, again.headers["ETag"]) == (304, None, first.headers["ETag"])
    (lease,) = world.leases.holders(account_id=world.viewer.account_id)
    assert lease.playback_id == first.body["playbackId"]
    for answer in (first, again):
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("change", ["position", "plan", "media"])
def test_the_tag_changes_with_what_a_manifest_says(world: World, change: str) -> None:
    known = {"If-None-Match": play(world).headers["ETag"]}
    assert play(world, headers=known).status == 304
    if change == "position":
        report = make_report(video_id=world.film.id, position=1234.5)
        facts, none = world.film.items[0].facts, {world.film.id: None}
        world.live.record(viewer=world.viewer, reports=[(report, facts)], durable=none)
    elif change == "plan":
        world.live.sign_in(world.viewer, policy=replace(ADULT, plan="basic"))
    else:
        world.publish(world.film, qualities=("144p",))
    assert play(world, headers=known).status == 200


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"windows": (Window("GB", 0, None),)}, "region"),
        ({"plans": ("basic",)}, "plan"),
        ({"maturity_level": 5}, "maturity"),
    ],
)
def test_the_policy_refuses_with_a_reason_to_show(
    world: World, change: dict[str, Any], reason: str
) -> None:
    world.live.sign_in(world.viewer, policy=replace(ADULT, maturity_level=4))
    world.catalog.known[world.film.id] = replace(world.film, **change)
    answer = play(world)
    assert (answer.status, answer.body["reason"]) == (403, reason)
    assert "screens" not in answer.body


def test_a_kid_is_refused_as_a_kid(world: World) -> None:
    world.live.sign_in(world.viewer, policy=replace(ADULT, maturity_level=2, kids=True))
    world.catalog.known[world.film.id] = replace(world.film, maturity_level=3)
    assert play(world).body["reason"] == "kids"


def test_a_full_account_is_told_who_plays_and_takes_over(world: World) -> None:
    tv = on_plan(world, "basic")
    world.live.sign_in(tv)
    phone = on_plan(world, "basic", of=tv)
    held = play(world, tv).body
    refused = play(world, phone)
    assert (refused.status, refused.body["type"], refused.body["reason"]) == (
        403,
        "/problems/forbidden",
        "screens",
    )
    assert refused.body["screens"] == [
        {
            "playbackId": held["playbackId"],
            "device": {"id": "tv-1", "type": "tv", "name": "Living room"},
            "title": "The Quiet Harbour",
            "since": INSTANT,
        }
    ]
    taken = go_on(world, "takeover", held["playbackId"], phone)
    assert (taken.status, taken.body) == (204, None)
    started = play(world, phone)
    assert started.status == 200
    lost = go_on(world, "refresh", held["playbackId"], tv)
    (holder,) = lost.body["screens"]
    assert (lost.status, holder["playbackId"]) == (403, started.body["playbackId"])


def test_taking_over_leaves_the_other_place_alone(world: World) -> None:
    tv = on_plan(world, "basic")
    phone = replace(on_plan(world, "basic", of=tv), profile_id="another-profile")
    world.live.sign_in(phone, device=PHONE)
    held = play(world, tv).body["playbackId"]
    report = make_report(video_id=world.film.id, position=700.0, playback_id=held)
    facts, none = world.film.items[0].facts, {world.film.id: None}
    world.live.record(viewer=tv, reports=[(report, facts)], durable=none)
    assert go_on(world, "takeover", held, phone).status == 204
    assert play(world, phone).body["resumePosition"] == 0.0
    world.live.acknowledge(tv.profile_id)
    world.leases.free(account_id=tv.account_id, playback_id=play(world, phone).body["playbackId"])
    assert play(world, tv).body["resumePosition"] == 700.0


def test_a_grant_is_refreshed_after_a_day(world: World) -> None:
    playback_id = play(world).body["playbackId"]
    world.now += 86_400
    answer = go_on(world, "refresh", playback_id)
    assert answer.status == 200
    assert list(answer.body) == ["grant"]
    assert answer.body["grant"]["expiresAt"] == "2026-11-19T12:06:40.000000Z"
    (lease,) = world.leases.holders(account_id=world.viewer.account_id)
    assert lease.playback_id == playback_id


def test_a_revoked_session_is_refused_at_its_next_refresh(world: World) -> None:
    playback_id = play(world).body["playbackId"]
    world.live.revoke(world.viewer)
    for what in ("refresh", "takeover"):
        assert go_on(world, what, playback_id).status == 401
    assert play(world).status == 401


def test_anothers_playback_is_unknown(world: World) -> None:
    playback_id = play(world).body["playbackId"]
    stranger = on_plan(world, "premium")
    for what in ("refresh", "takeover"):
        assert go_on(world, what, playback_id, stranger).status == 404


def test_while_redis_is_away_a_payer_plays(world: World) -> None:
    world.live.down = world.leases.down = True
    answer = play(world)
    line = counted(answer)
    assert (answer.status, line["LeaseSkipped"], line["ResumeUnknown"]) == (200, 1, 1)
    assert answer.body["resumeKnown"] is False
    world.live.down = False
    assert counted(go_on(world, "refresh", play(world).body["playbackId"]))["LeaseSkipped"] == 1


@pytest.mark.parametrize("store", ["catalog", "publications"])
def test_a_store_that_is_away_asks_for_patience(world: World, store: str) -> None:
    getattr(world, store).down = True
    answer = play(world)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert world.leases.holders(account_id=world.viewer.account_id) == ()


def test_a_grant_waits_for_redis(world: World) -> None:
    playback_id = play(world).body["playbackId"]
    world.live.down = True
    for what in ("refresh", "takeover"):
        assert go_on(world, what, playback_id).status == 503


def signed(answer: Answer) -> dict[str, Any]:
    """Return the statement that an answer's grant proves."""
    query = parse_qs(answer.body["grant"]["query"])
    text = query["Policy"][0].translate(str.maketrans("-_~", "+=/"))
    (statement,) = json.loads(base64.b64decode(text))["Statement"]
    found: dict[str, Any] = statement
    return found


def test_what_is_signed_is_the_title_alone_for_the_session_alone(world: World) -> None:
    assert signed(play(world)) == {
        "Resource": f"{MEDIA_URL}/{holder_of(world.viewer.session_id)}/{world.film.id}/*",
        "Condition": {"DateLessThan": {"AWS:EpochTime": NOW + 3600}},
    }


def test_the_urls_of_a_playback_stay_good_when_another_session_refreshes_it(world: World) -> None:
    first = play(world)
    phone = on_plan(world, "premium", of=world.viewer)
    refreshed = go_on(world, "refresh", first.body["playbackId"], phone)
    assert signed(refreshed)["Resource"] == signed(first)["Resource"]
    assert first.body["manifestUrl"].startswith(signed(first)["Resource"].removesuffix("*"))


def test_another_session_gets_urls_of_its_own(world: World) -> None:
    first = play(world)
    phone = on_plan(world, "premium", of=world.viewer)
    answer = play(world, phone, headers={"If-None-Match": first.headers["ETag"]})
    assert answer.status == 200
    assert signed(answer)["Resource"] != signed(first)["Resource"]
