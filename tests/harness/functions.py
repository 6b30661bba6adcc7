"""The functions as they are deployed, in process: real handlers, real tokens, fakes for stores."""

import contextlib
import importlib
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any
from unittest import mock
from uuid import uuid4

from reprise.adapters.grants_cloudfront import CloudFrontSigner
from reprise.adapters.tokens_pyjwt import JwtIssuer, JwtVerifier
from reprise.application import profile_ports
from reprise.application.identity_ports import StoredAccount
from reprise.application.publish_encoded import Copies
from reprise.application.sign_in import refresh_token_hash
from reprise.domain.catalog import Title
from reprise.domain.identity import Account, Claims, Device, Profile, Viewer
from reprise.domain.media import Runtime
from reprise.domain.profiles import Household, StoredProfile
from reprise.edge import allowances
from tests.builders import NOW_US, TV, make_film, make_series, make_viewer
from tests.fakes.accounts import FakeAccounts
from tests.fakes.attempts import FakeAttempts
from tests.fakes.catalog import FakeTitles, FakeTitleSource
from tests.fakes.catalog_store import FakeCatalogCopies
from tests.fakes.dirty_buffer import FakeDirtyBuffer
from tests.fakes.erasures import FakeDurableErasure, FakeLiveErasure
from tests.fakes.flush_queue import FakeFlushQueue
from tests.fakes.live_places import FakeLivePlaces
from tests.fakes.my_lists import FakeMyLists
from tests.fakes.packages import FakePackages, FakePublicationCopies
from tests.fakes.passwords import FakePasswords
from tests.fakes.places import FakePlaces
from tests.fakes.playbacks import FakePlaybacks
from tests.fakes.preferences import FakePreferences
from tests.fakes.profiles import FakeProfiles, SessionRow
from tests.fakes.publisher import FakePublisher
from tests.fakes.quarantine import FakeQuarantine
from tests.fakes.region_content import FakeRegionContent
from tests.fakes.renditions import FakeRenditions
from tests.fakes.revocation_queue import FakeRevocationQueue
from tests.fakes.revoked_holders import FakeRevokedHolders
from tests.fakes.revoked_sessions import FakeRevokedSessions
from tests.fakes.row_cache import FakeRowCache
from tests.fakes.session_records import FakeSessionRecords, KeptSession
from tests.fakes.sessions import FakeSessions
from tests.fakes.stream_leases import FakeStreamLeases
from tests.fakes.title_pages import FakeTitlePages, page_of
from tests.fakes.title_search import FakeTitleSearch
from tests.harness.grant_keys import ecdsa_key, signing_set
from tests.harness.keys import SIGNING, VERIFYING
from tests.packaged import encoding_of, folder_of
from tests.published import publication

NOW = NOW_US // 1_000_000
CURSOR_SECRET = "a secret of the tests that seals cursors"
EDGE_SECRET = "a secret of the tests that only the edge knows"
MEDIA_URL = "https://media.example.org/media"
EMAIL, PASSWORD = "ada@example.org", "open sesame"
REFRESH_TOKEN = "a-refresh-token-of-the-tests-0123456789-abcdef"
FAR_AWAY = NOW + 10 * 365 * 86_400
"""Public routes ask the machine's own clock."""

ENVIRONMENT = {
    "REPRISE_STAGE": "test",
    "REPRISE_VERSION": "0.0-test",
    "POWERTOOLS_SERVICE_NAME": "reprise",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "CASSANDRA_HOSTS": "127.0.0.1",
    "CASSANDRA_PORT": "1",
    "CASSANDRA_KEYSPACE": "reprise",
    "POSTGRES_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "JWKS": VERIFYING,
    "JWT_SIGNING_SECRET_ID": "reprise/test/jwt-signing",
    "FLUSH_QUEUE_URL": "http://127.0.0.1:1/flush",
    "EVENT_QUEUE_URL": "http://127.0.0.1:1/events",
    "QUARANTINE_QUEUE_URL": "http://127.0.0.1:1/quarantine",
    "CURSOR_SECRET": CURSOR_SECRET,
    "EDGE_SECRET": EDGE_SECRET,
    "GRANT_SIGNING_SECRET_ID": "reprise/test/grant-signing",
    "MEDIA_URL": MEDIA_URL,
    "MEDIA_BUCKET": "media-of-the-tests",
    "REVOCATION_QUEUE_URL": "http://127.0.0.1:1/revocations",
    "EDGE_STORE_ARN": "arn:aws:cloudfront::123456789012:key-value-store/test",
}


_ISSUER = JwtIssuer(keys=SIGNING, issuer="reprise", audience="reprise-api")
_SIGNER = CloudFrontSigner(keys=signing_set(ecdsa_key()), setting="the tests")
_VERIFIER = JwtVerifier(keys=VERIFYING, issuer="reprise", audience="reprise-api")


def load(folder: str) -> ModuleType:
    """Return the handler module of `<area>/<verb_noun>`, initialised with the test environment."""
    with mock.patch.dict(os.environ, ENVIRONMENT):
        return importlib.import_module(f"functions.{folder.replace('/', '.')}.handler")


class Context:
    """What Lambda tells a handler about its call."""

    aws_request_id = "5d1c9d3e-0000-4000-8000-000000000001"
    function_name = "reprise-test"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:reprise-test"

    def get_remaining_time_in_millis(self) -> int:
        return 30_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client gets, and what the function wrote to its log meanwhile."""

    status: int
    headers: Mapping[str, str]
    body: Any
    log: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.splitlines()]

    @property
    def wrong_fields(self) -> list[str]:
        return [problem["field"] for problem in self.body["errors"]]


class Healthy:
    """A store that answers, until told otherwise."""

    def __init__(self) -> None:
        self.up = True

    def ping(self) -> bool:
        return self.up


@dataclass
class World:
    """Every store faked, one film and one series, one signed-in viewer on a television."""

    film: Title = field(default_factory=make_film)
    series: Title = field(default_factory=make_series)
    viewer: Viewer = field(default_factory=make_viewer)
    now: int = NOW

    def __post_init__(self) -> None:
        self.catalog = FakeTitles(self.film, self.series)
        self.live = FakeLivePlaces(on_allowance=allowances.note)
        self.rows = FakeRowCache(self.live)
        self.playbacks = FakePlaybacks(self.live, clock=lambda: self.now)
        self.leases = FakeStreamLeases(clock=lambda: self.now, plays=self.live.plays)
        self.publications = FakeRenditions({})
        self.signer = _SIGNER
        self.publish(self.film, self.series)
        self.titles = FakeTitleSource(self.film, self.series)
        self.packages = FakePackages()
        self.renditions = self.publications
        self.copies = Copies(catalog=FakeCatalogCopies(), publications=FakePublicationCopies())
        self.durable = FakePlaces()
        self.pages = FakeTitlePages(page_of(self.film), page_of(self.series))
        self.search = FakeTitleSearch({t.id: t.title for t in (self.film, self.series)})
        self.lists = FakeMyLists()
        self.regions = FakeRegionContent(self.catalog)
        self.queue = FakeFlushQueue()
        self.buffer = FakeDirtyBuffer()
        self.publisher = FakePublisher()
        self.preferences = FakePreferences(profile_ids={self.viewer.profile_id})
        self.quarantine = FakeQuarantine()
        self.stores = {name: Healthy() for name in ("redis", "cassandra", "postgres")}
        account = Account(self.viewer.account_id, EMAIL, "premium", "US")
        profile = Profile(self.viewer.profile_id, "Ada", False, 5, False, "en", "heron")
        stored = StoredAccount(account, FakePasswords().hash(password=PASSWORD), [profile])
        self.accounts = FakeAccounts(stored)
        self.records = FakeSessionRecords(self.accounts)
        self.revoked_sessions = FakeRevokedSessions(self.records)
        self.revocation_queue = FakeRevocationQueue()
        self.revoked_holders = FakeRevokedHolders()
        self.other = Profile(str(uuid4()), "Tom", False, 3, False, "en", "fox")
        members = tuple(StoredProfile(each, None, 1) for each in (profile, self.other))
        self.profiles = FakeProfiles(Household(account, members))
        self.live_erasure = FakeLiveErasure()
        self.durable_erasure = FakeDurableErasure()
        self.attempts = FakeAttempts(on_allowance=allowances.note, clock=lambda: self.now)
        self.passwords = FakePasswords()
        self.sessions = FakeSessions()
        self.issuer = _ISSUER
        self.tokens = _VERIFIER
        self.sign_in(self.viewer)

    def publish(self, *titles: Title, qualities: Sequence[str] = ()) -> None:
        """Let every item of these titles be there to play; by default in every quality."""
        for title in titles:
            for item in title.items:
                self.publications.runtimes[item.id] = Runtime(item.duration)
                self.publications.put(media=publication(title.id, item.id, *qualities))

    def encode(self, *, best: str = "1080p") -> str:
        """Let an encoder have packaged the film; return the version."""
        encoding = encoding_of(self.film.id, best=best)
        folder = folder_of(seconds=self.film.items[0].duration, best=best)
        self.packages.store(encoding.path, texts=folder.texts, sizes=folder.sizes)
        return encoding.version

    def sign_in(self, viewer: Viewer, *, device: Device = TV) -> None:
        """Make a session of the account live, and keep it with `REFRESH_TOKEN`."""
        self.live.sign_in(viewer, device=device)
        claims = Claims(
            account_id=viewer.account_id,
            session_id=viewer.session_id,
            profile_id=viewer.profile_id,
            policy=viewer.policy,
            expires_at=self.now + 900,
        )
        self.sessions.start(claims=claims, device=device, lifetime=86_400)
        kept = profile_ports.KeptSession(viewer.session_id, device, None, FAR_AWAY)
        row = SessionRow(viewer.account_id, viewer.profile_id, kept)
        self.profiles.rows[viewer.session_id] = row
        self.records.keep(
            viewer.session_id,
            KeptSession(
                account_id=viewer.account_id,
                profile_id=viewer.profile_id,
                device=device,
                country=None,
                created_at=self.now,
                last_seen_at=self.now,
                expires_at=FAR_AWAY,
            ),
            token_hash=refresh_token_hash(REFRESH_TOKEN),
        )

    def token(self, viewer: Viewer | None = None, **overrides: Any) -> str:
        """Return an access token of the viewer, or of another, with claims changed."""
        who = viewer or self.viewer
        claims: dict[str, Any] = {
            "account_id": who.account_id,
            "session_id": who.session_id,
            "profile_id": who.profile_id,
            "policy": who.policy,
            "expires_at": self.now + 900,
        }
        return self.issuer.issue(claims=Claims(**(claims | overrides)), now=self.now)

    def wire(self, module: ModuleType) -> ModuleType:
        """Replace every port of the handler's wiring, where it has one, by this world's."""
        if not hasattr(module, "wiring"):
            return module
        names = (
            *("catalog", "live", "rows", "durable", "queue", "buffer", "publisher", "quarantine"),
            *("stores", "accounts", "passwords", "sessions", "issuer", "tokens"),
            *("records", "attempts"),
            *("revoked_sessions", "revocation_queue", "revoked_holders"),
            *("lists", "regions"),
            *("pages", "search", "preferences"),
            *("playbacks", "leases", "publications", "signer"),
            *("profiles", "live_erasure", "durable_erasure"),
            *("titles", "packages", "renditions", "copies"),
        )
        for name in names:
            if hasattr(type(module.wiring), name) or name in vars(module.wiring):
                setattr(module.wiring, name, getattr(self, name))
        module.wiring.clock = lambda: self.now
        module.wiring.pause = lambda _seconds: None
        module.wiring.now_us = lambda: self.now * 1_000_000
        return module

    def call(self, folder: str, event: object) -> tuple[Any, str]:
        """Run a handler; return what it returned and what it wrote to its log."""
        module = self.wire(load(folder))
        with captured() as log:
            answer = module.lambda_handler(event, Context())
        return answer, log.getvalue()

    def request(self, folder: str, event: Mapping[str, Any]) -> Answer:
        """Run a route's handler; return what its client gets."""
        answer, log = self.call(folder, event)
        headers = {name: ", ".join(values) for name, values in answer["multiValueHeaders"].items()}
        body = json.loads(answer["body"]) if answer["body"] else None
        return Answer(status=answer["statusCode"], headers=headers, body=body, log=log)

    def event(self, method: str, resource: str, **parts: Any) -> dict[str, Any]:
        """Return a proxy event of the signed-in viewer; `parts` as in `make_event`."""
        headers = {"Authorization": f"Bearer {self.token()}"} | parts.pop("headers", {})
        return make_event(method, resource, headers=headers, **parts)

    def report(self, **overrides: Any) -> dict[str, Any]:
        """Return the body of a report of the film, with fields changed; None takes one away."""
        body = {
            "videoId": self.film.id,
            "playbackId": "pb-1",
            "seq": 1,
            "act": 1,
            "actKind": "start",
            "playedSinceAct": 30.0,
            "position": 1234.5,
            "state": "playing",
            "eventTime": "2026-11-21T20:15:00Z",
            "intervals": [[1200.0, 1234.5]],
        }
        return {name: value for name, value in (body | overrides).items() if value is not ...}


def make_event(  # one parameter per part of the event
    method: str,
    resource: str,
    *,
    headers: Mapping[str, str | list[str]] | None = None,
    body: object = None,
    raw: str | None = None,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str | list[str]] | None = None,
    base64: bool = False,
) -> dict[str, Any]:
    """Return an API Gateway REST proxy event (version 1), as the gateway makes it.

    `body` is sent as JSON, `raw` as it is; a list as a header's or a query's value sends several.
    """
    given: dict[str, str | list[str]] = {"Host": "api.example.org"}
    if body is not None:
        given["Content-Type"] = "application/json"
    given |= headers or {}
    many = {name: _listed(value) for name, value in given.items()}
    asked = {name: _listed(value) for name, value in (query or {}).items()}
    real = resource
    for name, value in (path or {}).items():
        real = real.replace(f"{{{name}}}", value)
    return {
        "resource": resource,
        "path": real,
        "httpMethod": method,
        "headers": {name: values[-1] for name, values in many.items()},
        "multiValueHeaders": many,
        "queryStringParameters": {name: values[-1] for name, values in asked.items()} or None,
        "multiValueQueryStringParameters": asked or None,
        "pathParameters": dict(path) if path else None,
        "stageVariables": None,
        "requestContext": {
            "requestId": "0f6f2d6e-1111-4111-8111-000000000002",
            "stage": "v1",
            "path": f"/v1{real}",
            "resourcePath": resource,
            "httpMethod": method,
        },
        "body": json.dumps(body) if body is not None else raw,
        "isBase64Encoded": base64,
    }


@contextlib.contextmanager
def captured() -> Iterator[io.StringIO]:
    """Collect what a handler writes: its own lines, and those of Powertools' logger."""
    from reprise.edge.observability import logger  # noqa: PLC0415  # after the environment is set

    log = io.StringIO()
    streams = [h for h in logger.handlers if hasattr(h, "setStream")]
    before = [h.setStream(log) for h in streams]
    try:
        with contextlib.redirect_stdout(log):
            yield log
    finally:
        for stream, old in zip(streams, before, strict=True):
            stream.setStream(old)


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]
