"""No permission is wider than a written reason."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from infra_cdk.permissions import (
    MANAGED_POLICY_REASONS,
    PARTIAL_WILDCARD_REASONS,
    WILDCARD_REASONS,
)
from tests.infra.conftest import CONFIG, Stage, Template


def allowed(template: Template) -> Iterator[tuple[list[str], list[str]]]:
    """Give each Allow statement as its actions and its resources, references written out."""
    for policy in template.all("AWS::IAM::Policy"):
        for statement in policy.properties["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow":
                yield (
                    _listed(statement["Action"]),
                    [_text(r) for r in _listed(statement["Resource"])],
                )


def templates(stage: Stage) -> list[Template]:
    return [template for template in (stage.service, stage.data) if template is not None]


def test_no_action_is_a_wildcard(any_stage: Stage) -> None:
    for template in templates(any_stage):
        for actions, _ in allowed(template):
            assert not [action for action in actions if "*" in action]


def test_every_permission_on_all_resources_has_a_reason(any_stage: Stage) -> None:
    for template in templates(any_stage):
        for actions, resources in allowed(template):
            if "*" in resources:
                assert set(actions) <= set(WILDCARD_REASONS)


def test_every_permission_on_a_pattern_has_a_reason(any_stage: Stage) -> None:
    for template in templates(any_stage):
        for actions, resources in allowed(template):
            if any("*" in resource and resource != "*" for resource in resources):
                assert set(actions) <= set(PARTIAL_WILDCARD_REASONS)


def test_a_pattern_names_the_system_keyspaces_only(any_stage: Stage) -> None:
    for template in templates(any_stage):
        for _, resources in allowed(template):
            patterns = [resource for resource in resources if "*" in resource and resource != "*"]
            assert all(pattern.endswith(":/keyspace/system*") for pattern in patterns)


def test_no_reason_is_left_without_its_permission(aws_stage: Stage) -> None:
    everywhere: set[str] = set()
    patterned: set[str] = set()
    for template in templates(aws_stage):
        for actions, resources in allowed(template):
            everywhere |= set(actions) if "*" in resources else set()
            patterned |= (
                set(actions) if any("system*" in resource for resource in resources) else set()
            )
    assert everywhere == set(WILDCARD_REASONS)
    assert patterned == set(PARTIAL_WILDCARD_REASONS)


def test_every_managed_policy_has_a_reason(any_stage: Stage) -> None:
    for template in templates(any_stage):
        for role in template.all("AWS::IAM::Role"):
            for policy in role.properties.get("ManagedPolicyArns", []):
                name = re.sub(r".*:policy/", "", _text(policy))
                assert name in MANAGED_POLICY_REASONS


def test_each_role_is_assumed_by_one_service_only(any_stage: Stage) -> None:
    for template in templates(any_stage):
        for role in template.all("AWS::IAM::Role"):
            statements = role.properties["AssumeRolePolicyDocument"]["Statement"]
            assert [statement["Action"] for statement in statements] == ["sts:AssumeRole"]
            assert isinstance(statements[0]["Principal"]["Service"], str)


def test_only_the_flusher_an_operator_and_an_erasure_may_change_the_history(
    aws_stage: Stage,
) -> None:
    roles = {
        policy.properties["Roles"][0]["Ref"].split("Role")[0]
        for policy in aws_stage.service.all("AWS::IAM::Policy")
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if "cassandra:Modify" in _listed(statement["Action"])
    }
    assert roles == {"FlushPlaces", "RedriveQuarantined", "DeleteProfile"}


def test_routes_that_only_read_cannot_order_a_flush(any_stage: Stage) -> None:
    orders = any_stage.service.only(
        "AWS::SQS::Queue", QueueName=f"reprise-{any_stage.name}-flush"
    ).id
    senders = {
        policy.properties["Roles"][0]["Ref"]
        for policy in any_stage.service.all("AWS::IAM::Policy")
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if "sqs:SendMessage" in statement["Action"]
        and {"Fn::GetAtt": [orders, "Arn"]} in _listed(statement["Resource"])
    }
    writers = {"RecordProgress", "RecordBatch", "HideTitle", "MarkWatched", "UnmarkWatched"}
    workers = {"PlanFlush", "SweepOverdue", "RedriveQuarantined"}
    assert {sender.split("Role")[0] for sender in senders} == writers | workers


def test_only_the_publisher_may_change_the_edges_store_and_nothing_else(local: Template) -> None:
    """No stage without an edge has one to grant on: this machine's stands for it."""
    actions = {"DescribeKeyValueStore", "ListKeys", "UpdateKeys"}
    granted = [
        (policy.properties["Roles"][0]["Ref"].split("Role")[0], statement)
        for policy in local.all("AWS::IAM::Policy")
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if "cloudfront" in str(statement["Action"])
    ]
    ((role, statement),) = granted
    assert role == "PublishRevocations"
    assert set(statement["Action"]) == {f"cloudfront-keyvaluestore:{action}" for action in actions}
    assert statement["Resource"] == CONFIG["edgeStore"]["arn"]


def test_only_the_collector_tells_revocations(any_stage: Stage) -> None:
    queue = any_stage.service.only(
        "AWS::SQS::Queue", QueueName=f"reprise-{any_stage.name}-revocations"
    ).id
    senders = {
        policy.properties["Roles"][0]["Ref"].split("Role")[0]
        for policy in any_stage.service.all("AWS::IAM::Policy")
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if "sqs:SendMessage" in statement["Action"]
        and {"Fn::GetAtt": [queue, "Arn"]} in _listed(statement["Resource"])
    }
    assert senders == {"CollectRevocations"}


def test_a_function_invoked_by_the_api_is_invoked_by_its_own_path_only(any_stage: Stage) -> None:
    sources = [
        _text(permission.properties["SourceArn"])
        for permission in any_stage.service.all("AWS::Lambda::Permission")
        if permission.properties["Principal"] == "apigateway.amazonaws.com"
    ]
    assert len(sources) == len(set(sources))
    assert all(re.search(r"/(GET|POST|PUT|PATCH|DELETE)/", source) for source in sources)
    assert not [source for source in sources if "test-invoke-stage" in source]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    """Write a template's expression out, with references as `<name>`."""
    if isinstance(value, str):
        return value
    assert isinstance(value, Mapping)
    if "Fn::Join" in value:
        separator, parts = value["Fn::Join"]
        return str(separator.join(_text(part) for part in parts))
    if "Fn::GetAtt" in value:
        return f"<{'.'.join(value['Fn::GetAtt'])}>"
    return f"<{next(iter(value.values()))}>"
