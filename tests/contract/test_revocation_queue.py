"""The promise of `RevocationQueue`, kept by the fake and by SQS (moto)."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from reprise.adapters.revocation_queue_sqs import PER_MESSAGE, SqsRevocationQueue
from reprise.application.revocation_ports import RevocationQueue
from reprise.domain.errors import UnavailableError
from reprise.domain.grants import holder_of
from reprise.domain.revocations import Revocation
from reprise.edge.revocations import read_revocations
from tests.fakes.revocation_queue import FakeRevocationQueue

NOW = 1_795_000_000
REGION = "eu-central-1"
SQS_OCTETS = 256 * 1024


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.client("sqs", region_name=REGION)


@pytest.fixture
def url(client: Any) -> str:
    address: str = client.create_queue(QueueName="revocations")["QueueUrl"]
    return address


@pytest.fixture(params=["fake", "sqs"])
def queue(request: pytest.FixtureRequest) -> RevocationQueue:
    if request.param == "fake":
        return FakeRevocationQueue()
    return SqsRevocationQueue(url=request.getfixturevalue("url"))


def bodies(client: Any, url: str) -> list[str]:
    found: list[str] = []
    while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [message["Body"] for message in messages]
        for message in messages:
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def told(queue: RevocationQueue, request: pytest.FixtureRequest) -> list[Revocation]:
    if isinstance(queue, FakeRevocationQueue):
        return queue.told
    found = bodies(request.getfixturevalue("client"), request.getfixturevalue("url"))
    return [revocation for body in found for revocation in read_revocations(body)]


def revocations(count: int) -> list[Revocation]:
    return [Revocation(holder_of(str(n)), NOW + n, NOW + n + 3720) for n in range(count)]


@pytest.mark.parametrize("count", [0, 1, 2 * PER_MESSAGE + 1])
def test_every_revocation_arrives_as_the_consumer_reads_it(
    queue: RevocationQueue, request: pytest.FixtureRequest, count: int
) -> None:
    sent = revocations(count)
    queue.send(revocations=sent)
    found = told(queue, request)
    assert len(found) == count
    assert set(found) == set(sent)


def test_a_message_holds_a_thousand_and_is_within_what_sqs_takes(client: Any, url: str) -> None:
    SqsRevocationQueue(url=url).send(revocations=revocations(PER_MESSAGE + 1))
    found = bodies(client, url)
    assert sorted(len(read_revocations(body)) for body in found) == [1, PER_MESSAGE]
    assert max(len(body.encode()) for body in found) < SQS_OCTETS


def test_a_queue_that_is_gone_is_unavailable(client: Any, url: str) -> None:
    queue = SqsRevocationQueue(url=url)
    client.delete_queue(QueueUrl=url)
    with pytest.raises(UnavailableError):
        queue.send(revocations=revocations(1))
