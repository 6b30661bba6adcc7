"""Pressing play: files come through the edge, for those who may and for as long as they may."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from reprise.adapters.grants_cloudfront import CloudFrontSigner
from reprise.domain.grants import SignedGrant, grant_of_title, holder_of
from reprise_local.ports import free_port
from reprise_local.servers import EdgeServer
from reprise_local.servers.edge import EdgeSources
from reprise_local.watching import Stream
from tests.e2e.api_client import PHONE, TV, ApiClient, Json, Player
from tests.e2e.edge_client import Refusal, get, played_by_cookies, played_by_query, rung
from tests.e2e.people import People, Person
from tests.harness.closed_port import closed_port
from tests.harness.stack import DemoCatalog, TestStack, configured_path

pytestmark = pytest.mark.cloud

FILM_SECONDS, EPISODE_SECONDS = 180.0, 120.0
QUALITY = "480p"
DENIED = Refusal(403, "AccessDenied", "text/xml")
MISSING_KEY = Refusal(403, "MissingKey", "text/xml")


@pytest.fixture(scope="module")
def folder() -> Path:
    """Where the test stack keeps its keys and its configuration."""
    facts = configured_path()
    assert facts is not None
    return facts.parent


@pytest.fixture(scope="module")
def signer(folder: Path) -> CloudFrontSigner:
    """What the deployed functions sign with: grants that they would never give."""
    keys = (folder / "keys" / "grants.json").read_text(encoding="utf-8")
    return CloudFrontSigner(keys=keys, setting="keys")


@pytest.fixture
def film(playable_film: str) -> str:
    return playable_film


@pytest.fixture
def manifest(tv: ApiClient, film: str) -> Json:
    return tv.must("GET", f"/stream/{film}/manifest")


def test_a_rung_plays_from_start_to_end_by_the_query(manifest: Json, tmp_path: Path) -> None:
    query = manifest["grant"]["query"]
    seconds = played_by_query(rung(manifest, QUALITY), query, into=tmp_path)
    assert seconds == pytest.approx(FILM_SECONDS, abs=0.1)


def test_a_rung_plays_from_start_to_end_by_the_cookies(manifest: Json, tmp_path: Path) -> None:
    cookies = manifest["grant"]["cookies"]
    seconds = played_by_cookies(rung(manifest, QUALITY), cookies, into=tmp_path)
    assert seconds == pytest.approx(FILM_SECONDS, abs=0.1)


def test_every_address_in_a_manifest_opens_as_it_stands(manifest: Json) -> None:
    urls = [manifest["manifestUrl"], manifest["storyboardUrl"]]
    urls += [each["url"] for each in (*manifest["subtitles"], *manifest["qualities"])]
    assert len(urls) == 2 + 2 + 7
    for url in urls:
        assert get(url).status_code == 200, url


def test_an_episode_plays_and_so_does_the_next(
    tv: ApiClient, catalog: DemoCatalog, tmp_path: Path
) -> None:
    series, (first, second) = catalog.playable.series, catalog.playable.episodes
    manifest = tv.must("GET", f"/stream/{series}/episodes/{first}/manifest")
    assert manifest["next"] == {"videoId": series, "episodeId": second}
    following = tv.must("GET", f"/stream/{series}/episodes/{second}/manifest")
    assert following["next"] is None
    for each in (manifest, following):
        assert each["duration"] == EPISODE_SECONDS
        cookies = each["grant"]["cookies"]
        seconds = played_by_cookies(rung(each, QUALITY), cookies, into=tmp_path)
        assert seconds == pytest.approx(EPISODE_SECONDS, abs=0.1)


def test_a_manifest_promises_what_its_files_hold(manifest: Json) -> None:
    assert manifest["duration"] == FILM_SECONDS
    assert manifest["markers"] == {"introStart": 4.0, "introEnd": 12.0, "creditsStart": 168.0}
    playlist = get(f"{rung(manifest, QUALITY)}?{manifest['grant']['query']}").text
    lengths = [float(length) for length in re.findall(r"#EXTINF:([0-9.]+)", playlist)]
    assert len(lengths) == FILM_SECONDS / manifest["segmentDuration"]
    assert set(lengths) == {float(manifest["segmentDuration"])}


def test_what_was_watched_for_a_minute_is_in_the_row_and_the_rest_of_it_plays(
    person: Person, tv: ApiClient, manifest: Json, film: str
) -> None:
    player = Player(tv, film, playback_id=manifest["playbackId"]).act("start", position=0.0)
    player.plays(30)
    assert tv.row() == []
    player.report("stopped", plays=35.5)
    phone = person.on(PHONE)
    assert [(each["videoId"], each["resumePosition"]) for each in phone.row()] == [(film, 65.5)]
    again = phone.must("GET", f"/stream/{film}/manifest")
    seconds = Stream.of(again).read(start=again["resumePosition"])
    assert seconds == pytest.approx(FILM_SECONDS - 65.5, abs=0.2)


def test_who_resumes_late_is_shown_the_end(tv: ApiClient, manifest: Json, film: str) -> None:
    Player(tv, film, playback_id=manifest["playbackId"]).act("start", position=166.0).plays(1)
    again = tv.must("GET", f"/stream/{film}/manifest")
    assert again["resumePosition"] == 167.0
    seconds = Stream.of(again).read(start=again["resumePosition"])
    assert seconds == pytest.approx(FILM_SECONDS - 167.0, abs=0.2)


def test_what_nobody_signed_is_refused_as_the_edge_on_aws_would(manifest: Json) -> None:
    assert Refusal.of(get(rung(manifest, QUALITY))) == MISSING_KEY


@pytest.mark.parametrize(
    "tamper",
    [
        lambda query: _changed(query, "Signature"),
        lambda query: _changed(query, "Policy"),
        lambda query: query.replace("Hash-Algorithm=SHA256", "Hash-Algorithm=SHA1"),
        lambda query: query.replace("Key-Pair-Id=", "Key-Pair-Id=X"),
    ],
    ids=["signature", "policy", "hash", "key"],
)
def test_a_grant_that_was_tampered_with_is_refused(
    manifest: Json, tamper: Callable[[str], str]
) -> None:
    query = manifest["grant"]["query"]
    assert tamper(query) != query
    refused = Refusal.of(get(f"{rung(manifest, QUALITY)}?{tamper(query)}"))
    assert (refused.status, refused.content_type) == (403, "text/xml")


def test_the_grant_of_one_title_opens_no_other(
    manifest: Json, film: str, catalog: DemoCatalog
) -> None:
    foreign = rung(manifest, QUALITY).replace(film, catalog.series)
    grant = manifest["grant"]
    assert Refusal.of(get(f"{foreign}?{grant['query']}")) == DENIED
    assert Refusal.of(get(foreign, cookies=grant["cookies"])) == DENIED


def test_a_grant_is_refused_once_it_has_expired(
    manifest: Json, film: str, signer: CloudFrontSigner
) -> None:
    url = rung(manifest, QUALITY)
    now = int(time.time())
    assert get(f"{url}?{_grant(signer, url, film, now=now).query}").status_code == 200
    expired = _grant(signer, url, film, now=now - 3601)
    assert Refusal.of(get(f"{url}?{expired.query}")) == DENIED


def test_what_was_stopped_on_one_device_resumes_on_another_at_the_same_second(
    person: Person, tv: ApiClient, manifest: Json, film: str
) -> None:
    player = Player(tv, film, playback_id=manifest["playbackId"]).act("start", position=90.0)
    player.plays(30.5)
    player.report("stopped", plays=12.25)
    elsewhere = person.on(PHONE).must("GET", f"/stream/{film}/manifest")
    assert elsewhere["resumePosition"] == player.position == 132.75
    assert elsewhere["playbackId"] != manifest["playbackId"]


def test_a_playback_is_given_its_next_grant(tv: ApiClient, manifest: Json, tmp_path: Path) -> None:
    grant = tv.must("POST", f"/stream/{manifest['playbackId']}/refresh")["grant"]
    assert grant["expiresAt"] >= manifest["grant"]["expiresAt"]
    seconds = played_by_cookies(rung(manifest, QUALITY), grant["cookies"], into=tmp_path)
    assert seconds == pytest.approx(FILM_SECONDS, abs=0.1)


def test_a_revoked_session_loses_its_stream_at_the_next_refresh(
    person: Person, tv: ApiClient, manifest: Json
) -> None:
    refresh = f"/stream/{manifest['playbackId']}/refresh"
    assert tv.call("POST", refresh).status == 200
    assert person.on(PHONE).call("DELETE", f"/sessions/{tv.session_id}").status == 204
    refused = tv.call("POST", refresh)
    assert (refused.status, refused.kind) == (401, "unauthenticated")


def test_a_playback_of_somebody_else_is_not_there_to_refresh(
    people: People, manifest: Json
) -> None:
    other = people.someone().on(TV)
    refused = other.call("POST", f"/stream/{manifest['playbackId']}/refresh")
    assert (refused.status, refused.kind) == (404, "not-found")


def test_without_its_files_the_edge_says_when_to_try_again(
    stack: TestStack, folder: Path, signer: CloudFrontSigner, film: str, tmp_path: Path
) -> None:
    sources = EdgeSources(
        s3=f"http://127.0.0.1:{closed_port()}",
        keys=folder / "keys" / "grants-public.json",
        config=folder / "deploy.json",
        facts=folder / "stack.json",
    )
    with EdgeServer(folder=tmp_path, port=free_port(), sources=sources) as edge:
        url = f"{edge.url}/media/{holder_of('anybody')}/{film}/{film}/master.m3u8"
        answer = get(f"{url}?{_grant(signer, url, film, now=int(time.time())).query}")
        assert Refusal.of(answer).status == 503
        assert int(answer.headers["Retry-After"]) > 0


def test_the_edge_answers_for_the_api_behind_it(stack: TestStack) -> None:
    assert stack.edge_url is not None
    answer = get(f"{stack.edge_url}/v1/health")
    assert (answer.status_code, json.loads(answer.text)["status"]) == (200, "ok")


def _grant(signer: CloudFrontSigner, url: str, title_id: str, *, now: int) -> SignedGrant:
    """Sign for whoever a URL of the title is made out to."""
    media_url, _, holder = url.partition(f"/{title_id}/")[0].rpartition("/")
    grant = grant_of_title(media_url=media_url, holder=holder, title_id=title_id, now=now)
    return signer.sign(grant=grant)


def _changed(query: str, name: str) -> str:
    """Return a query with one letter of a field replaced by another."""
    before, _, rest = query.partition(f"{name}=")
    other = "A" if rest[20] != "A" else "B"
    return f"{before}{name}={rest[:20]}{other}{rest[21:]}"
