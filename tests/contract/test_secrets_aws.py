"""Secrets by name, and the database that one of them describes, against moto's Secrets Manager."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from psycopg.conninfo import conninfo_to_dict

from reprise.adapters.postgres_secret import dsn_of_secret
from reprise.adapters.secrets_aws import read_secret
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
def test_a_secret_that_is_not_there_is_said() -> None:
    with pytest.raises(UnavailableError):
        read_secret(secret_id="reprise/test/nothing")


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
