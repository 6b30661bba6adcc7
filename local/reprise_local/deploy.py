"""Deploys the `local` stage into a stack's LocalStack, only when something in it has changed."""

import json
import platform
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reprise_local import stamps
from reprise_local.aws import LocalAws, command
from reprise_local.errors import LocalError
from reprise_local.paths import ROOT
from reprise_local.servers.edge import STORE_ARN
from reprise_local.shell import run
from reprise_local.stack import Stack

CLOUD_STACK = "reprise-local"
API_STAGE = "v1"
SIGNING_SECRET = "reprise/local/jwt-signing"  # noqa: S105 - its name
GRANT_SECRET = "reprise/local/grant-signing"  # noqa: S105 - its name
_SOURCES = [ROOT / "infra_cdk", ROOT / "functions", ROOT / "layers", ROOT / "cdk.json"]


def write_config(stack: Stack, *, jwks: Mapping[str, Any], flush_minutes: int) -> None:
    """Write what the CDK app needs to know of this stack; its secrets are made once."""
    path = stack.folder.deploy_config
    former = _former(path)
    stores = stack.stores()
    config = {
        "redisUrl": stores["redisUrl"],
        "cassandra": stores["cassandra"],
        "postgresUrl": stores["postgresUrl"],
        "jwks": jwks,
        "mediaUrl": stack.media_url,
        "edgeStore": {"arn": STORE_ARN, "url": stack.edge.store_url},
        "cursorSecret": former.get("cursorSecret") or secrets.token_urlsafe(32),
        "edgeSecret": former.get("edgeSecret") or secrets.token_urlsafe(32),
        "flushMinutes": flush_minutes,
        "architecture": _architecture(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    path.chmod(0o600)


def deploy(stack: Stack) -> str:
    """Synthesise, bootstrap and deploy what changed; return what to show.

    Raises:
        LocalError: CDK refused or LocalStack failed.
    """
    wanted = stamps.digest([*_SOURCES, stack.folder.deploy_config])
    if stamps.is_done(_stamp(stack), f"{wanted} {stack.localstack.generation()}"):
        return "nothing changed"
    if not stamps.is_done(_synth_stamp(stack), wanted):
        _synthesise(stack)
        stamps.done(_synth_stamp(stack), wanted)
    _bootstrap(stack)
    stamps.undo(_stamp(stack))
    _cdklocal(
        stack,
        "deploy",
        *("--app", str(_assembly(stack)), "--require-approval", "never"),
        *("--outputs-file", str(stack.folder.outputs), "--method", "direct", CLOUD_STACK),
    )
    _publish_routes(stack)
    stamps.done(_stamp(stack), f"{wanted} {stack.localstack.generation()}")
    return "deployed"


def is_deployed(stack: Stack) -> bool:
    """Say whether LocalStack runs and holds a deployment, be it of older code."""
    generation = stack.localstack.generation()
    return bool(generation) and _deployed_generation(stack) == generation


def prepare_synthesis(stack: Stack) -> str:
    """Do the part of a deployment that needs no cloud, while the servers start."""
    wanted = stamps.digest([*_SOURCES, stack.folder.deploy_config])
    if stamps.is_done(_synth_stamp(stack), wanted):
        return "nothing changed"
    _synthesise(stack)
    stamps.done(_synth_stamp(stack), wanted)
    return "synthesised"


def outputs(stack: Stack) -> Mapping[str, str]:
    """Raises:
    LocalError: nothing is deployed.
    """
    try:
        text = stack.folder.outputs.read_text(encoding="utf-8")
        found: Mapping[str, str] = json.loads(text)[CLOUD_STACK]
    except (OSError, ValueError, KeyError) as error:
        raise LocalError(f"nothing is deployed to the {stack.name} stack") from error
    return found


def api_url(stack: Stack) -> str:
    """Return the API's address with the stage, as clients of this machine reach it."""
    return f"{stack.localstack.endpoint}/_aws/execute-api/{outputs(stack)['RestApiId']}/{API_STAGE}"


def store_signing_secret(stack: Stack, private: str) -> None:
    """Put the private keys where the login function looks for them; the stage only names it."""
    _store_secret(stack, SIGNING_SECRET, private)


def store_grant_secret(stack: Stack, private: str) -> None:
    """Put the private keys of grants where the functions that sign them look."""
    _store_secret(stack, GRANT_SECRET, private)


def _store_secret(stack: Stack, name: str, value: str) -> None:
    client = LocalAws(stack.localstack.endpoint).secrets()
    try:
        client.create_secret(Name=name, SecretString=value)
    except client.exceptions.ResourceExistsException:
        client.put_secret_value(SecretId=name, SecretString=value)


def _synthesise(stack: Stack) -> None:
    stamps.undo(_synth_stamp(stack))
    _cdklocal(
        stack,
        "synth",
        *("--quiet", "--output", str(_assembly(stack)), "-c", "stage=local"),
        *("-c", f"config={stack.folder.deploy_config}"),
    )


def _bootstrap(stack: Stack) -> None:
    stamp = stack.folder.path / "stamp-bootstrap"
    if stamps.is_done(stamp, stack.localstack.generation()):
        return
    # Without --app the CDK would run the app, which refuses to build a stage nobody named.
    _cdklocal(stack, "bootstrap", "aws://000000000000/us-east-1", "--app", str(_assembly(stack)))
    stamps.done(stamp, stack.localstack.generation())


def _cdklocal(stack: Stack, verb: str, *arguments: str) -> None:
    aws = LocalAws(stack.localstack.endpoint)
    run(
        [command("cdklocal"), verb, *arguments],
        title=f"cdklocal {verb}",
        log=stack.folder.path / "logs" / f"cdk-{verb}.log",
        environment=aws.variables() | {"REPRISE_PYTHON": sys.executable, "CI": "true"},
    )


def _publish_routes(stack: Stack) -> None:
    """Point the API's stage at the routes as they are now.

    LocalStack's CloudFormation can't update a stage: changed routes leave it without any.
    """
    gateway = LocalAws(stack.localstack.endpoint).gateway()
    gateway.create_deployment(restApiId=outputs(stack)["RestApiId"], stageName=API_STAGE)


def _deployed_generation(stack: Stack) -> str:
    try:
        return _stamp(stack).read_text(encoding="utf-8").partition(" ")[2]
    except OSError:
        return ""


def _stamp(stack: Stack) -> Path:
    return stack.folder.path / "stamp-deploy"


def _synth_stamp(stack: Stack) -> Path:
    return stack.folder.path / "stamp-synth"


def _assembly(stack: Stack) -> Path:
    return stack.folder.path / "cdk.out"


def _former(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _architecture() -> str:
    return "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
