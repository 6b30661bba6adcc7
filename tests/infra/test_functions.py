"""Each function stands alone: role, log group, trace, layers and variables of its own."""

from typing import Any

import pytest

from infra_cdk.kinds import Function, Need
from infra_cdk.routes import FUNCTIONS
from infra_cdk.workers import PUBLISH_REVOCATIONS
from tests.infra.conftest import Resource, Stage, Template

EVERY_FUNCTION = {
    "REPRISE_STAGE",
    "REPRISE_VERSION",
    "POWERTOOLS_SERVICE_NAME",
    "POWERTOOLS_METRICS_NAMESPACE",
    "POWERTOOLS_LOG_LEVEL",
}
REDIS = {
    "REDIS_URL",
    "REDIS_CLUSTER",
    "REDIS_TIMEOUT_MS",
    "LIVE_TTL_SECONDS",
    "ROW_TTL_SECONDS",
}
CASSANDRA = {
    "CASSANDRA_HOSTS",
    "CASSANDRA_PORT",
    "CASSANDRA_KEYSPACE",
    "CASSANDRA_LOCAL_DC",
    "CASSANDRA_AUTH",
    "CASSANDRA_TIMEOUT_MS",
}
NAMES = {"JWT_ISSUER", "JWT_AUDIENCE"}
TOKENS = NAMES | {"JWKS"}
PLACES = (
    REDIS
    | CASSANDRA
    | TOKENS
    | {"POSTGRES_URL", "FLUSH_QUEUE_URL", "NEXT_REPORT_SECONDS", "REPORTS_PER_MINUTE"}
)

LISTS = (
    REDIS | TOKENS | {"POSTGRES_URL", "CURSOR_SECRET", "NEXT_REPORT_SECONDS", "REPORTS_PER_MINUTE"}
)

IDENTITY = REDIS | {
    "POSTGRES_URL",
    "NEXT_REPORT_SECONDS",
    "REPORTS_PER_MINUTE",
    "LOG_INS_PER_NETWORK",
    "SIGN_UPS_PER_NETWORK",
}
SIGNS_IN = IDENTITY | NAMES | {"JWT_SIGNING_SECRET_ID", "EDGE_SECRET"}
SESSIONS = IDENTITY | TOKENS
PROFILES = SESSIONS - {"LOG_INS_PER_NETWORK", "SIGN_UPS_PER_NETWORK"}
SCREENS = LISTS - {"CURSOR_SECRET"}
GRANTED = SCREENS | {"GRANT_SIGNING_SECRET_ID", "GRANT_SECONDS", "MEDIA_URL"}
EDGE_STORE = {"EDGE_STORE_ARN", "AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE"}
OF_AN_EDGE = EDGE_STORE | {"MEDIA_URL"}

PUBLISHES = {"EVENT_QUEUE_URL", "COMPLETION_QUEUE_URL", "QUARANTINE_QUEUE_URL"}

LOCAL_VARIABLES = {
    "auth/log_in": SIGNS_IN,
    "auth/sign_up": SIGNS_IN,
    "auth/refresh_session": SIGNS_IN,
    "auth/log_out": SESSIONS,
    "auth/change_password": SESSIONS,
    "auth/list_keys": TOKENS,
    "sessions/list_sessions": SESSIONS,
    "sessions/revoke_session": SESSIONS,
    "sessions/revoke_other_sessions": SESSIONS,
    "profiles/list_profiles": PROFILES,
    "profiles/create_profile": PROFILES,
    "profiles/edit_profile": PROFILES,
    "profiles/select_profile": PROFILES | {"JWT_SIGNING_SECRET_ID", "EDGE_SECRET"},
    "profiles/delete_profile": PROFILES | CASSANDRA,
    "stream/record_progress": PLACES,
    "stream/record_batch": PLACES,
    "stream/play_film": GRANTED | CASSANDRA,
    "stream/play_episode": GRANTED | CASSANDRA,
    "stream/refresh_grant": GRANTED,
    "stream/take_over_screen": SCREENS,
    "playstate/list_continue_watching": PLACES | {"CURSOR_SECRET"},
    "playstate/hide_title": PLACES | {"CURSOR_SECRET"},
    "playstate/list_history": PLACES | {"CURSOR_SECRET"},
    "playstate/mark_watched": PLACES | {"CURSOR_SECRET"},
    "playstate/unmark_watched": PLACES | {"CURSOR_SECRET"},
    "catalog/show_title": LISTS,
    "catalog/search_titles": LISTS,
    "my_list/list_my_list": LISTS,
    "my_list/put_on_my_list": LISTS,
    "my_list/remove_from_my_list": LISTS,
    "system/check_health": REDIS | CASSANDRA | {"POSTGRES_URL"},
    "flush/plan_flush": REDIS | {"FLUSH_QUEUE_URL"},
    "flush/sweep_overdue": REDIS | {"FLUSH_QUEUE_URL"},
    "flush/flush_places": REDIS | CASSANDRA | PUBLISHES,
    "flush/redrive_quarantined": REDIS
    | CASSANDRA
    | PUBLISHES
    | {"POSTGRES_URL", "FLUSH_QUEUE_URL"},
    "playstate/note_completions": {"POSTGRES_URL"},
    "sessions/collect_revocations": {"POSTGRES_URL", "REVOCATION_QUEUE_URL", "GRANT_SECONDS"},
    "delivery/publish_revocations": EDGE_STORE,
    "analytics/report_playback": SCREENS - {"POSTGRES_URL"} | {"QUALITY_BY_TITLE"},
}


def functions(template: Template) -> list[Resource]:
    found = template.all("AWS::Lambda::Function")
    assert len(found) == len(FUNCTIONS)
    return found


def test_every_row_of_the_table_is_one_function(any_stage: Stage) -> None:
    names = {function.properties["FunctionName"] for function in functions(any_stage.service)}
    assert names == {row.deployed_name(stage=any_stage.name) for row in FUNCTIONS}


def test_no_two_functions_share_a_role(any_stage: Stage) -> None:
    roles = [
        function.properties["Role"]["Fn::GetAtt"][0] for function in functions(any_stage.service)
    ]
    assert len(set(roles)) == len(roles)


def test_no_two_functions_share_a_log_group_and_none_keeps_logs_for_ever(any_stage: Stage) -> None:
    groups = {group.id: group.properties for group in any_stage.service.all("AWS::Logs::LogGroup")}
    used = []
    for function in functions(any_stage.service):
        group = function.properties["LoggingConfig"]["LogGroup"]["Ref"]
        name = function.properties["FunctionName"]
        assert groups[group]["LogGroupName"] == f"/aws/lambda/{name}"
        used.append(group)
    assert len(set(used)) == len(used)
    assert all(group["RetentionInDays"] > 0 for group in groups.values())


def test_a_role_may_write_to_its_own_log_group_only(any_stage: Stage) -> None:
    for function in functions(any_stage.service):
        group = function.properties["LoggingConfig"]["LogGroup"]["Ref"]
        role = function.properties["Role"]["Fn::GetAtt"][0]
        for policy in any_stage.service.all("AWS::IAM::Policy"):
            if {"Ref": role} not in policy.properties["Roles"]:
                continue
            written = [
                statement["Resource"]
                for statement in policy.properties["PolicyDocument"]["Statement"]
                if "logs:PutLogEvents" in statement["Action"]
            ]
            assert written == [{"Fn::GetAtt": [group, "Arn"]}]


def test_every_function_runs_python_3_13_and_is_traced(any_stage: Stage) -> None:
    for function in functions(any_stage.service):
        assert function.properties["Runtime"] == "python3.13"
        assert function.properties["Handler"] == "handler.lambda_handler"
        assert function.properties["TracingConfig"] == {"Mode": "Active"}


def test_functions_run_on_arm_on_aws_and_on_this_machines_processor_locally(
    aws_stage: Stage, local: Template
) -> None:
    assert _architectures(aws_stage.service) == {("arm64",)}
    assert _architectures(local) == {("x86_64",)}


def test_no_function_outlasts_the_gateway(any_stage: Stage) -> None:
    for row in FUNCTIONS:
        timeout = any_stage.service.function(row.deployed_name(stage=any_stage.name)).properties[
            "Timeout"
        ]
        assert timeout == row.timeout_seconds
        assert timeout <= (60 if row.area == "flush" else 29)


@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.folder)
def test_a_function_has_the_layers_of_its_row(row: Function, local: Template) -> None:
    function = local.function(row.deployed_name(stage="local"))
    names = {
        version.id: version.properties["LayerName"]
        for version in local.all("AWS::Lambda::LayerVersion")
    }
    attached = {names[layer["Ref"]] for layer in function.properties["Layers"]}
    assert attached == {f"reprise-local-{name}" for name in ("core", "web", *row.layers)}
    assert len(attached) <= 5, "Lambda takes five layers"


@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.folder)
def test_a_function_has_the_variables_it_needs_and_no_others(
    row: Function, local: Template
) -> None:
    variables = _variables(local, row.deployed_name(stage="local"))
    assert set(variables) == EVERY_FUNCTION | LOCAL_VARIABLES[row.folder]
    assert all(isinstance(value, str | dict) for value in variables.values())


@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.folder)
def test_on_aws_the_database_is_reached_by_secret_and_proxy(
    row: Function, staging: Template
) -> None:
    """This stage has no edge yet, so that nothing says how it is reached."""
    expected = EVERY_FUNCTION | LOCAL_VARIABLES[row.folder] - OF_AN_EDGE
    if "POSTGRES_URL" in expected:
        expected = expected - {"POSTGRES_URL"} | {"POSTGRES_SECRET_ID", "POSTGRES_HOST"}
    assert set(_variables(staging, row.deployed_name(stage="staging"))) == expected


def test_the_local_config_reaches_the_functions(local: Template) -> None:
    variables = _variables(local, "reprise-local-playstate-list-history")
    assert variables["REDIS_URL"] == "redis://127.0.0.1:16379/0"
    assert variables["REDIS_CLUSTER"] == "false"
    assert variables["CASSANDRA_HOSTS"] == "127.0.0.1"
    assert variables["CASSANDRA_PORT"] == "19042"
    assert variables["CASSANDRA_AUTH"] == "none"
    assert variables["POSTGRES_URL"] == "postgresql://reprise@127.0.0.1:15432/reprise"
    assert variables["JWKS"] == '{"keys":[{"kty":"RSA","kid":"test","n":"AQAB","e":"AQAB"}]}'
    assert variables["REPRISE_VERSION"] == "9.9.9"


def test_a_service_name_tells_stages_apart_in_metrics(any_stage: Stage) -> None:
    for row in FUNCTIONS:
        name = row.deployed_name(stage=any_stage.name)
        assert _variables(any_stage.service, name)["POWERTOOLS_SERVICE_NAME"] == name


def test_on_aws_every_function_joins_the_private_network_but_what_needs_the_internet(
    aws_stage: Stage,
) -> None:
    outside = PUBLISH_REVOCATIONS.deployed_name(stage=aws_stage.name)
    for function in functions(aws_stage.service):
        if function.properties["FunctionName"] == outside:
            assert "VpcConfig" not in function.properties
            continue
        placement = function.properties["VpcConfig"]
        assert placement["SubnetIds"]
        assert len(placement["SecurityGroupIds"]) == 1


def test_what_is_outside_the_network_reaches_no_store_and_holds_no_secret() -> None:
    for row in FUNCTIONS:
        if not row.in_network:
            assert row.needs == {Need.KEEP_EDGE_STORE}


def test_who_signs_grants_and_who_has_them_refused_are_told_the_same_lifetime(
    any_stage: Stage,
) -> None:
    told = {
        row.folder: _variables(any_stage.service, row.deployed_name(stage=any_stage.name)).get(
            "GRANT_SECONDS"
        )
        for row in FUNCTIONS
        if row.needs & {Need.SIGN_GRANTS, Need.TELL_REVOCATIONS}
    }
    assert len(told) == 4
    assert set(told.values()) == {"3600"}


def _architectures(template: Template) -> set[tuple[str, ...]]:
    return {tuple(function.properties["Architectures"]) for function in functions(template)}


def _variables(template: Template, name: str) -> dict[str, Any]:
    found: dict[str, Any] = template.function(name).properties["Environment"]["Variables"]
    return found
