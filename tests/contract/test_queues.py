"""The promises of the flush queue and the quarantine, kept by the fakes and by SQS (moto)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from reprise.adapters import sqs
from reprise.adapters.flush_queue_sqs import SqsFlushQueue
from reprise.adapters.quarantine_sqs import SqsQuarantine
from reprise.application.ports import FlushQueue, QuarantineQueue
from reprise.domain.errors import UnavailableError
from reprise.domain.flush import DamagedItem, FlushOrder, urgent_order
from reprise.edge.consumers import read_order
from tests import flush_builders as make
from tests.fakes.flush_queue import FakeFlushQueue
from tests.fakes.quarantine import FakeQuarantine

REGION = "eu-central-1"
NO_REASON: Mapping[tuple[str, str], str] = {}


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
    address: str = client.create_queue(QueueName="any")["QueueUrl"]
    return address


def bodies(client: Any, url: str) -> list[str]:
    found: list[str] = []
    while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [message["Body"] for message in messages]
        for message in messages:
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


ORDERS = [
    FlushOrder(0, 63),
    FlushOrder(64, 127, older_than=360),
    urgent_order(profile_id=make.PROFILE, item_ids=[make.an_id(1), make.an_id(2)]),
    *(FlushOrder(bucket, bucket) for bucket in range(200, 240)),
]


@pytest.fixture(params=["fake", "sqs"])
def flush_queue(request: pytest.FixtureRequest) -> FlushQueue:
    if request.param == "fake":
        return FakeFlushQueue()
    return SqsFlushQueue(url=request.getfixturevalue("url"))


def sent(queue: FlushQueue, request: pytest.FixtureRequest) -> list[FlushOrder]:
    if isinstance(queue, FakeFlushQueue):
        return queue.orders
    found = bodies(request.getfixturevalue("client"), request.getfixturevalue("url"))
    return [read_order(body) for body in found]


def test_every_order_arrives_as_the_consumer_reads_it(
    flush_queue: FlushQueue, request: pytest.FixtureRequest
) -> None:
    flush_queue.send(orders=ORDERS)
    assert set(sent(flush_queue, request)) == set(ORDERS)


def test_no_order_sends_nothing(flush_queue: FlushQueue, request: pytest.FixtureRequest) -> None:
    flush_queue.send(orders=[])
    assert sent(flush_queue, request) == []


def test_what_does_not_apply_is_not_in_an_orders_message(client: Any, url: str) -> None:
    SqsFlushQueue(url=url).send(orders=[FlushOrder(0, 63)])
    assert [json.loads(body) for body in bodies(client, url)] == [
        {"firstBucket": 0, "lastBucket": 63}
    ]


def test_a_queue_that_is_gone_is_unavailable(client: Any, url: str) -> None:
    queue = SqsFlushQueue(url=url)
    quarantine = SqsQuarantine(url=url)
    client.delete_queue(QueueUrl=url)
    with pytest.raises(UnavailableError):
        queue.send(orders=ORDERS)
    with pytest.raises(UnavailableError):
        quarantine.put(items=[make.make_item()], reason=NO_REASON)
    with pytest.raises(UnavailableError):
        quarantine.put_damaged(items=[DAMAGED])
    with pytest.raises(UnavailableError):
        quarantine.take(limit=1)
    with pytest.raises(UnavailableError):
        quarantine.discard(receipts=["any"])


@pytest.fixture(params=["fake", "sqs"])
def quarantine(request: pytest.FixtureRequest) -> QuarantineQueue:
    if request.param == "fake":
        return FakeQuarantine()
    return SqsQuarantine(url=request.getfixturevalue("url"))


def test_a_quarantined_item_is_read_as_it_was_put(quarantine: QuarantineQueue) -> None:
    item = make.make_item(
        closed_viewings=(make.make_viewing(),), completions=(5_000,), attempts=7, provisional=True
    )
    quarantine.put(items=[item], reason={(item.profile_id, item.item_id): "too large"})
    (message,) = quarantine.take(limit=10)
    assert message.item == item
    assert (message.profile_id, message.item_id) == (item.profile_id, item.item_id)
    quarantine.discard(receipts=[message.receipt])
    assert list(quarantine.take(limit=10)) == []


def test_more_than_one_batch_is_taken_up_to_the_limit(quarantine: QuarantineQueue) -> None:
    items = [make.make_item(profile_id=make.an_id(number)) for number in range(25)]
    quarantine.put(items=items, reason=NO_REASON)
    taken = quarantine.take(limit=23)
    assert len({message.profile_id for message in taken}) == 23
    quarantine.discard(receipts=[message.receipt for message in taken])


def test_an_item_too_large_to_travel_leaves_its_name(url: str, client: Any) -> None:
    quarantine = SqsQuarantine(url=url)
    huge = make.make_item(place=make.make_place(owner="x" * 300_000))
    lone = make.make_item(profile_id=make.an_id(1), place=make.make_place(owner="\ud800"))
    quarantine.put(items=[huge, lone], reason=NO_REASON)
    found = {message.profile_id: message.item for message in quarantine.take(limit=10)}
    assert found == {huge.profile_id: None, lone.profile_id: lone}


DAMAGED = DamagedItem(make.PROFILE, make.VIDEO, 7, "no place", {"pos": "far", "out": "[]"})


def test_a_damaged_item_is_named_and_says_so(quarantine: QuarantineQueue) -> None:
    quarantine.put_damaged(items=[DAMAGED])
    (message,) = quarantine.take(limit=10)
    assert (message.profile_id, message.item_id) == (make.PROFILE, make.VIDEO)
    assert (message.item, message.damaged) == (None, True)
    quarantine.discard(receipts=[message.receipt])
    assert list(quarantine.take(limit=10)) == []


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        pytest.param({"pos": "far", "out": "[" * 40_000}, 40_000, id="whole"),
        pytest.param({"pos": "far", "out": "x" * 5_000_000}, 50_000, id="one that is huge"),
        pytest.param(
            {"pos": "far", "out": "\0" * 9_000} | {f"d:{n}": "\0" * 9_000 for n in range(999)},
            200,
            id="a thousand of what takes most room",
        ),
    ],
)
def test_the_raw_fields_of_a_damaged_item_travel_as_far_as_they_fit(
    url: str, client: Any, fields: dict[str, str], kept: int
) -> None:
    SqsQuarantine(url=url).put_damaged(items=[replace(DAMAGED, fields=fields)])
    (body,) = bodies(client, url)
    assert len(body) <= sqs.BATCH_BYTES
    found = json.loads(body)
    assert (found["reason"], found["raw"]["pos"]) == ("no place", "far")
    assert len(found["raw"]["out"]) == kept


@pytest.mark.parametrize(
    "body", ["{", "[]", "{}", '{"profileId": "p", "itemId": "i", "state": {}}']
)
def test_a_message_that_is_not_ours_is_left_where_it_is(url: str, client: Any, body: str) -> None:
    client.send_message(QueueUrl=url, MessageBody=body)
    assert list(SqsQuarantine(url=url).take(limit=1)) == []


def test_large_bodies_travel_in_smaller_batches(client: Any, url: str) -> None:
    large = ["x" * (sqs.BATCH_BYTES // 2 - 10)] * 5
    assert list(sqs.SqsQueue(url=url).send(large)) == []
    assert bodies(client, url) == large


def test_what_one_message_fails_does_not_fail_the_others(client: Any, url: str) -> None:
    class Refusing:
        def send_message_batch(self, **arguments: Any) -> dict[str, Any]:
            entries = arguments["Entries"]
            return {"Failed": [{"Id": entry["Id"]} for entry in entries if entry["Id"] == "12"]}

    queue = sqs.SqsQueue(url=url, connect=Refusing)
    assert list(queue.send(["body"] * 30)) == [12]


def test_nothing_connects_before_something_is_sent() -> None:
    def connect() -> Any:
        pytest.fail("it connected")

    queue = SqsFlushQueue(url="anywhere", connect=connect)
    queue.send(orders=[])
