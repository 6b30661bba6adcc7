"""boto3 keeps the edge's key value store as it would CloudFront's, and viewers feel it at once."""

import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from reprise.adapters.grants_cloudfront import CloudFrontSigner
from reprise.domain.grants import grant_of_title, holder_of
from reprise_local.keys import ensure_grant_keys
from reprise_local.ports import free_port
from reprise_local.servers import EdgeServer
from reprise_local.servers.edge import STORE_ARN, EdgeSources
from tests.harness.closed_port import closed_port

PASSED = 503
"""What the edge answers to whom it lets pass here: there is no S3 behind it."""


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[EdgeServer]:
    _, keys = ensure_grant_keys(tmp_path / "keys")
    config = tmp_path / "deploy.json"
    config.write_text(json.dumps({"edgeSecret": "one"}), encoding="utf-8")
    sources = EdgeSources(
        s3=f"http://127.0.0.1:{closed_port()}",
        keys=keys,
        config=config,
        facts=tmp_path / "stack.json",
    )
    server = EdgeServer(
        folder=tmp_path / "edge", port=free_port(), sources=sources, store_port=free_port()
    )
    with server:
        yield server


@pytest.fixture
def client(edge: EdgeServer) -> Iterator[Any]:
    made = client_of(edge)
    yield made
    made.close()


def client_of(edge: EdgeServer, **options: Any) -> Any:
    return boto3.client(
        "cloudfront-keyvaluestore",
        endpoint_url=edge.store_url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(proxies={}, retries={"total_max_attempts": 1}, **options),
    )


def etag(client: Any) -> str:
    found: str = client.describe_key_value_store(KvsARN=STORE_ARN)["ETag"]
    return found


def put(client: Any, *keys: str) -> Any:
    entries = [{"Key": key, "Value": "1795000000"} for key in keys]
    return client.update_keys(KvsARN=STORE_ARN, IfMatch=etag(client), Puts=entries)


def refusal(error: ClientError) -> tuple[int, str]:
    answer = error.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


def listed(client: Any) -> list[str]:
    pages = client.get_paginator("list_keys").paginate(KvsARN=STORE_ARN)
    return [item["Key"] for page in pages for item in page.get("Items", [])]


def test_a_store_is_described_with_its_version_and_its_size(client: Any) -> None:
    empty = client.describe_key_value_store(KvsARN=STORE_ARN)
    assert (empty["KvsARN"], empty["ItemCount"], empty["TotalSizeInBytes"]) == (STORE_ARN, 0, 0)
    assert abs(empty["Created"].timestamp() - time.time()) < 60
    updated = put(client, "a", "bb")
    assert (updated["ItemCount"], updated["TotalSizeInBytes"]) == (2, 3 + 2 * 10)
    now = client.describe_key_value_store(KvsARN=STORE_ARN)
    assert now["ETag"] == updated["ETag"] != empty["ETag"]
    assert now["LastModified"] >= now["Created"]


def test_keys_are_put_and_deleted_and_listed_a_page_at_a_time(client: Any) -> None:
    names = [f"holder-{number:03}" for number in range(50)]
    put(client, *names)
    put(client, "holder-050", "holder/with: odd=letters%é")
    first = client.list_keys(KvsARN=STORE_ARN)
    assert [item["Key"] for item in first["Items"]] == names[:10]
    assert first["Items"][0]["Value"] == "1795000000"
    second = client.list_keys(KvsARN=STORE_ARN, MaxResults=50, NextToken=first["NextToken"])
    assert len(second["Items"]) == 42
    assert "NextToken" not in second
    assert listed(client) == [*names, "holder-050", "holder/with: odd=letters%é"]
    deletes = [{"Key": name} for name in names]
    client.update_keys(KvsARN=STORE_ARN, IfMatch=etag(client), Deletes=deletes)
    assert listed(client) == ["holder-050", "holder/with: odd=letters%é"]


def test_who_writes_to_an_older_version_is_told_of_the_conflict(client: Any) -> None:
    read = etag(client)
    put(client, "a")
    with pytest.raises(client.exceptions.ConflictException) as found:
        client.update_keys(KvsARN=STORE_ARN, IfMatch=read, Deletes=[{"Key": "a"}])
    assert refusal(found.value) == (409, "ConflictException")
    assert listed(client) == ["a"]


def test_more_than_fifty_keys_are_too_many_at_once(client: Any) -> None:
    with pytest.raises(client.exceptions.ValidationException) as found:
        put(client, *(f"k{number}" for number in range(51)))
    assert refusal(found.value) == (400, "ValidationException")
    assert listed(client) == []


def test_another_store_is_not_there(client: Any) -> None:
    other = STORE_ARN[:-1] + "1"
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.describe_key_value_store(KvsARN=other)


def test_a_request_that_is_not_signed_as_cloudfront_demands_is_refused(edge: EdgeServer) -> None:
    unsigned = client_of(edge, signature_version="v4")
    with pytest.raises(unsigned.exceptions.AccessDeniedException):
        put(unsigned, "a")
    unsigned.close()


def test_a_body_that_is_no_update_is_refused(edge: EdgeServer) -> None:
    assert edge.store_port is not None
    path = f"/key-value-stores/{STORE_ARN.replace(':', '%3A').replace('/', '%2F')}/keys"
    signed = {"Authorization": "AWS4-ECDSA-P256-SHA256 Credential=test"}
    bad = [b"", b"{", b"[]", b'{"Puts": [{"Key": "a"}]}', b'{"Puts": [{"Key": "a", "Value": 1}]}']
    bad += [b'{"Puts": {}, "Deletes": "a"}', b'{"Puts": [{"Key": "a", "Value": "1"}, 1]}']
    bad += [b'{"Puts": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]}', bytes(2**22)]
    for body in bad:
        connection = http.client.HTTPConnection("127.0.0.1", edge.store_port, timeout=10)
        connection.request("POST", path, body=body, headers=signed)
        answer = connection.getresponse()
        told = (answer.status, answer.headers["x-amzn-ErrorType"])
        connection.close()
        assert told == (400, "ValidationException"), body[:60]


def test_the_store_outlives_the_edge(edge: EdgeServer, client: Any) -> None:
    version = put(client, "a", "b")["ETag"]
    edge.kill()
    edge.start()
    assert (etag(client), listed(client)) == (version, ["a", "b"])


def asked(edge: EdgeServer, holder: str) -> int:
    """Ask for a film with a grant that is good for an hour, made out to a holder."""
    private = (edge.sources.keys.parent / "grants.json").read_text(encoding="utf-8")
    signer = CloudFrontSigner(keys=private, setting="keys")
    grant = grant_of_title(
        media_url=f"{edge.url}/media", holder=holder, title_id="t-1", now=int(time.time())
    )
    target = f"/media/{holder}/t-1/v/0001.m4s?{signer.sign(grant=grant).query}"
    connection = http.client.HTTPConnection("127.0.0.1", edge.port, timeout=10)
    connection.request("GET", target)
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_holder_in_the_store_is_refused_at_once_and_nobody_else_is(
    edge: EdgeServer, client: Any
) -> None:
    gone, stays = holder_of("a stolen session"), holder_of("another session")
    assert (asked(edge, gone), asked(edge, stays)) == (PASSED, PASSED)
    put(client, gone)
    assert (asked(edge, gone), asked(edge, stays)) == (403, PASSED)
    edge.stop()
    edge.start()
    assert (asked(edge, gone), asked(edge, stays)) == (403, PASSED)
    client.update_keys(KvsARN=STORE_ARN, IfMatch=etag(client), Deletes=[{"Key": gone}])
    assert asked(edge, gone) == PASSED


def test_viewers_do_not_reach_the_store(edge: EdgeServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", edge.port, timeout=10)
    connection.request("GET", f"/key-value-stores/{STORE_ARN}", headers={"Authorization": "AWS4"})
    answer = connection.getresponse()
    assert b"KvsARN" not in answer.read()
    assert "ETag" not in answer.headers
    connection.close()
