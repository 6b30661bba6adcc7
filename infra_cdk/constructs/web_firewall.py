"""The web application firewall in front of the API: floods, oversized bodies, known attacks."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import aws_cdk.aws_logs as logs
import aws_cdk.aws_wafv2 as wafv2
from aws_cdk import ArnFormat, RemovalPolicy, Stack
from constructs import Construct

from infra_cdk.environments import FirewallLimits

WINDOW_SECONDS = 300
RETRY_AFTER_SECONDS = "60"
BODY_BYTES = 16 * 1024
"""As the functions allow everywhere but in a batch of reports, which they measure themselves."""
BATCH_PATH = "/stream/progress/batch"
SIGN_IN_PATH = "/auth/"

COUNTED_ONLY = ("SizeRestrictions_BODY", "NoUserAgent_HEADER")
"""Of the managed rules: a batch is larger than 8 KB, and televisions may name no browser."""

TOO_MANY, TOO_LARGE = "TooMany", "TooLarge"
_PROBLEMS: Mapping[str, Mapping[str, Any]] = {
    TOO_MANY: {
        "type": "/problems/rate-limited",
        "title": "Too many requests",
        "status": 429,
        "detail": "Wait before trying again.",
    },
    TOO_LARGE: {
        "type": "/problems/too-large",
        "title": "Too large",
        "status": 413,
        "detail": f"The body exceeds {BODY_BYTES} bytes.",
    },
}

_PLAIN = [wafv2.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")]
_PATH = wafv2.CfnWebACL.FieldToMatchProperty(uri_path={})
_Statement = wafv2.CfnWebACL.StatementProperty


class WebFirewall(Construct):
    """A web ACL on the gateway's stage, with what it blocks in a log of its own."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: str,
        limits: FirewallLimits,
        gateway_stage_arn: str,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id_)
        self.acl = wafv2.CfnWebACL(
            self,
            "Acl",
            name=f"reprise-{stage}",
            scope="REGIONAL",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_visibility("Api"),
            custom_response_bodies={
                name: wafv2.CfnWebACL.CustomResponseBodyProperty(
                    content=json.dumps(problem), content_type="APPLICATION_JSON"
                )
                for name, problem in _PROBLEMS.items()
            },
            rules=_rules(limits),
        )
        wafv2.CfnWebACLAssociation(
            self, "Association", resource_arn=gateway_stage_arn, web_acl_arn=self.acl.attr_arn
        )
        # The service delivers to log groups of this prefix only.
        log = logs.LogGroup(
            self,
            "Log",
            log_group_name=f"aws-waf-logs-reprise-{stage}",
            retention=log_retention,
            removal_policy=removal_policy,
        )
        wafv2.CfnLoggingConfiguration(
            self,
            "Logging",
            resource_arn=self.acl.attr_arn,
            log_destination_configs=[_arn_without_star(log)],
            redacted_fields=[
                {"singleHeader": {"Name": name}} for name in ("authorization", "x-reprise-edge")
            ],
            logging_filter=_ONLY_BLOCKED,
        )


_ONLY_BLOCKED: Mapping[str, Any] = {
    "DefaultBehavior": "DROP",
    "Filters": [
        {
            "Behavior": "KEEP",
            "Requirement": "MEETS_ANY",
            "Conditions": [{"ActionCondition": {"Action": "BLOCK"}}],
        }
    ],
}


def _rules(limits: FirewallLimits) -> Sequence[wafv2.CfnWebACL.RuleProperty]:
    """Return the rules in their order: what is cheap to judge and blocks most comes first."""
    rules = {
        "Flood": (_rate(limits.requests_per_address), _blocked(TOO_MANY)),
        "SignInFlood": (
            _rate(limits.sign_ins_per_address, path=SIGN_IN_PATH),
            _blocked(TOO_MANY),
        ),
        "OversizedBody": (_oversized(), _blocked(TOO_LARGE)),
    }
    ours = [
        wafv2.CfnWebACL.RuleProperty(
            name=name,
            priority=priority,
            statement=statement,
            action=action,
            visibility_config=_visibility(name),
        )
        for priority, (name, (statement, action)) in enumerate(rules.items())
    ]
    return [*ours, _managed("AWSManagedRulesCommonRuleSet", priority=len(ours))]


def _rate(limit: int, *, path: str | None = None) -> wafv2.CfnWebACL.StatementProperty:
    return _Statement(
        rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(
            aggregate_key_type="IP",
            limit=limit,
            evaluation_window_sec=WINDOW_SECONDS,
            scope_down_statement=_path(path, "CONTAINS") if path else None,
        )
    )


def _oversized() -> wafv2.CfnWebACL.StatementProperty:
    """A body longer than what is inspected counts as too long."""
    body = wafv2.CfnWebACL.FieldToMatchProperty(body={"oversizeHandling": "MATCH"})
    too_long = _Statement(
        size_constraint_statement=wafv2.CfnWebACL.SizeConstraintStatementProperty(
            comparison_operator="GT",
            field_to_match=body,
            size=BODY_BYTES,
            text_transformations=_PLAIN,
        )
    )
    no_batch = _Statement(
        not_statement=wafv2.CfnWebACL.NotStatementProperty(statement=_path(BATCH_PATH, "ENDS_WITH"))
    )
    return _Statement(
        and_statement=wafv2.CfnWebACL.AndStatementProperty(statements=[no_batch, too_long])
    )


def _path(text: str, constraint: str) -> wafv2.CfnWebACL.StatementProperty:
    return _Statement(
        byte_match_statement=wafv2.CfnWebACL.ByteMatchStatementProperty(
            field_to_match=_PATH,
            positional_constraint=constraint,
            search_string=text,
            text_transformations=_PLAIN,
        )
    )


def _blocked(body: str) -> wafv2.CfnWebACL.RuleActionProperty:
    wait = wafv2.CfnWebACL.CustomHTTPHeaderProperty(name="Retry-After", value=RETRY_AFTER_SECONDS)
    response = wafv2.CfnWebACL.CustomResponseProperty(
        response_code=_PROBLEMS[body]["status"],
        custom_response_body_key=body,
        response_headers=[wait] if body == TOO_MANY else None,
    )
    return wafv2.CfnWebACL.RuleActionProperty(
        block=wafv2.CfnWebACL.BlockActionProperty(custom_response=response)
    )


def _managed(name: str, *, priority: int) -> wafv2.CfnWebACL.RuleProperty:
    count = wafv2.CfnWebACL.RuleActionProperty(count={})
    return wafv2.CfnWebACL.RuleProperty(
        name="KnownAttacks",
        priority=priority,
        override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
        statement=_Statement(
            managed_rule_group_statement=wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS",
                name=name,
                rule_action_overrides=[
                    wafv2.CfnWebACL.RuleActionOverrideProperty(name=rule, action_to_use=count)
                    for rule in COUNTED_ONLY
                ],
            )
        ),
        visibility_config=_visibility("KnownAttacks"),
    )


def _visibility(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )


def _arn_without_star(log: logs.LogGroup) -> str:
    """A log group's own ARN ends with `:*`, which this service refuses."""
    return Stack.of(log).format_arn(
        service="logs",
        resource="log-group",
        resource_name=log.log_group_name,
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
