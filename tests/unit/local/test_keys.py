"""Signing keys of a local stack are made once, are private, and fit each other."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from reprise.adapters.grants_cloudfront import CloudFrontSigner
from reprise.adapters.tokens_pyjwt import JwtIssuer, JwtVerifier
from reprise.domain.grants import grant_of_title
from reprise.domain.identity import Claims
from reprise_edge.grants import KeyGroup, presented
from reprise_local.keys import FILE, ensure_grant_keys, ensure_signing_keys

NOW = 1_795_000_000


def test_the_keys_sign_and_prove(tmp_path: Path) -> None:
    private, public = ensure_signing_keys(tmp_path / "keys")
    claims = Claims("account-1", "session-1", None, None, NOW + 900)
    token = JwtIssuer(keys=private, issuer="i", audience="a").issue(claims=claims, now=NOW)
    assert JwtVerifier(keys=public, issuer="i", audience="a").verify(token=token, now=NOW) == claims


def test_the_same_keys_come_every_time(tmp_path: Path) -> None:
    assert ensure_signing_keys(tmp_path) == ensure_signing_keys(tmp_path)


def test_two_that_start_at_once_end_with_the_same_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda _: ensure_signing_keys(tmp_path), range(3)))
    assert made[0] == made[1] == made[2]


def test_the_file_is_its_owners_alone_and_nothing_else_is_left(tmp_path: Path) -> None:
    ensure_signing_keys(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_the_public_set_holds_nothing_private(tmp_path: Path) -> None:
    _, public = ensure_signing_keys(tmp_path)
    assert [sorted(key) for key in json.loads(public)["keys"]] == [
        ["alg", "e", "kid", "kty", "n", "use"]
    ]


def test_the_keys_of_grants_sign_what_the_edge_lets_pass(tmp_path: Path) -> None:
    private, public = ensure_grant_keys(tmp_path / "keys")
    media_url = "http://127.0.0.1:1/media"
    grant = grant_of_title(media_url=media_url, holder="h", title_id="t", now=NOW)
    signed = CloudFrontSigner(keys=private, setting="keys").sign(grant=grant)
    trusted = json.loads(public.read_text())["keys"]
    assert [sorted(key) for key in trusted] == [["id", "publicKey"]] * 2, "one for a rotation"
    KeyGroup({key["id"]: key["publicKey"] for key in trusted}).check(
        grant=presented(query=signed.query, cookies=""),
        base_url=f"{media_url}/h/t/master.m3u8",
        address="127.0.0.1",
        now=NOW,
    )


def test_two_that_start_at_once_end_with_the_same_keys_of_grants(tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda _: ensure_grant_keys(tmp_path), range(3)))
    assert made[0] == made[1] == made[2] == ensure_grant_keys(tmp_path)
    assert (tmp_path / "grants.json").stat().st_mode & 0o777 == 0o600
