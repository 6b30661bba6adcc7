"""Keys of a stage on AWS, against moto's secrets and parameters and a fake of Lambda."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from reprise_local.errors import LocalError
from reprise_local.key_rotation import OVERLAP_SECONDS, AwsKeys, key_set, retire, rotate
from reprise_local.keys import new_key, public_halves

NOW = 1_795_000_000


class FakeLambda:
    """Functions of two stages, one of which proves no tokens."""

    def __init__(self, jwks: str) -> None:
        self.functions = {
            "reprise-staging-sessions-list-sessions": {"JWKS": jwks, "REDIS_URL": "rediss://x"},
            "reprise-staging-auth-log-in": {"REDIS_URL": "rediss://x"},
            "reprise-production-sessions-list-sessions": {"JWKS": jwks},
        }
        self.waited: list[str] = []

    def get_paginator(self, _: str) -> "FakeLambda":
        return self

    def paginate(self) -> Iterator[dict[str, Any]]:
        for name, variables in self.functions.items():
            yield {"Functions": [{"FunctionName": name, "Environment": {"Variables": variables}}]}

    def update_function_configuration(
        self,
        *,
        FunctionName: str,  # noqa: N803  # as AWS has them
        Environment: dict[str, Any],  # noqa: N803
    ) -> None:
        self.functions[FunctionName] = Environment["Variables"]

    def get_waiter(self, _: str) -> "FakeLambda":
        return self

    def wait(self, *, FunctionName: str, WaiterConfig: object) -> None:  # noqa: N803
        self.waited.append(FunctionName)


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[AwsKeys, FakeLambda]]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    first = [new_key()]
    functions = FakeLambda(key_set(public_halves(first)))

    def client(service: str) -> Any:
        return functions if service == "lambda" else boto3.client(service)  # type: ignore[call-overload]

    with mock_aws():
        client("secretsmanager").create_secret(
            Name="reprise/staging/jwt-signing", SecretString=key_set(first)
        )
        client("ssm").put_parameter(
            Name="/reprise/staging/jwks", Value=key_set(public_halves(first)), Type="String"
        )
        yield AwsKeys("staging", client=client), functions


def published() -> list[str]:
    found = boto3.client("ssm").get_parameter(Name="/reprise/staging/jwks")
    return [key["kid"] for key in json.loads(found["Parameter"]["Value"])["keys"]]


def test_a_rotation_reaches_the_secret_the_parameter_and_each_function_that_proves(
    stage: tuple[AwsKeys, FakeLambda],
) -> None:
    keys, functions = stage
    (old,) = (key["kid"] for key in keys.private())
    before = functions.functions["reprise-production-sessions-list-sessions"]
    new = rotate(keys, now=NOW)
    told = functions.functions["reprise-staging-sessions-list-sessions"]
    assert [key["kid"] for key in json.loads(told["JWKS"])["keys"]] == [new, old]
    assert told["REDIS_URL"] == "rediss://x"
    assert published() == [new, old]
    assert [key["kid"] for key in keys.private()] == [new, old]
    assert functions.waited == ["reprise-staging-sessions-list-sessions"]
    assert "JWKS" not in functions.functions["reprise-staging-auth-log-in"]
    assert functions.functions["reprise-production-sessions-list-sessions"] == before
    retire(keys, now=NOW + OVERLAP_SECONDS)
    assert published() == [new]
    assert [key["kid"] for key in keys.private()] == [new]


@pytest.mark.parametrize("text", ["kX3$fresh-from-the-template", '{"keys": []}'])
def test_a_secret_that_can_not_sign_gets_the_only_key(
    stage: tuple[AwsKeys, FakeLambda], text: str
) -> None:
    keys, functions = stage
    boto3.client("secretsmanager").put_secret_value(
        SecretId="reprise/staging/jwt-signing", SecretString=text
    )
    new = rotate(keys, now=NOW)
    assert [key["kid"] for key in keys.private()] == published() == [new]
    told = functions.functions["reprise-staging-sessions-list-sessions"]
    assert [key["kid"] for key in json.loads(told["JWKS"])["keys"]] == [new]
    with pytest.raises(LocalError, match="no old key"):
        retire(keys, now=NOW + OVERLAP_SECONDS)


def test_a_parameter_has_room_for_two_keys() -> None:
    """4 KB, as parameters of the standard tier have."""
    assert len(key_set(public_halves([new_key(), new_key()]))) < 4_096
