"""Secrets by name, and the database that one of them describes, against moto's Secrets Manager."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from psycopg.conninfo import conninfo_to_dict

from reprise.adapters.postgres_secret import dsn_of_secret
from reprise.adapters.secrets_aws import SecretRefusedError, read_secret
from reprise.domain.errors import UnavailableError

FACTS = {
    "username": "reprise",
    "password": "p@ss'w ord/",
    "host": "cluster.example",
    "port": 5432,
    "dbname": "reprise",
}


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.client("secretsmanager")


def test_a_secret_is_read_by_its_name(secrets: Any) -> None:
    secrets.create_secret(Name="reprise/test/signing", SecretString='{"keys": []}')
    assert read_secret(secret_id="reprise/test/signing") == '{"keys": []}'


@pytest.mark.usefixtures("secrets")
def test_a_secret_that_is_not_there_is_said_to_operators_and_not_to_clients() -> None:
    with pytest.raises(SecretRefusedError) as refused:
        read_secret(secret_id="reprise/test/nothing")
    assert refused.value.reason == "is missing or has no value"
    assert str(refused.value) == "secrets do not answer"


def test_a_secret_without_a_value_is_as_good_as_none(secrets: Any) -> None:
    secrets.create_secret(Name="reprise/test/promised")
    with pytest.raises(SecretRefusedError, match="secrets do not answer"):
        read_secret(secret_id="reprise/test/promised")


def test_a_secret_that_is_marked_for_deletion_is_said(secrets: Any) -> None:
    secrets.create_secret(Name="reprise/test/gone", SecretString="{}")
    secrets.delete_secret(SecretId="reprise/test/gone")
    with pytest.raises(SecretRefusedError) as refused:
        read_secret(secret_id="reprise/test/gone")
    assert refused.value.reason == "is marked for deletion"


def test_a_secret_of_octets_is_no_text(secrets: Any) -> None:
    secrets.create_secret(Name="reprise/test/octets", SecretBinary=b"keys")
    with pytest.raises(SecretRefusedError) as refused:
        read_secret(secret_id="reprise/test/octets")
    assert refused.value.reason == "holds no text"


def test_a_database_is_reached_through_its_proxy_over_proved_tls(secrets: Any) -> None:
    secrets.create_secret(Name="reprise/test/postgres", SecretString=json.dumps(FACTS))
    dsn = conninfo_to_dict(dsn_of_secret(secret_id="reprise/test/postgres", host="proxy.example"))
    assert (dsn["host"], dsn["sslmode"]) == ("proxy.example", "verify-full")
    assert dsn["password"] == FACTS["password"]


def test_without_a_proxy_the_secrets_own_host_counts(secrets: Any) -> None:
    secrets.create_secret(Name="reprise/test/postgres", SecretString=json.dumps(FACTS))
    dsn = conninfo_to_dict(dsn_of_secret(secret_id="reprise/test/postgres", host=None))
    assert dsn["host"] == "cluster.example"


@pytest.mark.parametrize("text", ["not json", "[]", "{}", "null"])
def test_a_secret_of_something_else_is_no_database(secrets: Any, text: str) -> None:
    secrets.create_secret(Name="reprise/test/postgres", SecretString=text)
    with pytest.raises(UnavailableError):
        dsn_of_secret(secret_id="reprise/test/postgres", host=None)
