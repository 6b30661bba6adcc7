"""What carries places from live to durable: timers, queues and the flusher's bounds."""

import pytest

from infra_cdk.constructs.monitoring import Signal, signals
from infra_cdk.environments import ENVIRONMENTS
from infra_cdk.workers import FLUSH_PLACES, NOTE_COMPLETIONS
from tests.infra.conftest import CONFIG, ROOT, Resource, Stage, Template, synthesise


def queue(stage: Stage, name: str) -> Resource:
    return stage.service.only("AWS::SQS::Queue", QueueName=f"reprise-{stage.name}-{name}")


def source_of(stage: Stage, name: str) -> Resource:
    """Return what takes messages out of a queue."""
    arn = {"Fn::GetAtt": [queue(stage, name).id, "Arn"]}
    return stage.service.only("AWS::Lambda::EventSourceMapping", EventSourceArn=arn)


def test_an_order_stays_invisible_six_times_as_long_as_a_flusher_may_run(any_stage: Stage) -> None:
    flusher = any_stage.service.function(FLUSH_PLACES.deployed_name(stage=any_stage.name))
    visible_after = queue(any_stage, "flush").properties["VisibilityTimeout"]
    assert visible_after >= 6 * flusher.properties["Timeout"]


def test_an_order_that_fails_five_times_goes_to_the_dead_letters(any_stage: Stage) -> None:
    redrive = queue(any_stage, "flush").properties["RedrivePolicy"]
    assert redrive["maxReceiveCount"] == 5
    dead_letters = queue(any_stage, "flush-dead-letters")
    assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": [dead_letters.id, "Arn"]}


@pytest.mark.parametrize(
    "name",
    [
        *("flush-dead-letters", "events", "completions", "completions-dead-letters", "quarantine"),
        "revocations-dead-letters",
    ],
)
def test_what_waits_for_a_person_or_a_consumer_waits_fourteen_days(
    any_stage: Stage, name: str
) -> None:
    assert queue(any_stage, name).properties["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_every_queue_is_encrypted_and_refuses_plain_http(any_stage: Stage) -> None:
    queues = any_stage.service.all("AWS::SQS::Queue")
    assert len(queues) == 8
    assert all(found.properties["SqsManagedSseEnabled"] for found in queues)
    guarded = set()
    for policy in any_stage.service.all("AWS::SQS::QueuePolicy"):
        for statement in policy.properties["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Deny":
                assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
                guarded |= {reference["Ref"] for reference in policy.properties["Queues"]}
    assert guarded == {found.id for found in queues}


def test_the_flusher_takes_orders_and_reports_each_failed_one(any_stage: Stage) -> None:
    flusher = any_stage.service.function(FLUSH_PLACES.deployed_name(stage=any_stage.name))
    mapping = source_of(any_stage, "flush")
    assert mapping.properties["FunctionName"] == {"Ref": flusher.id}
    assert mapping.properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_completions_are_noted_and_each_failed_one_is_delivered_again(any_stage: Stage) -> None:
    noter = any_stage.service.function(NOTE_COMPLETIONS.deployed_name(stage=any_stage.name))
    mapping = source_of(any_stage, "completions")
    assert mapping.properties["FunctionName"] == {"Ref": noter.id}
    assert mapping.properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    completions = queue(any_stage, "completions")
    assert completions.properties["VisibilityTimeout"] >= 6 * noter.properties["Timeout"]
    redrive = completions.properties["RedrivePolicy"]
    dead_letters = queue(any_stage, "completions-dead-letters")
    assert redrive["maxReceiveCount"] == 5
    assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": [dead_letters.id, "Arn"]}


def test_only_the_flusher_has_a_reserved_concurrency_and_the_queue_keeps_to_it(
    any_stage: Stage,
) -> None:
    reserved = {
        function.properties["FunctionName"]: function.properties["ReservedConcurrentExecutions"]
        for function in any_stage.service.all("AWS::Lambda::Function")
        if "ReservedConcurrentExecutions" in function.properties
    }
    limit = ENVIRONMENTS[any_stage.name].flusher_concurrency
    assert reserved == {FLUSH_PLACES.deployed_name(stage=any_stage.name): limit}
    mapping = source_of(any_stage, "flush")
    assert mapping.properties["ScalingConfig"] == {"MaximumConcurrency": limit}
    assert limit >= 2, "SQS takes no less"


@pytest.mark.parametrize(
    ("worker", "rate"),
    [
        ("flush-plan-flush", "rate(5 minutes)"),
        ("flush-sweep-overdue", "rate(1 minute)"),
        ("sessions-collect-revocations", "rate(1 minute)"),
    ],
)
def test_a_timer_calls_its_worker_and_no_other(any_stage: Stage, worker: str, rate: str) -> None:
    name = f"reprise-{any_stage.name}-{worker}"
    rule = any_stage.service.only("AWS::Events::Rule", Name=f"{name}-schedule")
    function = any_stage.service.function(name)
    assert rule.properties["ScheduleExpression"] == rate
    assert rule.properties["State"] == "ENABLED"
    assert [target["Arn"] for target in rule.properties["Targets"]] == [
        {"Fn::GetAtt": [function.id, "Arn"]}
    ]


def test_the_local_config_can_flush_more_often(tmp_path_factory: pytest.TempPathFactory) -> None:
    stage = synthesise(
        "local", tmp_path_factory.mktemp("often"), config={**CONFIG, "flushMinutes": 1}
    )
    rule = stage.service.only("AWS::Events::Rule", Name="reprise-local-flush-plan-flush-schedule")
    assert rule.properties["ScheduleExpression"] == "rate(1 minute)"


def test_alarms_watch_age_quarantine_eviction_and_dead_letters(aws_stage: Stage) -> None:
    alarms = {
        alarm.properties["AlarmName"].removeprefix(f"reprise-{aws_stage.name}-"): alarm.properties
        for alarm in aws_stage.service.all("AWS::CloudWatch::Alarm")
    }
    assert {"OldestDirtyAge", "Quarantined", "EvictedState", "DeadLetters"} <= set(alarms)
    assert alarms["CompletionDeadLetters"]["Threshold"] == 0
    assert alarms["RevocationDeadLetters"]["Threshold"] == 0
    assert alarms["RevocationLag"]["Threshold"] == 300
    assert alarms["OldestDirtyAge"]["Threshold"] == 600
    assert alarms["Quarantined"]["Threshold"] == 0
    assert alarms["EvictedState"]["Threshold"] == 0
    assert alarms["DeadLetters"]["Threshold"] == 0
    assert alarms["Quarantined"]["Dimensions"] == [
        {"Name": "route", "Value": "flush/flush_places"},
        {"Name": "service", "Value": f"reprise-{aws_stage.name}-flush-flush-places"},
    ]
    assert all(alarm["AlarmActions"] for alarm in alarms.values())


@pytest.mark.parametrize("signal", signals(flush_minutes=5), ids=lambda signal: signal.metric)
def test_what_is_watched_is_what_the_service_measures(signal: Signal) -> None:
    sources = (ROOT / "layers" / "core" / "python" / "reprise").rglob("*.py")
    assert any(f'"{signal.metric}"' in path.read_text(encoding="utf-8") for path in sources)


def test_the_local_stage_rings_no_alarm(local: Template) -> None:
    assert not local.all("AWS::CloudWatch::Alarm")
