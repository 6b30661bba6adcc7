"""Messages of the flush queue: read strictly, failed one by one, a line each."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from reprise.domain.flush import FlushOrder
from reprise.edge.consumers import BadMessageError, consume_orders, read_order, run
from tests.harness.functions import Context, captured


def sqs(*bodies: str) -> dict[str, Any]:
    return {
        "Records": [
            {"messageId": f"m-{number}", "body": body, "eventSource": "aws:sqs"}
            for number, body in enumerate(bodies, start=1)
        ]
    }


def test_a_range_of_buckets_is_read() -> None:
    order = read_order('{"firstBucket": 0, "lastBucket": 63, "olderThan": 360}')
    assert order == FlushOrder(first_bucket=0, last_bucket=63, older_than=360)


def test_the_items_of_one_profile_are_read() -> None:
    body = '{"firstBucket": 4, "lastBucket": 4, "profileId": "p", "itemIds": ["a", "b"]}'
    assert read_order(body).item_ids == ("a", "b")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"firstBucket": 0}',
        '{"firstBucket": "0", "lastBucket": 1}',
        '{"firstBucket": 5, "lastBucket": 4}',
        '{"firstBucket": 0, "lastBucket": 1024}',
        '{"firstBucket": -1, "lastBucket": 1}',
        '{"firstBucket": 0, "lastBucket": 0, "itemIds": ["a"]}',
        '{"firstBucket": 0, "lastBucket": 0, "profileId": "p"}',
        '{"firstBucket": 0, "lastBucket": 0, "profileId": "{b0001}", "itemIds": ["a"]}',
        '{"firstBucket": 0, "lastBucket": 0, "surprise": 1}',
    ],
)
def test_anything_else_is_no_order(body: str) -> None:
    with pytest.raises(BadMessageError):
        read_order(body)


def test_only_the_records_that_failed_are_delivered_again() -> None:
    def work(order: FlushOrder) -> Mapping[str, Any]:
        if order.first_bucket == 1:
            raise RuntimeError("this one fails")
        return {"clean": 7}

    orders = (json.dumps({"firstBucket": n, "lastBucket": n}) for n in range(3))
    with captured() as log:
        answer = consume_orders(sqs(*orders, "junk"), Context(), name="flush/x", work=work)
    failed = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
    assert failed == ["m-2", "m-4"]
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    levels = [line["level"] for line in lines if line["message"] == "work"]
    assert levels == ["INFO", "ERROR", "INFO", "ERROR"]


def test_a_message_that_always_fails_does_not_fail_its_batch() -> None:
    with captured():
        answer = consume_orders(sqs("junk"), Context(), name="flush/x", work=lambda _: {})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}


def test_work_writes_its_facts_and_what_it_raises_goes_on() -> None:
    def fail() -> Mapping[str, Any]:
        raise RuntimeError("down")

    with captured() as log:
        assert run(Context(), name="flush/y", work=lambda: {"orders": 3}) == {"orders": 3}
        with pytest.raises(RuntimeError):
            run(Context(), name="flush/y", work=fail)
    done, _, failed = [json.loads(line) for line in log.getvalue().splitlines()]
    assert (done["orders"], done["route"], done["level"]) == (3, "flush/y", "INFO")
    assert (failed["error"], failed["level"]) == ("RuntimeError", "ERROR")
