"""The promise of `EventPublisher`, kept by the fake, by SQS (moto) and by the log."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from jsonschema import Draft202012Validator
from moto import mock_aws

from reprise.adapters.event_codec import event_to_json, event_to_object
from reprise.adapters.publisher_log import LogPublisher
from reprise.adapters.publisher_sqs import SqsPublisher
from reprise.application.ports import EventPublisher
from reprise.domain.flush import event_of
from reprise.domain.playstate import ViewingEvent
from tests import flush_builders as make
from tests.fakes.publisher import FakePublisher

SCHEMA = Path(__file__).parents[2] / "events/schemas/playback.viewing.v1.json"
REGION = "eu-central-1"


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


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
    address: str = client.create_queue(QueueName="events")["QueueUrl"]
    return address


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture(params=["fake", "sqs", "log"])
def publisher(request: pytest.FixtureRequest, lines: list[str]) -> EventPublisher:
    if request.param == "fake":
        return FakePublisher()
    if request.param == "log":
        return LogPublisher(write=lines.append)
    return SqsPublisher(url=request.getfixturevalue("url"))


def published(
    publisher: EventPublisher, request: pytest.FixtureRequest, lines: list[str]
) -> list[Any]:
    if isinstance(publisher, FakePublisher):
        return [event_to_object(event) for event in publisher.events]
    if isinstance(publisher, LogPublisher):
        return [json.loads(line) for line in lines]
    found: list[Any] = []
    client, url = request.getfixturevalue("client"), request.getfixturevalue("url")
    while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(message["Body"]) for message in messages]
        for message in messages:
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def film() -> ViewingEvent:
    return event_of(make.make_item(completions=(make.NOW_US, make.NOW_US + 1_000)))


def events(number: int) -> list[ViewingEvent]:
    return [
        event_of(
            make.make_item(
                profile_id=make.an_id(n),
                place=make.make_place(video_id=make.an_id(1), item_id=make.an_id(2)),
            )
        )
        for n in range(number)
    ]


def test_every_event_is_published_once_and_fits_its_schema(
    publisher: EventPublisher,
    request: pytest.FixtureRequest,
    lines: list[str],
    validator: Draft202012Validator,
) -> None:
    sent = [film(), *events(45)]
    assert list(publisher.publish(events=sent)) == []
    found = published(publisher, request, lines)
    assert sorted(event["eventId"] for event in found) == sorted(event.event_id for event in sent)
    for event in found:
        validator.validate(event)


def test_publishing_nothing_is_fine(publisher: EventPublisher) -> None:
    assert list(publisher.publish(events=[])) == []


def test_a_queue_that_is_gone_fails_every_event(client: Any, url: str) -> None:
    publisher = SqsPublisher(url=url)
    client.delete_queue(QueueUrl=url)
    sent = events(15)
    assert list(publisher.publish(events=sent)) == [event.event_id for event in sent]


def test_a_log_that_is_full_fails_its_event() -> None:
    def write(_: str) -> None:
        raise OSError("no space left")

    sent = events(2)
    failed = LogPublisher(write=write).publish(events=sent)
    assert list(failed) == [event.event_id for event in sent]


def test_an_event_says_what_was_watched_and_where() -> None:
    body = json.loads(event_to_json(film()))
    assert body["intervals"] == [[1200.0, 1234.5, "pb-1"]]
    assert body["changedAt"] == "2026-11-18T11:06:40.000000Z"
    assert body["completedViewings"] == [
        "2026-11-18T11:06:40.000000Z",
        "2026-11-18T11:06:40.001000Z",
    ]
    assert (body["episodeId"], body["playbackId"]) == (None, "pb-1")


def test_an_act_of_the_account_has_no_playback(validator: Draft202012Validator) -> None:
    body = event_to_object(event_of(make.make_item(place=make.make_place(owner=""))))
    assert body["playbackId"] is None
    validator.validate(body)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("eventId", ""),
        ("rev", 0),
        ("position", -1),
        ("state", "idle"),
        ("changedAt", "2026-11-18T11:06:40Z"),
        ("intervals", [[1, 2]]),
        ("intervals", [[1, 2, "pb", 3]]),
        ("surprise", True),
    ],
)
def test_the_schema_refuses_what_is_no_such_event(
    validator: Draft202012Validator, field: str, value: Any
) -> None:
    assert not validator.is_valid(event_to_object(film()) | {field: value})
