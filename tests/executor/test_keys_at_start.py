"""A function that signs, run by the executor as a deployed one, while its secret is broken and then
mended in LocalStack's own Secrets Manager."""

import json
import os
import re
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import reprise
from tests.executor.cloud import Cloud, eventually
from tests.harness.closed_port import closed_port
from tests.harness.environments import FUNCTIONS, environment
from tests.harness.functions import ENVIRONMENT, make_event
from tests.harness.grant_keys import ecdsa_key, signing_set
from tests.harness.keys import SIGNING

pytestmark = pytest.mark.cloud

PACKAGES = (Path(reprise.__file__).parents[1], Path(sysconfig.get_path("purelib")))
GRANTS = (
    "stream/play_film",
    "GRANT_SIGNING_SECRET_ID",
    signing_set(ecdsa_key()),
    make_event("GET", "/stream/{id}/manifest", path={"id": "x"}),
)
TOKENS = (
    "auth/log_in",
    "JWT_SIGNING_SECRET_ID",
    SIGNING,
    make_event("POST", "/auth/login", body={}),
)
both = pytest.mark.parametrize(
    ("folder", "variable", "sound", "event"), [GRANTS, TOKENS], ids=["grants", "tokens"]
)


def deploy(cloud: Cloud, folder: str, variables: Mapping[str, str]) -> str:
    told = {
        **environment(REPRISE_STAGE="local"),
        **variables,
        "PYTHONPATH": os.pathsep.join(map(str, PACKAGES)),
    }
    return cloud.deploy(
        (FUNCTIONS / folder / "handler.py").read_text(),
        Handler="handler.lambda_handler",
        MemorySize=1024,
        variables={name: text for name, text in told.items() if not _clouds(name)},
    )


def _clouds(name: str) -> bool:
    """Say whether LocalStack gives this variable itself, and knows better."""
    return name.startswith("AWS_") and not name.startswith("AWS_ENDPOINT_URL_")


@both
def test_a_broken_secret_is_told_to_the_caller_and_the_log_and_mended_by_the_next_init(
    cloud: Cloud, folder: str, variable: str, sound: str, event: Mapping[str, Any]
) -> None:
    secret = f"reprise/{os.urandom(6).hex()}/keys"
    secrets = cloud.client("secretsmanager")
    name = deploy(cloud, folder, {variable: secret})
    line = f"the secret {secret} is missing or has no value (mend it with: make run)"

    missing = cloud.invoke(name, event)
    assert missing.error == "Unhandled"
    assert missing.payload["errorType"] == "SettingsError"
    assert missing.payload["errorMessage"] == f"bad environment: {line}"
    assert re.search(r"INIT_REPORT .*Phase: init\tStatus: error\tError Type: Settings", missing.log)
    eventually(lambda: f"[ERROR] SettingsError: bad environment: {line}" in cloud.written(name))

    secrets.create_secret(Name=secret, SecretString='{"keys": []}')
    empty = cloud.invoke(name, event).payload["errorMessage"]
    assert empty.startswith(f"bad environment: the secret {secret} must hold ")

    secrets.put_secret_value(SecretId=secret, SecretString=sound)
    mended = cloud.invoke(name, event)
    assert mended.error is None
    assert mended.payload["statusCode"] in {400, 401}, "it refuses the request, so it runs"


@both
def test_a_store_of_secrets_that_does_not_answer_stops_no_start(
    cloud: Cloud, folder: str, variable: str, sound: str, event: Mapping[str, Any]
) -> None:
    away = f"http://127.0.0.1:{closed_port()}"
    name = deploy(cloud, folder, {"AWS_ENDPOINT_URL_SECRETS_MANAGER": away})
    reply = cloud.invoke(name, event)
    assert reply.error is None
    assert reply.payload["statusCode"] in {400, 401}
    warnings = [json.loads(line) for line in reply.log.splitlines() if '"WARNING"' in line]
    assert [line["message"] for line in warnings] == ["signing keys are not read yet"]
    assert warnings[0]["secret"] == ENVIRONMENT[variable]
