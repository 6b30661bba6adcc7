"""The edge over real HTTP, in front of LocalStack's S3, refuses and serves as CloudFront would."""

import http.client
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config

from infra_cdk.delivery_rules import EXPOSE_HEADERS, PUBLIC_CACHE, SIGNED_CACHE
from reprise.adapters.grants_cloudfront import CloudFrontSigner
from reprise.domain.grants import SignedGrant, grant_of_title, holder_of
from reprise_local.keys import ensure_grant_keys
from reprise_local.ports import free_port
from reprise_local.servers import EdgeServer
from reprise_local.servers.edge import EdgeSources
from tests.harness.grant_keys import ecdsa_key, signing_set
from tests.harness.stack import TestStack

pytestmark = pytest.mark.real
SECRET = "the edge's own secret"
HOLDER = holder_of("session")
MEDIA = f"/media/{HOLDER}"
MOVIE = bytes(range(256)) * 4096
PLAYLIST = b"#EXTM3U\n"
MISSING_KEY = (
    b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>MissingKey</Code>'
    b"<Message>Missing Key-Pair-Id query parameter or cookie value</Message></Error>"
)


@dataclass(frozen=True, slots=True)
class Got:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def code(self) -> str:
        return self.body.partition(b"<Code>")[2].partition(b"</Code>")[0].decode()


class Api(BaseHTTPRequestHandler):
    """Answers with what it was sent."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        told = {"line": self.requestline, "headers": self.headers.items(), "body": body}
        answer = json.dumps(told).encode()
        self.send_response(207)
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("X-Correlation-Id", "c-1")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@dataclass(frozen=True, slots=True)
class World:
    """A running edge, what signs for it, and its files."""

    server: EdgeServer
    signer: CloudFrontSigner
    folder: Path
    s3: Any
    media: str

    def grant(self, title_id: str = "t-1", *, now: int | None = None, **more: Any) -> SignedGrant:
        at = int(time.time()) if now is None else now
        media_url = f"{self.server.url}/media"
        more = {"holder": HOLDER} | more
        grant = grant_of_title(media_url=media_url, title_id=title_id, now=at, **more)
        return self.signer.sign(grant=grant)

    def get(
        self, target: str, *, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> Got:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target, body=body, headers=named)
            answer = connection.getresponse()
            return Got(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def cookies(self, grant: SignedGrant) -> str:
        return "; ".join(f"{name}={value}" for name, value in grant.cookies.items())

    def log(self) -> list[dict[str, Any]]:
        text = (self.server.folder / "server.log").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


@pytest.fixture(scope="module")
def api() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def buckets(endpoint: str) -> tuple[Any, str, str]:
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        region_name="us-east-1",
        config=Config(proxies={}, s3={"addressing_style": "path"}),
    )
    media, public = f"edge-test-{uuid4().hex}", f"edge-test-{uuid4().hex}"
    for bucket in (media, public):
        client.create_bucket(Bucket=bucket)
    return client, media, public


@pytest.fixture(scope="module", params=[0, 64], ids=["nothing kept", "files kept"])
def world(
    stack: TestStack,
    tmp_path_factory: pytest.TempPathFactory,
    api: int,
    request: pytest.FixtureRequest,
) -> Iterator[World]:
    assert stack.endpoint_url is not None, "the test stack has no LocalStack"
    folder = tmp_path_factory.mktemp("edge")
    client, media, public = buckets(stack.endpoint_url)
    files = {
        (media, "media/t-1/master.m3u8"): PLAYLIST,
        (media, "media/t-1/v/0001.m4s"): MOVIE,
        (media, "media/t-2/v/0001.m4s"): b"of another title",
        (media, "media/a b & ü/x.vtt"): b"WEBVTT\n",
        (media, "secret.txt"): b"not for anybody",
        (public, "web/index.html"): b"<!doctype html>",
        (public, "artwork/t-1.jpg"): b"\xff\xd8",
    }
    for (bucket, key), content in files.items():
        client.put_object(Bucket=bucket, Key=key, Body=content)
    client.put_object(
        Bucket=public,
        Key="web/app.js",
        Body=b"1",
        ContentType="text/javascript",
        CacheControl="public, max-age=31536000, immutable",
    )
    private, keys = ensure_grant_keys(folder / "keys")
    (folder / "deploy.json").write_text(json.dumps({"edgeSecret": SECRET}))
    (folder / "stack.json").write_text(json.dumps({"apiUrl": f"http://127.0.0.1:{api}/x/v1"}))
    sources = EdgeSources(
        s3=stack.endpoint_url,
        keys=keys,
        config=folder / "deploy.json",
        facts=folder / "stack.json",
        media_bucket=media,
        public_bucket=public,
        cache_mebibytes=request.param,
        country="DE",
    )
    signer = CloudFrontSigner(keys=private, setting="keys")
    server = EdgeServer(folder=folder / "server", port=free_port(), sources=sources)
    with server:
        yield World(server, signer, folder, client, media)
    for bucket in (media, public):
        for found in client.list_objects_v2(Bucket=bucket).get("Contents", []):
            client.delete_object(Bucket=bucket, Key=found["Key"])
        client.delete_bucket(Bucket=bucket)
    client.close()


def test_a_file_without_a_grant_is_refused_in_cloudfronts_words(world: World) -> None:
    got = world.get(f"{MEDIA}/t-1/master.m3u8")
    assert (got.status, got.body) == (403, MISSING_KEY)
    assert got.headers["Content-Type"] == "text/xml"


def test_a_grant_in_the_query_opens_every_file_of_its_title(world: World) -> None:
    query = world.grant().query
    playlist = world.get(f"{MEDIA}/t-1/master.m3u8?{query}")
    assert (playlist.status, playlist.body) == (200, PLAYLIST)
    assert playlist.headers["Content-Type"] == "application/vnd.apple.mpegurl"
    assert playlist.headers["Cache-Control"] == SIGNED_CACHE
    segment = world.get(f"{MEDIA}/t-1/v/0001.m4s?{query}")
    assert (segment.status, segment.body) == (200, MOVIE)
    assert segment.headers["Content-Type"] == "video/iso.segment"
    assert segment.headers["Content-Length"] == str(len(MOVIE))
    assert segment.headers["Accept-Ranges"] == "bytes"


def test_the_same_grant_in_cookies_opens_them_too(world: World) -> None:
    got = world.get(f"{MEDIA}/t-1/v/0001.m4s", Cookie=f"a=b; {world.cookies(world.grant())}")
    assert (got.status, got.body) == (200, MOVIE)


def test_a_title_with_an_exotic_name_plays(world: World) -> None:
    grant = world.grant("a b & ü")
    got = world.get(f"{MEDIA}/a%20b%20%26%20%C3%BC/x.vtt?{grant.query}")
    assert (got.status, got.headers["Content-Type"]) == (200, "text/vtt")


def test_own_parameters_beside_a_grant_are_let_pass(world: World) -> None:
    got = world.get(f"{MEDIA}/t-1/master.m3u8?CMCD=bl%3D100&{world.grant().query}&x=1")
    assert got.status == 200


def test_a_query_counts_alone_even_where_the_cookies_would_do(world: World) -> None:
    cookies = world.cookies(world.grant())
    assert world.get(f"{MEDIA}/t-1/master.m3u8?Policy=", Cookie=cookies).code == "MissingKey"
    expired = world.grant(now=1000)
    got = world.get(f"{MEDIA}/t-1/master.m3u8?{expired.query}", Cookie=cookies)
    assert (got.status, got.code) == (403, "AccessDenied")
    good = world.get(
        f"{MEDIA}/t-1/master.m3u8?{world.grant().query}", Cookie=world.cookies(expired)
    )
    assert good.status == 200


def refused(world: World, query: str, *, target: str = f"{MEDIA}/t-1/v/0001.m4s") -> str:
    got = world.get(f"{target}?{query}")
    assert got.status == 403
    assert MOVIE[:16] not in got.body
    return got.code


def test_every_grant_that_is_not_for_this_is_refused(world: World) -> None:
    now = int(time.time())
    assert refused(world, world.grant(now=now - 7200).query) == "AccessDenied"
    assert refused(world, world.grant(starts_at=now + 600).query) == "AccessDenied"
    assert refused(world, world.grant("t-2").query) == "AccessDenied"
    assert refused(world, world.grant("t-10").query) == "AccessDenied"
    assert refused(world, world.grant(network="192.0.2.0/24").query) == "AccessDenied"
    assert (
        world.get(f"{MEDIA}/t-1/master.m3u8?{world.grant(network='127.0.0.0/8').query}").status
        == 200
    )


def test_a_grant_for_another_host_is_refused(world: World) -> None:
    query = world.grant().query
    got = world.get(f"{MEDIA}/t-1/master.m3u8?{query}", Host=f"localhost:{world.server.port}")
    assert (got.status, got.code) == (403, "AccessDenied")


def test_a_tampered_grant_is_refused(world: World) -> None:
    query = world.grant().query
    fields = dict(part.partition("=")[::2] for part in query.split("&"))
    other = dict(part.partition("=")[::2] for part in world.grant("t-2").query.split("&"))

    def joined(**changes: str) -> str:
        changed = fields | {name.replace("_", "-"): text for name, text in changes.items()}
        return "&".join(f"{name}={value}" for name, value in changed.items() if value != "-")

    assert refused(world, joined(Policy=other["Policy"])) == "AccessDenied"
    assert refused(world, joined(Signature=other["Signature"])) == "AccessDenied"
    assert refused(world, joined(Signature=fields["Signature"][:-4])) in {
        "AccessDenied",
        "MalformedSignature",
    }
    assert refused(world, joined(Signature="!")) == "MalformedSignature"
    assert refused(world, joined(Signature="abc%2Bdef%3D")) == "MalformedSignature"
    assert refused(world, joined(Policy="e30%3D")) == "MalformedPolicy"
    assert refused(world, joined(Key_Pair_Id="KSTRANGER")) == "InvalidKey"
    assert refused(world, joined(Key_Pair_Id="")) == "MissingKey"
    assert refused(world, joined(Hash_Algorithm="SHA1")) == "AccessDenied"
    assert refused(world, joined(Hash_Algorithm="MD5")) == "AccessDenied"
    assert refused(world, joined(Hash_Algorithm="-")) == "AccessDenied"
    assert refused(world, f"{query}&Policy={fields['Policy']}") == "MalformedPolicy"


def test_a_key_of_somebody_else_under_our_id_is_refused(world: World) -> None:
    stranger = CloudFrontSigner(keys=signing_set(ecdsa_key(world.signer.key_id)), setting="keys")
    now = int(time.time())
    grant = grant_of_title(
        media_url=f"{world.server.url}/media", holder=HOLDER, title_id="t-1", now=now
    )
    assert refused(world, stranger.sign(grant=grant).query) == "AccessDenied"


def test_the_second_key_of_a_rotation_is_trusted_already(world: World) -> None:
    entries = json.loads((world.folder / "keys" / "grants.json").read_text())["keys"]
    after = CloudFrontSigner(keys=json.dumps({"keys": entries[::-1]}), setting="keys")
    assert after.key_id != world.signer.key_id
    now = int(time.time())
    grant = grant_of_title(
        media_url=f"{world.server.url}/media", holder=HOLDER, title_id="t-1", now=now
    )
    assert world.get(f"{MEDIA}/t-1/master.m3u8?{after.sign(grant=grant).query}").status == 200


def test_a_custom_grant_is_no_canned_one_and_both_at_once_are_none(world: World) -> None:
    query = world.grant().query
    assert refused(world, f"Expires=99999999999&{query}") == "MalformedPolicy"
    without = "&".join(part for part in query.split("&") if not part.startswith("Policy="))
    assert refused(world, f"Expires=99999999999&{without}") == "AccessDenied"
    assert refused(world, without) == "MalformedPolicy"


@pytest.mark.parametrize(
    "target",
    [
        f"{MEDIA}/t-1/../t-2/v/0001.m4s",
        f"{MEDIA}/t-1/%2e%2e/t-2/v/0001.m4s",
        f"{MEDIA}/t-1/..%2Ft-2/v/0001.m4s",
        f"{MEDIA}/t-1/../../../secret.txt",
        f"{MEDIA}/t-1//v/0001.m4s",
        f"/{MEDIA}/t-1/v/0001.m4s",
        f"{MEDIA}/t-1/v\\0001.m4s",
        f"{MEDIA}/t-1/v/0001.m4s%00",
    ],
)
def test_no_path_climbs_out_of_its_grant(world: World, target: str) -> None:
    assert refused(world, world.grant().query, target=target) == "AccessDenied"


@pytest.mark.parametrize(
    "target",
    [
        f"/%6dedia/{HOLDER}/t-1/v/0001.m4s",
        f"/Media/{HOLDER}/t-1/v/0001.m4s",
        f"/web/..{MEDIA}/t-1/v/0001.m4s",
    ],
)
def test_no_spelling_of_a_path_reaches_a_signed_file_without_a_grant(
    world: World, target: str
) -> None:
    got = world.get(target)
    assert got.status == 403
    assert MOVIE[:16] not in got.body


def test_public_files_need_no_grant_and_hold_nothing_that_does(world: World) -> None:
    page = world.get("/web/index.html")
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["Cache-Control"] == PUBLIC_CACHE
    assert world.get("/").body == page.body
    assert world.get("/artwork/t-1.jpg").headers["Content-Type"] == "image/jpeg"
    script = world.get("/web/app.js")
    assert script.headers["Content-Type"] == "text/javascript"
    assert script.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert world.get("/secret.txt").code == "AccessDenied"
    assert world.get("/web/none.js").status == 403


def test_a_file_that_is_not_there_is_hidden_as_s3_hides_it(world: World) -> None:
    got = world.get(f"{MEDIA}/t-1/none.m4s?{world.grant().query}")
    assert (got.status, got.code) == (403, "AccessDenied")


@pytest.mark.parametrize(
    ("wanted", "status", "piece", "content_range"),
    [
        ("bytes=0-99", 206, slice(0, 100), "bytes 0-99/1048576"),
        ("bytes=1048570-", 206, slice(1048570, None), "bytes 1048570-1048575/1048576"),
        ("bytes=-6", 206, slice(-6, None), "bytes 1048570-1048575/1048576"),
        ("bytes=5-5", 206, slice(5, 6), "bytes 5-5/1048576"),
        ("bytes=1048570-9999999", 206, slice(1048570, None), "bytes 1048570-1048575/1048576"),
        ("bytes=0-0,5-9", 200, slice(None), None),
        ("bytes=9-5", 200, slice(None), None),
        ("bytes=-", 200, slice(None), None),
        ("bytes=-9999999", 206, slice(None), "bytes 0-1048575/1048576"),
        ("items=0-5", 200, slice(None), None),
        ("bytes=a-b", 200, slice(None), None),
    ],
)
def test_a_range_is_answered_as_asked(
    world: World, wanted: str, status: int, piece: slice, content_range: str | None
) -> None:
    target = f"{MEDIA}/t-1/v/0001.m4s?{world.grant().query}"
    world.get(target)
    got = world.get(target, Range=wanted)
    assert (got.status, got.body) == (status, MOVIE[piece])
    assert got.headers["Content-Length"] == str(len(got.body))
    kept = bool(world.server.sources.cache_mebibytes)
    assert got.headers["X-Cache"] == f"{'Hit' if kept else 'Miss'} from reprise-edge"
    assert got.headers.get("Content-Range") == content_range


@pytest.mark.parametrize("wanted", ["bytes=1048576-", "bytes=2000000-3000000", "bytes=-0"])
def test_a_range_past_the_end_is_said_with_the_size(world: World, wanted: str) -> None:
    got = world.get(f"{MEDIA}/t-1/v/0001.m4s?{world.grant().query}", Range=wanted)
    assert got.status == 416
    assert got.headers["Content-Range"] == "bytes */1048576"


def test_a_range_holds_only_while_the_file_is_the_same(world: World) -> None:
    target = f"{MEDIA}/t-1/v/0001.m4s?{world.grant().query}"
    whole = world.get(target, method="HEAD")
    assert (whole.status, whole.body) == (200, b"")
    tag, changed = whole.headers["Etag"], whole.headers["Last-Modified"]
    assert whole.headers["Content-Length"] == str(len(MOVIE))
    for same in (tag, changed):
        assert world.get(target, Range="bytes=0-9", If_Range=same).status == 206
    for other in ('"another"', f"W/{tag}", "Thu, 01 Jan 2015 00:00:00 GMT"):
        got = world.get(target, Range="bytes=0-9", If_Range=other)
        assert (got.status, got.body) == (200, MOVIE)
    for condition in (
        {"If_None_Match": tag},
        {"If_None_Match": f'"a", {tag}'},
        {"If_Modified_Since": changed},
    ):
        unchanged = world.get(target, **condition)
        assert (unchanged.status, unchanged.body) == (304, b"")
    for condition in (
        {"If_None_Match": '"a"'},
        {"If_None_Match": '"a"', "If_Modified_Since": changed},
        {"If_Modified_Since": "Thu, 01 Jan 2015 00:00:00 GMT"},
    ):
        assert world.get(target, **condition).status == 200


def test_a_page_of_another_host_may_read_with_a_grant_in_the_query(world: World) -> None:
    target = f"{MEDIA}/t-1/master.m3u8?{world.grant().query}"
    assert "Access-Control-Allow-Origin" not in world.get(target).headers
    got = world.get(target, Origin="https://player.example")
    assert got.headers["Access-Control-Allow-Origin"] == "*"
    assert got.headers["Access-Control-Expose-Headers"] == ", ".join(EXPOSE_HEADERS)
    assert "Access-Control-Allow-Credentials" not in got.headers
    asked = world.get(
        target,
        method="OPTIONS",
        Origin="https://player.example",
        Access_Control_Request_Method="GET",
        Access_Control_Request_Headers="range",
    )
    assert (asked.status, asked.body) == (200, b"")
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert asked.headers["Access-Control-Max-Age"] == "86400"
    refusal = world.get(f"{MEDIA}/t-1/master.m3u8", Origin="https://player.example")
    assert refusal.headers["Access-Control-Allow-Origin"] == "*", "a player must read why"


def test_every_answer_about_a_file_carries_the_security_headers(world: World) -> None:
    for target in ("/web/index.html", f"{MEDIA}/t-1/master.m3u8"):
        headers = world.get(target).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert "Strict-Transport-Security" not in headers, "in plain HTTP it means nothing"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nobody_writes_through_the_edge(world: World, method: str) -> None:
    query = world.grant().query
    assert world.get(f"{MEDIA}/t-1/new.m4s?{query}", method=method, body=b"x").status == 403


def test_a_url_longer_than_cloudfronts_is_refused(world: World) -> None:
    assert world.get("/web/" + "a" * 8200).status == 414


def told(got: Got) -> tuple[str, dict[str, list[str]], str]:
    answer = json.loads(got.body)
    headers: dict[str, list[str]] = {}
    for name, value in answer["headers"]:
        headers.setdefault(name.lower(), []).append(value)
    return answer["line"], headers, answer["body"]


def test_the_api_is_asked_with_the_proof_and_the_country_of_the_edge(world: World) -> None:
    got = world.get(
        "/v1/videos/a%20b?q=1%202",
        method="POST",
        body=b'{"a": 1}',
        Authorization="Bearer t",
        X_Reprise_Edge="forged",
        CloudFront_Viewer_Country="XX",
        CloudFront_Viewer_Address="1.2.3.4",
        X_Debug_Country="YY",
        Connection="close",
    )
    line, headers, body = told(got)
    assert (got.status, got.headers["X-Correlation-Id"]) == (207, "c-1")
    assert (line, body) == ("POST /x/v1/videos/a%20b?q=1%202 HTTP/1.1", '{"a": 1}')
    assert headers["x-reprise-edge"] == [SECRET]
    assert headers["cloudfront-viewer-country"] == ["DE"]
    assert headers["authorization"] == ["Bearer t"]
    assert headers["x-forwarded-for"] == ["127.0.0.1"]
    assert not {"x-debug-country", "cloudfront-viewer-address"} & headers.keys()
    assert len(headers["host"]) == 1


def test_a_grant_is_not_asked_of_the_api_and_nothing_else_is_forwarded(world: World) -> None:
    line, _, _ = told(world.get("/v1/health"))
    assert line == "GET /x/v1/health HTTP/1.1"
    assert world.get("/v1/../x").status == 403


def test_the_country_may_be_named_only_where_a_developer_switched_it_on(
    world: World, tmp_path: Path
) -> None:
    sources = EdgeSources(
        s3=world.server.sources.s3,
        keys=world.server.sources.keys,
        config=world.server.sources.config,
        facts=world.server.sources.facts,
        debug_country=True,
    )
    server = EdgeServer(folder=tmp_path / "edge", port=free_port(), sources=sources)
    with server:
        other = World(server, world.signer, world.folder, world.s3, world.media)
        _, headers, _ = told(other.get("/v1/health", X_Debug_Country="JP"))
        assert headers["cloudfront-viewer-country"] == ["JP"]
        _, headers, _ = told(other.get("/v1/health", X_Debug_Country="japan"))
        assert headers["cloudfront-viewer-country"] == ["US"]


def test_origins_that_are_down_are_503_and_may_be_asked_again(world: World, tmp_path: Path) -> None:
    sources = EdgeSources(
        s3=f"http://127.0.0.1:{free_port()}",
        keys=world.server.sources.keys,
        config=world.server.sources.config,
        facts=tmp_path / "not-there-yet.json",
    )
    server = EdgeServer(folder=tmp_path / "edge", port=free_port(), sources=sources)
    with server:
        other = World(server, world.signer, world.folder, world.s3, world.media)
        got = other.get(f"{MEDIA}/t-1/master.m3u8?{other.grant().query}")
        assert (got.status, got.headers["Retry-After"], got.code) == (
            503,
            "1",
            "ServiceUnavailable",
        )
        assert other.get(f"{MEDIA}/t-1/master.m3u8").status == 403, "refusals need no origin"
        api = other.get("/v1/health")
        assert (api.status, api.headers["Retry-After"]) == (503, "1")
        assert api.headers["Content-Type"] == "application/problem+json"


def test_an_api_that_appears_later_is_found(world: World, tmp_path: Path, api: int) -> None:
    facts = tmp_path / "stack.json"
    sources = EdgeSources(
        s3=world.server.sources.s3,
        keys=world.server.sources.keys,
        config=world.server.sources.config,
        facts=facts,
    )
    server = EdgeServer(folder=tmp_path / "edge", port=free_port(), sources=sources)
    with server:
        other = World(server, world.signer, world.folder, world.s3, world.media)
        assert other.get("/v1/health").status == 503
        facts.write_text(json.dumps({"apiUrl": None}))
        assert other.get("/v1/health").status == 503
        facts.write_text(json.dumps({"apiUrl": f"http://127.0.0.1:{api}/v1"}))
        assert told(other.get("/v1/health"))[0] == "GET /v1/health HTTP/1.1"


def test_a_player_that_asks_for_each_file_as_one_range_fills_the_memory_too(world: World) -> None:
    world.s3.put_object(Bucket=world.media, Key="media/t-1/ranged.m4s", Body=b"0123456789")
    target = f"{MEDIA}/t-1/ranged.m4s?{world.grant().query}"
    first = world.get(target, Range="bytes=0-3")
    all_of_it = world.get(target, Range="bytes=0-")
    assert (first.status, first.body) == (206, b"0123")
    assert (all_of_it.status, all_of_it.body) == (206, b"0123456789")
    again = world.get(target)
    assert (again.status, again.body) == (200, b"0123456789")
    assert "Content-Range" not in again.headers
    kept = bool(world.server.sources.cache_mebibytes)
    assert again.headers["X-Cache"].startswith("Hit" if kept else "Miss")


def test_a_file_that_is_kept_still_needs_a_grant(world: World) -> None:
    target = f"{MEDIA}/t-1/v/0001.m4s"
    world.get(f"{target}?{world.grant().query}")
    assert world.get(target).body == MISSING_KEY
    assert refused(world, world.grant("t-2").query) == "AccessDenied"


def test_the_access_log_is_json_and_holds_no_grant_and_no_token(world: World) -> None:
    query = world.grant().query
    marker = f"{MEDIA}/t-1/{uuid4().hex}.m4s"
    world.get(f"{marker}?{query}", Authorization="Bearer very-secret")
    deadline = time.monotonic() + 5
    while marker not in str(world.log()) and time.monotonic() < deadline:
        time.sleep(0.01)
    [line] = [line for line in world.log() if line["path"] == marker]
    assert (line["status"], line["method"], line["refusal"]) == (403, "GET", "AccessDenied")
    text = json.dumps(world.log())
    assert "Signature=" not in text
    assert query.partition("Signature=")[2][:20] not in text
    assert "very-secret" not in text


def test_a_large_file_passes_through_without_being_held(world: World) -> None:
    size = 96 * 2**20
    world.s3.put_object(Bucket=world.media, Key="media/t-1/large.mp4", Body=bytes(size))
    before = peak_kib(world.server)
    connection = http.client.HTTPConnection("127.0.0.1", world.server.port, timeout=60)
    connection.request("GET", f"{MEDIA}/t-1/large.mp4?{world.grant().query}")
    answer = connection.getresponse()
    received = 0
    while piece := answer.read(2**20):
        received += len(piece)
    connection.close()
    assert received == size
    assert peak_kib(world.server) - before < 24 * 1024


def peak_kib(server: EdgeServer) -> int:
    identity = server.identity
    assert identity is not None
    status = Path(f"/proc/{identity.pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


class HalfAnObject(BaseHTTPRequestHandler):
    """An S3 that dies in the middle of an object."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(bytes(400))

    def log_message(self, *_: object) -> None:
        pass


def test_a_file_that_breaks_off_is_never_passed_for_whole_or_kept(
    world: World, tmp_path: Path
) -> None:
    origin = ThreadingHTTPServer(("127.0.0.1", 0), HalfAnObject)
    thread = Thread(target=origin.serve_forever, daemon=True)
    thread.start()
    sources = EdgeSources(
        s3=f"http://127.0.0.1:{origin.server_port}",
        keys=world.server.sources.keys,
        config=world.server.sources.config,
        facts=world.server.sources.facts,
    )
    server = EdgeServer(folder=tmp_path / "edge", port=free_port(), sources=sources)
    with server:
        other = World(server, world.signer, world.folder, world.s3, world.media)
        for _ in range(2):
            with pytest.raises(http.client.IncompleteRead):
                other.get(f"{MEDIA}/t-1/master.m3u8?{other.grant().query}")
    origin.shutdown()
    origin.server_close()
    thread.join()
