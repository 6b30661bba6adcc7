"""What carries a revocation to the edge: a timer, a queue, a publisher outside."""

from infra_cdk.workers import PUBLISH_REVOCATIONS
from tests.infra.conftest import Stage, Template

LONGEST_GRANT = 3600


def queue(stage: Stage, name: str) -> str:
    found = stage.service.only("AWS::SQS::Queue", QueueName=f"reprise-{stage.name}-{name}")
    return found.id


def test_a_message_is_tried_five_times_while_it_matters(any_stage: Stage) -> None:
    found = any_stage.service.only(
        "AWS::SQS::Queue", QueueName=f"reprise-{any_stage.name}-revocations"
    ).properties
    redrive = found["RedrivePolicy"]
    assert redrive["maxReceiveCount"] == 5
    dead_letters = queue(any_stage, "revocations-dead-letters")
    assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": [dead_letters, "Arn"]}
    assert found["VisibilityTimeout"] >= 6 * PUBLISH_REVOCATIONS.timeout_seconds
    assert 5 * found["VisibilityTimeout"] < found["MessageRetentionPeriod"] <= LONGEST_GRANT


def test_few_publishers_take_messages_and_report_each_failed_one(any_stage: Stage) -> None:
    publisher = any_stage.service.function(PUBLISH_REVOCATIONS.deployed_name(stage=any_stage.name))
    arn = {"Fn::GetAtt": [queue(any_stage, "revocations"), "Arn"]}
    mapping = any_stage.service.only("AWS::Lambda::EventSourceMapping", EventSourceArn=arn)
    assert mapping.properties["FunctionName"] == {"Ref": publisher.id}
    assert mapping.properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping.properties["ScalingConfig"] == {"MaximumConcurrency": 2}


def test_locally_the_store_is_this_machines(local: Template) -> None:
    function = local.function(PUBLISH_REVOCATIONS.deployed_name(stage="local"))
    variables = function.properties["Environment"]["Variables"]
    assert variables["EDGE_STORE_ARN"].startswith("arn:aws:cloudfront::127:key-value-store/")
    assert variables["AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE"] == "http://0.0.1:18070"
