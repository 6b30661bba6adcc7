"""Whose grant it is decides, after the grant itself: a holder who was revoked gets nothing."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from infra_cdk.delivery_rules import Behavior
from reprise.adapters.grants_cloudfront import CloudFrontSigner
from reprise.domain.grants import Grant
from reprise_edge.answers import Answer
from reprise_edge.app import Edge
from reprise_edge.gateway import Gateway
from reprise_edge.grants import KeyGroup
from reprise_edge.objects import S3
from reprise_edge.requests import Request, plain_path
from reprise_edge.upstream import Upstream
from tests.harness.grant_keys import ecdsa_key, key_group, signing_set
from tests.harness.holder_cases import CASES, HOLDER, REVOKED

NOW = 1_795_000_000
FILE = f"/media/{HOLDER}/t-1/x.vtt"
GONE = f"/media/{REVOKED}/t-1/x.vtt"


@dataclass
class Files:
    """Has every object, and remembers which were asked for."""

    keys: list[str] = field(default_factory=list)

    async def serve(self, _: Request, *, behavior: Behavior, key: str) -> Answer:
        assert behavior.signed
        self.keys.append(key)
        return Answer(200, [("Content-Length", "1")], b"x")


@dataclass(frozen=True)
class Got:
    status: int
    body: bytes
    keys: list[str]


def asked(path: str, *, method: str = "GET", resource: str | None = "*") -> Got:
    """Ask an edge of its own for a path with the grant of a resource, or with none."""
    files, sent = Files(), list[Mapping[str, Any]]()
    edge = Edge(
        keys=KeyGroup(key_group([ecdsa_key()])),
        revoked={REVOKED},
        files=cast(S3, files),
        gateway=cast(Gateway, None),
        upstream=cast(Upstream, None),
        log=lambda _: None,
        clock=lambda: NOW,
    )
    scope = {
        "type": "http",
        "method": method,
        "scheme": "https",
        "raw_path": path.encode(),
        "query_string": b"" if resource is None else query(resource),
        "headers": [(b"host", b"h")],
        "client": ("127.0.0.1", 1),
    }

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    finish(edge(scope, cast(Any, None), send))
    return Got(sent[0]["status"], sent[1]["body"], files.keys)


def query(resource: str) -> bytes:
    signer = CloudFrontSigner(keys=signing_set(ecdsa_key()), setting="keys")
    grant = Grant(resource=resource, issued_at=NOW, expires_at=NOW + 60)
    return signer.sign(grant=grant).query.encode()


def finish(work: Awaitable[None]) -> None:
    """Run what never waits, without an event loop: that would be a socket."""
    with pytest.raises(StopIteration):
        work.__await__().send(None)


@pytest.mark.parametrize(("path", "served"), CASES.values(), ids=CASES.keys())
def test_a_path_is_served_without_its_holder_or_refused(path: str, served: str | None) -> None:
    got = asked(path)
    if served is None:
        assert (got.status, got.keys) == (403, [])
        assert b"<Code>AccessDenied</Code><Message>Access denied</Message>" in got.body
    else:
        assert (got.status, got.keys) == (200, [str(plain_path(served))[1:]])


def test_the_grant_is_proved_first_so_that_nobody_learns_who_was_revoked() -> None:
    unsigned = asked(GONE, resource=None)
    assert unsigned == asked(FILE, resource=None)
    assert (unsigned.status, b"MissingKey" in unsigned.body) == (403, True)
    other = f"https://h/media/{HOLDER}/t-2/*"
    assert asked(GONE, resource=other) == asked(FILE, resource=other)


def test_the_grant_of_one_holder_opens_no_path_of_another() -> None:
    revoked = f"https://h/media/{REVOKED}/t-1/*"
    assert asked(FILE, resource=revoked).status == 403
    assert asked(FILE, resource=f"https://h/media/{HOLDER}/t-1/*").status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_holder_who_was_revoked_is_refused_whatever_is_asked(method: str) -> None:
    assert asked(FILE, method=method).status == 200
    assert asked(GONE, method=method).status == 403
