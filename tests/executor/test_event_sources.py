"""SQS, EventBridge and API Gateway reach functions through the executor."""

import json
import urllib.request
from typing import Any
from uuid import uuid4

import pytest

from tests.executor.cloud import Cloud, eventually

pytestmark = pytest.mark.cloud

PRINT = """
    import json
    def handle(event, context):
        print("event", json.dumps(event))
"""


@pytest.fixture(scope="module")
def minute_rule(cloud: Cloud) -> str:
    """A rule that fires every minute, made early so that the wait overlaps other tests."""
    return _rule(cloud, ScheduleExpression="rate(1 minute)")


def _rule(cloud: Cloud, **trigger: str) -> str:
    name = cloud.deploy(PRINT)
    arn = cloud.functions.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    events = cloud.client("events")
    events.put_rule(Name=name, **trigger)
    events.put_targets(Rule=name, Targets=[{"Id": "function", "Arn": arn}])
    return name


def _queue(sqs: Any, **attributes: str) -> tuple[str, str]:
    url = sqs.create_queue(QueueName=f"q-{uuid4().hex[:12]}", Attributes=attributes)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, found["Attributes"]["QueueArn"]


@pytest.mark.usefixtures("minute_rule")
def test_only_the_failed_message_of_a_batch_comes_again_and_is_then_set_aside(
    cloud: Cloud,
) -> None:
    sqs = cloud.client("sqs")
    dead_url, dead_arn = _queue(sqs)
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2})
    url, arn = _queue(sqs, VisibilityTimeout="2", RedrivePolicy=redrive)
    name = cloud.deploy(
        """
        def handle(event, context):
            bodies = {record["messageId"]: record["body"] for record in event["Records"]}
            print("took", ",".join(sorted(bodies.values())))
            bad = [{"itemIdentifier": id} for id, body in bodies.items() if body == "bad"]
            return {"batchItemFailures": bad}
        """,
        Timeout=2,
    )
    for body in ("one", "two", "bad", "three"):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    cloud.functions.create_event_source_mapping(
        EventSourceArn=arn,
        FunctionName=name,
        BatchSize=10,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    dead = eventually(
        lambda: sqs.receive_message(QueueUrl=dead_url, WaitTimeSeconds=1).get("Messages"),
        seconds=30,
        what="the dead letter",
    )
    assert [message["Body"] for message in dead] == ["bad"]
    took = [line for line in cloud.written(name).splitlines() if line.startswith("took")]
    delivered = ",".join(line.removeprefix("took ") for line in took).split(",")
    assert sorted(delivered) == ["bad", "bad", "one", "three", "two"]


def test_an_event_on_the_bus_reaches_its_target(cloud: Cloud) -> None:
    source = f"reprise.{uuid4().hex[:8]}"
    name = _rule(cloud, EventPattern=json.dumps({"source": [source]}))
    entry = {"Source": source, "DetailType": "ViewingClosed", "Detail": '{"place": 12}'}
    cloud.client("events").put_events(Entries=[entry])
    written = eventually(
        lambda: text if "event" in (text := cloud.written(name)) else None, what="the event"
    )
    event = json.loads(written.partition("event ")[2].splitlines()[0])
    assert (event["detail-type"], event["detail"]) == ("ViewingClosed", {"place": 12})


def test_a_route_of_api_gateway_is_answered(cloud: Cloud) -> None:
    name = cloud.deploy("""
        import json
        def handle(event, context):
            said = {"method": event["httpMethod"], "body": event["body"]}
            return {"statusCode": 201, "headers": {"x-said": "yes"}, "body": json.dumps(said)}
    """)
    request = urllib.request.Request(
        _route(cloud, name), data=b'{"p": 1}', headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as reply:
        assert (reply.status, reply.headers["x-said"]) == (201, "yes")
        assert json.load(reply) == {"method": "POST", "body": '{"p": 1}'}


def test_a_rule_of_one_minute_fires_by_itself(cloud: Cloud, minute_rule: str) -> None:
    written = eventually(
        lambda: text if "Scheduled Event" in (text := cloud.written(minute_rule)) else None,
        seconds=75,
        what="the schedule",
    )
    assert '"source": "aws.events"' in written


def _route(cloud: Cloud, name: str) -> str:
    gateway = cloud.client("apigateway")
    arn = cloud.functions.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    api = gateway.create_rest_api(name=name)["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    place = {"restApiId": api, "resourceId": root, "httpMethod": "POST"}
    gateway.put_method(**place, authorizationType="NONE")
    gateway.put_integration(
        **place,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/{arn}/invocations",
    )
    gateway.create_deployment(restApiId=api, stageName="v1")
    return f"{cloud.endpoint}/_aws/execute-api/{api}/v1/"
