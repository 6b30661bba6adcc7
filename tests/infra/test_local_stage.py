"""The local stage is what LocalStack's open core can run, and nothing more."""

import pytest

from infra_cdk.environments import ENVIRONMENTS, LOCAL_ACCOUNT
from infra_cdk.routes import FUNCTIONS
from infra_cdk.stores import grant_secret_name, signing_secret_name
from reprise_local import deploy
from tests.infra.conftest import Stage, Template

KNOWN_TO_LOCALSTACK = {
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::GatewayResponse",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::Model",
    "AWS::ApiGateway::RequestValidator",
    "AWS::ApiGateway::Resource",
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Stage",
    "AWS::CloudWatch::Alarm",
    "AWS::Events::EventBus",
    "AWS::Events::Rule",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::KMS::Key",
    "AWS::Lambda::Alias",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Function",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Url",
    "AWS::Lambda::Version",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::SQS::QueuePolicy",
    "AWS::SSM::Parameter",
    "AWS::Scheduler::Schedule",
    "AWS::SecretsManager::Secret",
    "AWS::StepFunctions::StateMachine",
}
"""What its CloudFormation makes. It passes over any other type, and what refers to it fails."""


def test_the_local_stage_asks_for_nothing_that_localstack_does_not_know(local: Template) -> None:
    assert {resource.type for resource in local.all()} <= KNOWN_TO_LOCALSTACK


def test_the_local_stage_owns_no_stores(stages: dict[str, Stage]) -> None:
    assert stages["local"].data is None
    assert all("VpcConfig" not in found.properties for found in stages["local"].service.all())


def test_the_local_stage_is_pinned_to_an_account_nobody_can_have() -> None:
    assert ENVIRONMENTS["local"].account == LOCAL_ACCOUNT == "000000000000"
    assert ENVIRONMENTS["staging"].account is None


def test_the_local_stage_keeps_nothing_when_it_is_removed(local: Template) -> None:
    assert not [found.id for found in local.all() if found.body.get("DeletionPolicy") == "Retain"]


def test_deploying_runs_no_code_of_the_cdks_own(any_stage: Stage) -> None:
    for template in (any_stage.service, any_stage.data):
        if template is not None:
            types = {resource.type for resource in template.all()}
            assert not {name for name in types if name.startswith("Custom::")}
            assert "AWS::CDK::Metadata" not in types


@pytest.mark.parametrize(
    "name",
    ["RestApiId", "ApiUrl", "FlushQueueUrl", "FlushDeadLetterQueueUrl", "EventQueueUrl"]
    + ["CompletionQueueUrl", "CompletionDeadLetterQueueUrl"]
    + ["QuarantineQueueUrl", "FlusherConcurrency", "FlushScheduleRule", "SweepScheduleRule"]
    + ["RevocationQueueUrl", "RevocationDeadLetterQueueUrl", "RevocationScheduleRule"]
    + [f"{row.title}Function" for row in FUNCTIONS],
)
def test_an_output_tells_the_launcher_what_was_deployed(any_stage: Stage, name: str) -> None:
    assert any_stage.service.body["Outputs"][name]["Value"]


def test_the_launcher_writes_the_secrets_that_the_functions_are_told_of() -> None:
    assert signing_secret_name(stage="local") == deploy.SIGNING_SECRET
    assert grant_secret_name(stage="local") == deploy.GRANT_SECRET
