"""In front of the gateway on AWS floods, oversized bodies and known attacks are stopped."""

import json
from collections.abc import Mapping
from typing import Any

from infra_cdk.environments import ENVIRONMENTS
from tests.infra.conftest import Stage, Template

ACL = "AWS::WAFv2::WebACL"


def rules(stage: Stage) -> Mapping[str, Mapping[str, Any]]:
    acl = stage.service.only(ACL)
    return {rule["Name"]: rule for rule in acl.properties["Rules"]}


def test_the_firewall_stands_in_front_of_the_gateways_stage(aws_stage: Stage) -> None:
    acl = aws_stage.service.only(ACL)
    assert acl.properties["Scope"] == "REGIONAL"
    assert acl.properties["DefaultAction"] == {"Allow": {}}
    association = aws_stage.service.only("AWS::WAFv2::WebACLAssociation").properties
    stage = aws_stage.service.only("AWS::ApiGateway::Stage")
    assert association["WebACLArn"] == {"Fn::GetAtt": [acl.id, "Arn"]}
    assert stage.id in json.dumps(association["ResourceArn"])


def test_one_machine_has_none(local: Template) -> None:
    assert not [found for found in local.all() if found.type.startswith("AWS::WAFv2")]


def test_an_address_that_floods_is_told_to_wait(aws_stage: Stage) -> None:
    limits = ENVIRONMENTS[aws_stage.name].firewall
    assert limits is not None
    found = rules(aws_stage)
    everything = found["Flood"]["Statement"]["RateBasedStatement"]
    assert everything["AggregateKeyType"] == "IP"
    assert everything["Limit"] == limits.requests_per_address
    assert "ScopeDownStatement" not in everything
    sign_ins = found["SignInFlood"]["Statement"]["RateBasedStatement"]
    assert sign_ins["Limit"] == limits.sign_ins_per_address < limits.requests_per_address
    path = sign_ins["ScopeDownStatement"]["ByteMatchStatement"]
    assert path["SearchString"] == "/auth/"
    for name in ("Flood", "SignInFlood"):
        answer = found[name]["Action"]["Block"]["CustomResponse"]
        assert (answer["CustomResponseBodyKey"], answer["ResponseCode"]) == ("TooMany", 429)
        assert answer["ResponseHeaders"] == [{"Name": "Retry-After", "Value": "60"}]


def test_a_body_that_is_too_long_stops_here_but_for_a_batch(aws_stage: Stage) -> None:
    rule = rules(aws_stage)["OversizedBody"]
    no_batch, too_long = rule["Statement"]["AndStatement"]["Statements"]
    assert no_batch["NotStatement"]["Statement"]["ByteMatchStatement"]["SearchString"] == (
        "/stream/progress/batch"
    )
    body = too_long["SizeConstraintStatement"]
    assert (body["ComparisonOperator"], body["Size"]) == ("GT", 16 * 1024)
    assert body["FieldToMatch"] == {"Body": {"OversizeHandling": "MATCH"}}
    assert rule["Action"]["Block"]["CustomResponse"]["ResponseCode"] == 413


def test_known_attacks_are_blocked_by_the_managed_rules(aws_stage: Stage) -> None:
    rule = rules(aws_stage)["KnownAttacks"]
    group = rule["Statement"]["ManagedRuleGroupStatement"]
    assert (group["VendorName"], group["Name"]) == ("AWS", "AWSManagedRulesCommonRuleSet")
    assert rule["OverrideAction"] == {"None": {}}
    counted = {each["Name"]: each["ActionToUse"] for each in group["RuleActionOverrides"]}
    assert counted == {"SizeRestrictions_BODY": {"Count": {}}, "NoUserAgent_HEADER": {"Count": {}}}


def test_a_block_is_answered_with_a_problem_document(aws_stage: Stage) -> None:
    bodies = aws_stage.service.only(ACL).properties["CustomResponseBodies"]
    for name, status in {"TooMany": 429, "TooLarge": 413}.items():
        assert bodies[name]["ContentType"] == "APPLICATION_JSON"
        problem = json.loads(bodies[name]["Content"])
        assert problem["status"] == status
        assert problem["type"].startswith("/problems/")


def test_only_what_is_blocked_is_logged_and_no_token_in_it(aws_stage: Stage) -> None:
    logging = aws_stage.service.only("AWS::WAFv2::LoggingConfiguration").properties
    assert logging["LoggingFilter"]["DefaultBehavior"] == "DROP"
    redacted = [field["SingleHeader"]["Name"] for field in logging["RedactedFields"]]
    assert redacted == ["authorization", "x-reprise-edge"]
    (destination,) = logging["LogDestinationConfigs"]
    assert not json.dumps(destination).endswith(':*"]}')
    names = [
        group.properties["LogGroupName"] for group in aws_stage.service.all("AWS::Logs::LogGroup")
    ]
    assert f"aws-waf-logs-reprise-{aws_stage.name}" in names
