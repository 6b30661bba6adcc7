"""The stores on AWS: private, encrypted, kept as long as the stage says, right from the start."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra_cdk.watch_tables import WATCH_TABLES
from tests.infra.conftest import Resource, Stage, Template

ROOT = Path(__file__).resolve().parents[2]
MIGRATIONS = ROOT / "layers" / "core" / "python" / "reprise" / "adapters" / "cql"

CREATE_TABLE = re.compile(
    r"CREATE TABLE[^(]*?(\w+)\s*\((.*?)PRIMARY KEY\s*\(\((.*?)\)(.*?)\)", re.DOTALL
)

TABLES = {
    "user_watch_history": (
        ["profile_id uuid"],
        ["watched_at timestamp DESC", "item_id uuid ASC"],
    ),
    "watch_position_by_device": (
        ["profile_id uuid", "video_id uuid"],
        ["device_id text ASC", "item_id uuid ASC"],
    ),
    "latest_position": (["profile_id uuid"], ["video_id uuid ASC", "item_id uuid ASC"]),
}


def data(stage: Stage) -> Template:
    assert stage.data is not None
    return stage.data


def table(stage: Stage, name: str) -> Resource:
    return data(stage).only("AWS::Cassandra::Table", TableName=name)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_takes_our_timestamps_expires_its_rows_and_can_be_restored(
    aws_stage: Stage, name: str
) -> None:
    properties = table(aws_stage, name).properties
    assert properties["ClientSideTimestampsEnabled"] is True
    assert properties["DefaultTimeToLive"] == 90 * 24 * 3600
    assert properties["PointInTimeRecoveryEnabled"] is True
    assert properties["BillingMode"] == {"Mode": "ON_DEMAND"}
    assert properties["EncryptionSpecification"]["EncryptionType"] == "AWS_OWNED_KMS_KEY"


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_key_of_the_design(aws_stage: Stage, name: str) -> None:
    properties = table(aws_stage, name).properties
    partition, clustering = TABLES[name]
    assert [_column(found) for found in properties["PartitionKeyColumns"]] == partition
    assert [
        f"{_column(found['Column'])} {found['OrderBy']}"
        for found in properties["ClusteringKeyColumns"]
    ] == clustering


def test_there_are_three_tables_and_no_column_is_named_twice(aws_stage: Stage) -> None:
    assert {name.name for name in WATCH_TABLES} == set(TABLES)
    assert len(data(aws_stage).all("AWS::Cassandra::Table")) == len(TABLES)
    for found in WATCH_TABLES:
        names = [column[0] for column in (*found.partition, *found.clustering, *found.columns)]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_key_and_columns_that_the_migrations_make(
    aws_stage: Stage, name: str
) -> None:
    properties = table(aws_stage, name).properties
    partition = properties["PartitionKeyColumns"]
    clustering = [found["Column"] for found in properties["ClusteringKeyColumns"]]
    key, columns = _migrated()[name]
    assert key == (_names(partition), _names(clustering))
    made = [*partition, *clustering, *properties["RegularColumns"]]
    assert sorted(_column(found) for found in made) == sorted(columns)


def _migrated() -> dict[str, tuple[tuple[list[str], list[str]], list[str]]]:
    """Return each table's key and columns as the project's own CQL makes it on one machine."""
    tables = {}
    for path in MIGRATIONS.glob("*.cql"):
        text = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
        for name, columns, partition, clustering in CREATE_TABLE.findall(text):
            key = re.findall(r"\w+", partition), re.findall(r"\w+", clustering)
            tables[name] = key, re.findall(r"(\w+ \w+)\s*,", columns)
    return tables


def test_no_subnet_is_public_and_nothing_leads_out(aws_stage: Stage) -> None:
    subnets = data(aws_stage).all("AWS::EC2::Subnet")
    assert len(subnets) >= 2
    assert not [subnet.id for subnet in subnets if subnet.properties["MapPublicIpOnLaunch"]]
    types = {resource.type for resource in data(aws_stage).all()}
    assert not types & {"AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::EIP"}


def test_functions_reach_the_services_they_call_without_the_internet(aws_stage: Stage) -> None:
    endpoints = data(aws_stage).all("AWS::EC2::VPCEndpoint")
    services = {found.properties["ServiceName"]["Fn::Join"][1][-1] for found in endpoints}
    assert services == {".sqs", ".secretsmanager", ".cassandra"}
    assert all(found.properties["PrivateDnsEnabled"] for found in endpoints)


def test_no_security_group_opens_to_an_address(aws_stage: Stage) -> None:
    nobody = "255.255.255.255/32"
    for group in data(aws_stage).all("AWS::EC2::SecurityGroup"):
        assert "SecurityGroupIngress" not in group.properties
        for rule in group.properties.get("SecurityGroupEgress", []):
            assert rule["CidrIp"] == nobody
    for rule in data(aws_stage).all("AWS::EC2::SecurityGroupIngress"):
        assert "SourceSecurityGroupId" in rule.properties
        assert "CidrIp" not in rule.properties


def test_the_cache_is_valkey_behind_its_own_group_with_a_ceiling(aws_stage: Stage) -> None:
    cache = data(aws_stage).only("AWS::ElastiCache::ServerlessCache").properties
    assert cache["Engine"] == "valkey"
    assert len(cache["SecurityGroupIds"]) == 1
    assert cache["CacheUsageLimits"]["DataStorage"]["Maximum"] > 0
    assert cache["CacheUsageLimits"]["ECPUPerSecond"]["Maximum"] > 0


def test_functions_speak_to_the_cache_in_tls_and_as_to_a_cluster(staging: Template) -> None:
    variables = staging.function("reprise-staging-stream-record-progress").properties[
        "Environment"
    ]["Variables"]
    assert variables["REDIS_URL"]["Fn::Join"][1][0] == "rediss://"
    assert variables["REDIS_CLUSTER"] == "true"


def test_the_database_is_encrypted_private_and_reached_through_a_tls_proxy(
    aws_stage: Stage,
) -> None:
    cluster = data(aws_stage).only("AWS::RDS::DBCluster").properties
    assert cluster["StorageEncrypted"] is True
    assert cluster["BackupRetentionPeriod"] >= 3
    for instance in data(aws_stage).all("AWS::RDS::DBInstance"):
        assert instance.properties["PubliclyAccessible"] is False
        assert instance.properties["DBInstanceClass"] == "db.serverless"
    proxy = data(aws_stage).only("AWS::RDS::DBProxy").properties
    assert proxy["RequireTLS"] is True
    assert proxy["EngineFamily"] == "POSTGRESQL"


def test_production_keeps_its_stores_and_staging_does_not(stages: Mapping[str, Stage]) -> None:
    kept = {"AWS::Cassandra::Table", "AWS::RDS::DBCluster", "AWS::SecretsManager::Secret"}
    kept |= {"AWS::ElastiCache::ServerlessCache", "AWS::Cassandra::Keyspace"}
    for resource in data(stages["production"]).all():
        if resource.type in kept and "ClusterSecret" not in resource.id:
            assert resource.body["DeletionPolicy"] == "Retain", resource.id
    assert data(stages["production"]).only("AWS::RDS::DBCluster").properties["DeletionProtection"]
    staging = data(stages["staging"]).only("AWS::RDS::DBCluster").properties
    assert not staging["DeletionProtection"]


def test_production_has_more_than_one_copy_of_the_database_and_three_zones(
    stages: Mapping[str, Stage],
) -> None:
    assert len(data(stages["production"]).all("AWS::RDS::DBInstance")) == 2
    assert len(data(stages["production"]).all("AWS::EC2::Subnet")) == 3


def test_no_secrets_value_is_in_a_template(aws_stage: Stage) -> None:
    for secret in data(aws_stage).all("AWS::SecretsManager::Secret"):
        assert "SecretString" not in secret.properties
        assert "GenerateSecretString" in secret.properties
    for function, variable in (
        ("playstate-list-history", "CURSOR_SECRET"),
        ("auth-log-in", "EDGE_SECRET"),
    ):
        found = aws_stage.service.function(f"reprise-{aws_stage.name}-{function}")
        value = found.properties["Environment"]["Variables"][variable]
        assert value.startswith(f"{{{{resolve:secretsmanager:reprise/{aws_stage.name}/")


def test_the_public_keys_are_read_anew_by_every_deployment(aws_stage: Stage) -> None:
    parameters = aws_stage.service.body["Parameters"].values()
    assert {
        "Type": "AWS::SSM::Parameter::Value<String>",
        "Default": f"/reprise/{aws_stage.name}/jwks",
    } in parameters
    published = data(aws_stage).only("AWS::SSM::Parameter").properties
    assert published["Name"] == f"/reprise/{aws_stage.name}/jwks"
    assert published["Value"] == '{"keys": []}', "nothing is accepted until an operator says so"


def _names(columns: list[Mapping[str, str]]) -> list[str]:
    return [column["ColumnName"] for column in columns]


def _column(found: Mapping[str, str]) -> str:
    return f"{found['ColumnName']} {found['ColumnType']}"
