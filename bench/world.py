"""Viewers, titles and API Gateway events of a benchmark, and the environment of its handlers."""

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from reprise.adapters.cassandra_session import CassandraAddress
from reprise.adapters.catalog_redis import publish_titles
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.sessions_redis import RedisSessions
from reprise.adapters.tokens_pyjwt import JwtIssuer
from reprise.domain.catalog import Title
from reprise.domain.identity import Claims, Viewer
from tests.builders import PHONE, TV, make_film, make_viewer
from tests.harness.keys import SIGNING, VERIFYING

NO_LIMIT = 10**9
HOUR = 3600
STEP_SECONDS = 10.0
"""Media seconds between two heartbeats of a viewer, so that watched intervals join up."""
_ISSUER = JwtIssuer(keys=SIGNING, issuer="reprise", audience="reprise-api")


@dataclass(frozen=True, slots=True)
class Context:
    """A Lambda context, as far as handlers look."""

    aws_request_id: str = field(default_factory=lambda: str(uuid4()))


def handler_environment(
    *, redis_url: str, cassandra: CassandraAddress | None = None
) -> Mapping[str, str]:
    """Return the environment of every function; without Cassandra nothing answers there."""
    hosts = cassandra.hosts if cassandra else ("127.0.0.1",)
    return {
        "REPRISE_STAGE": "bench",
        "REPRISE_VERSION": "0",
        "POWERTOOLS_SERVICE_NAME": "bench",
        "POWERTOOLS_METRICS_NAMESPACE": "Reprise",
        "REDIS_URL": redis_url,
        "REDIS_TIMEOUT_MS": "5000",
        "CASSANDRA_HOSTS": ",".join(hosts),
        "CASSANDRA_PORT": str(cassandra.port if cassandra else 1),
        "CASSANDRA_KEYSPACE": cassandra.keyspace if cassandra else "none",
        "CASSANDRA_LOCAL_DC": "datacenter1",
        "CASSANDRA_TIMEOUT_MS": "20000",
        "POSTGRES_URL": "postgresql://127.0.0.1:1/none",
        "JWKS": VERIFYING,
        "JWT_ISSUER": "reprise",
        "JWT_AUDIENCE": "reprise-api",
        "JWT_SIGNING_SECRET_ID": "none",
        "FLUSH_QUEUE_URL": "http://127.0.0.1:1/flush",
        "EVENT_QUEUE_URL": "http://127.0.0.1:1/events",
        "QUARANTINE_QUEUE_URL": "http://127.0.0.1:1/quarantine",
        "CURSOR_SECRET": "bench-cursor-secret-of-thirty-two-bytes",
        "REPORTS_PER_MINUTE": str(NO_LIMIT),
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
    }


def become_function(environment: Mapping[str, str]) -> None:
    """Take this environment; call before a handler is imported."""
    os.environ.update(environment)


def environment() -> Mapping[str, str]:
    return os.environ


@contextmanager
def log_discarded() -> Iterator[None]:
    """Send the log where Lambda's runtime would read it: one write a line, to nobody."""
    with open(os.devnull, "w", buffering=1, encoding="utf-8") as nowhere:  # noqa: SIM117
        with redirect_stdout(nowhere):
            yield


def sign_in(calls: RedisCalls, *, count: int) -> Sequence[Viewer]:
    """Return viewers with live sessions."""
    viewers = [make_viewer() for _ in range(count)]
    sessions = RedisSessions(calls)
    for viewer in viewers:
        sessions.start(claims=_claims(viewer), device=TV, lifetime=HOUR * 24)
    return viewers


def sign_in_twice(calls: RedisCalls) -> tuple[Viewer, Viewer]:
    """Return one profile with live sessions on two devices."""
    [viewer] = sign_in(calls, count=1)
    other = replace(viewer, session_id=str(uuid4()))
    RedisSessions(calls).start(claims=_claims(other), device=PHONE, lifetime=HOUR * 24)
    return viewer, other


def token_of(viewer: Viewer) -> str:
    return _ISSUER.issue(claims=_claims(viewer), now=int(time.time()))


def now_us() -> int:
    return time.time_ns() // 1000


def publish(calls: RedisCalls, titles: Sequence[Title]) -> None:
    """Put titles where every handler reads them."""
    publish_titles(calls, titles, now=int(time.time()))


def films(count: int, *, hours: float = 24) -> Sequence[Title]:
    return [make_film(duration=hours * HOUR) for _ in range(count)]


def report_body(*, title: Title, playback_id: str, seq: int, position: float) -> dict[str, Any]:
    """Return a heartbeat: a step further, all of it watched."""
    return {
        "videoId": title.id,
        "playbackId": playback_id,
        "seq": seq,
        "act": 1,
        "actKind": "start",
        "playedSinceAct": position,
        "position": position,
        "state": "playing",
        "eventTime": datetime.now(UTC).isoformat(),
        "intervals": [[max(0.0, position - STEP_SECONDS), position]],
    }


def gateway_event(
    *, method: str, path: str, token: str, body: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what API Gateway's REST proxy sends, with the headers a player's request has."""
    headers = {
        "Accept": "application/json",
        "Accept-Encoding": "gzip, br",
        "Accept-Language": "en-US",
        "Authorization": f"Bearer {token}",
        "CloudFront-Forwarded-Proto": "https",
        "CloudFront-Viewer-Country": "US",
        "Content-Type": "application/json",
        "Host": "api.reprise.example",
        "User-Agent": "RepriseTV/4.2 (living room)",
        "X-Amzn-Trace-Id": "Root=1-6738f2a1-0123456789abcdef01234567",
        "X-Correlation-Id": str(uuid4()),
        "X-Forwarded-For": "198.51.100.7, 203.0.113.9",
        "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https",
    }
    return {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "requestId": str(uuid4()),
            "stage": "v1",
            "resourcePath": path,
            "path": f"/v1{path}",
            "httpMethod": method,
            "identity": {"sourceIp": "198.51.100.7", "userAgent": headers["User-Agent"]},
        },
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


def answer_body(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a handler answered, as its client reads it."""
    found: dict[str, Any] = json.loads(answer["body"])
    return found


def _claims(viewer: Viewer) -> Claims:
    return Claims(
        account_id=viewer.account_id,
        session_id=viewer.session_id,
        profile_id=viewer.profile_id,
        policy=viewer.policy,
        expires_at=int(time.time()) + 900,
    )
