"""A stage that would reach the wrong cloud, or nonsense, is refused in one line with its mend."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from infra_cdk import app as app_module
from infra_cdk.local_stores import read_config
from infra_cdk.refusals import RefusedError, is_loopback, refuse_wrong_endpoint
from tests.infra.conftest import CONFIG

LOOPBACK = "http://localhost:4566"


@pytest.mark.parametrize(
    "url",
    [
        LOOPBACK,
        "http://127.0.0.1:14566",
        "https://127.8.9.10",
        "http://[::1]:4566",
        "http://s3.localhost:4566",
        "http://LOCALHOST.:4566",
    ],
)
def test_an_address_of_this_machine_is_loopback(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://sqs.us-east-1.amazonaws.com",
        "http://10.0.0.1:4566",
        "http://0.0.0.0:4566",
        "http://localhost.localstack.cloud:4566",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "http://127.0.0.1@example.org",
        "http://[::1",
        "localhost:4566",
        "",
    ],
)
def test_an_address_that_is_elsewhere_or_unclear_is_not_loopback(url: str) -> None:
    assert not is_loopback(url)


def test_the_local_stage_goes_to_a_loopback_endpoint() -> None:
    refuse_wrong_endpoint(local=True, variables={"AWS_ENDPOINT_URL": LOOPBACK})
    refuse_wrong_endpoint(
        local=True,
        variables={"AWS_ENDPOINT_URL": LOOPBACK, "AWS_ENDPOINT_URL_S3": LOOPBACK},
    )


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({}, "AWS_ENDPOINT_URL"),
        ({"AWS_ENDPOINT_URL": ""}, "AWS_ENDPOINT_URL"),
        ({"AWS_ENDPOINT_URL_S3": LOOPBACK}, "AWS_ENDPOINT_URL"),
        ({"AWS_ENDPOINT_URL": "https://aws.example.org"}, "https://aws.example.org"),
        (
            {"AWS_ENDPOINT_URL": LOOPBACK, "AWS_ENDPOINT_URL_S3": "https://s3.example.org"},
            "AWS_ENDPOINT_URL_S3=https://s3.example.org",
        ),
    ],
)
def test_the_local_stage_is_refused_anywhere_else(variables: Mapping[str, str], named: str) -> None:
    with pytest.raises(RefusedError) as refused:
        refuse_wrong_endpoint(local=True, variables=variables)
    assert named in str(refused.value)
    assert "localhost:4566" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_stage_on_aws_is_refused_where_a_local_endpoint_is_set() -> None:
    refuse_wrong_endpoint(local=False, variables={})
    with pytest.raises(RefusedError, match="unset it"):
        refuse_wrong_endpoint(local=False, variables={"AWS_ENDPOINT_URL": LOOPBACK})


def test_a_stage_nobody_named_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RefusedError, match=r"local\|staging\|production"):
        app_module.chosen(app=cdk.App(context={}))
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with pytest.raises(RefusedError, match="given: prod"):
        app_module.chosen(app=cdk.App(context={"stage": "prod"}))


def test_the_local_stage_without_its_config_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", LOOPBACK)
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3", raising=False)
    with pytest.raises(RefusedError, match="make run"):
        app_module.chosen(app=cdk.App(context={"stage": "local"}))


def test_the_local_config_is_read(tmp_path: Path) -> None:
    assert read_config(_written(tmp_path, CONFIG)) == CONFIG


def test_a_missing_config_says_who_writes_it(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="make run"):
        read_config(tmp_path / "deploy.json")


def test_a_wrong_config_names_every_wrong_key_at_once(tmp_path: Path) -> None:
    config = {
        **CONFIG,
        "redisUrl": "http://127.0.0.1",
        "cassandra": {"host": "", "port": True},
        "jwks": {"keys": []},
        "flushMinutes": 0,
        "architecture": "sparc",
    }
    with pytest.raises(RefusedError) as refused:
        read_config(_written(tmp_path, config))
    named = "redisUrl, cassandra.host, cassandra.port, cassandra.keyspace, jwks.keys"
    assert f"{named}, flushMinutes, architecture" in str(refused.value)


def _written(folder: Path, config: Mapping[str, Any]) -> Path:
    path = folder / "deploy.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    return path
