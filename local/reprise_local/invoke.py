"""`make invoke`: one handler with one sample event, in a fresh process, as it stands on disk now.

The environment is the deployed function's; the code is the working tree's, so a change is tried
without deploying it. Layers are the same folders that a deployment would upload.
"""

import os
import platform
import string
import subprocess
import time
from pathlib import Path
from uuid import uuid4

from infra_cdk.kinds import BASE_LAYERS, CORE_LAYER, Function
from infra_cdk.layer_build import build_wheels
from infra_cdk.routes import FUNCTIONS
from reprise_local import facts
from reprise_local.api_client import ApiClient
from reprise_local.aws import LocalAws
from reprise_local.errors import LocalError
from reprise_local.facts import Facts
from reprise_local.paths import LOCAL, ROOT, RUNTIME_VENV
from reprise_local.stack import Stack

_OF_A_SESSION = ("ACCESS_TOKEN", "PROFILE_ID", "OTHER_PROFILE_ID", "SESSION", "REFRESH_TOKEN")
_SPARES = ("Sample", "Another sample")
_DEVICE = {"id": "invoke", "type": "laptop", "name": "make invoke"}
_RUNNER = Path(__file__).with_name("invoke_runner.py")


def invoke(stack: Stack, *, function: str, event: Path) -> tuple[int, str]:
    """Run the handler; return its exit code (0 unless it raised) and its answer as JSON.

    Raises:
        LocalError: there is no such function or event, or the stack is not deployed.
    """
    row = _row(function)
    text = _filled(event, facts.read(stack.folder))
    done = subprocess.run(
        [str(RUNTIME_VENV / "bin" / "python"), "-P", str(_RUNNER)],
        input=text,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT / "functions" / row.folder,
        env=_environment(stack, row),
        check=False,
    )
    return done.returncode, done.stdout


def _row(function: str) -> Function:
    for row in FUNCTIONS:
        if row.folder == function.strip("/"):
            return row
    known = ", ".join(sorted(row.folder for row in FUNCTIONS))
    raise LocalError(f"there is no function {function}; there are {known}")


def _environment(stack: Stack, row: Function) -> dict[str, str]:
    aws = LocalAws(stack.localstack.endpoint)
    name = row.deployed_name(stage="local")
    client = aws.functions()
    try:
        deployed = client.get_function_configuration(FunctionName=name)
    except client.exceptions.ResourceNotFoundException as error:
        raise LocalError(f"{name} is not deployed", mend="make run") from error
    variables = deployed.get("Environment", {}).get("Variables", {})
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION")
    given = aws.variables()
    return {
        "PATH": os.environ.get("PATH", ""),
        **{name: given[name] for name in (*names, "AWS_ENDPOINT_URL")},
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(row.memory_mb),
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "PYTHONDONTWRITEBYTECODE": "1",
        "REPRISE_INVOKE_SECONDS": str(row.timeout_seconds),
        **{key: str(value) for key, value in variables.items()},
        "PYTHONPATH": os.pathsep.join(_search_path(row)),
    }


def _search_path(row: Function) -> list[str]:
    architecture = "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
    folders = [ROOT / "functions" / row.folder, ROOT / "layers" / CORE_LAYER / "python"]
    for name in (*BASE_LAYERS, *row.layers):
        if name != CORE_LAYER:
            layer = build_wheels(
                name=name,
                requirements=ROOT / "layers" / name / "requirements.txt",
                architecture=architecture,
                into=LOCAL / "build" / "layers",
            )
            folders.append(layer / "python")
    return [str(folder) for folder in folders]


def _filled(event: Path, known: Facts) -> str:
    """Return the sample with its placeholders filled from the running stack."""
    try:
        text = event.read_text(encoding="utf-8")
    except OSError as error:
        samples = "ls events/samples"
        raise LocalError(f"there is no event {event}: {error.strerror}", mend=samples) from error
    account = next(entry for entry in known["accounts"] if len(entry["profiles"]) > 1)
    catalog = known["catalog"]
    values = {
        "EMAIL": account["email"],
        "PASSWORD": account["password"],
        "FILM": catalog["film"],
        "SERIES": catalog["series"]["videoId"],
        "PLAYABLE_FILM": catalog["playable"]["film"],
        "PLAYABLE_SERIES": catalog["playable"]["series"]["videoId"],
        "PLAYABLE_EPISODE": catalog["playable"]["series"]["episodes"][0],
        "NOW": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "UUID": str(uuid4()),
    }
    for number, episode in enumerate(catalog["series"]["episodes"], start=1):
        values[f"EPISODE_{number}"] = episode
    if any(f"${{{name}}}" in text for name in _OF_A_SESSION):
        with ApiClient(known["apiUrl"], device=_DEVICE) as api:
            signed_in = api.log_in(email=account["email"], password=account["password"])
            values |= {
                "ACCESS_TOKEN": api.token,
                "PROFILE_ID": api.profile["id"],
                "SESSION": signed_in["sessionId"],
                "REFRESH_TOKEN": signed_in["refreshToken"],
            }
            if "${OTHER_PROFILE_ID}" in text:
                values["OTHER_PROFILE_ID"] = _spare_profile(api)
            if "${PLAYBACK}" in text:
                manifest = api.call("GET", f"/stream/{values['PLAYABLE_FILM']}/manifest")
                values["PLAYBACK"] = manifest["playbackId"]
    return string.Template(text).safe_substitute(values)


def _spare_profile(api: ApiClient) -> str:
    """Return a profile that samples may change and delete; one that is not selected now."""
    items = api.call("GET", "/profiles")["items"]
    spare = [item for item in items if item["name"] in _SPARES and item["id"] != api.profile["id"]]
    if spare:
        return str(spare[0]["id"])
    taken = {item["name"] for item in items}
    free = next(name for name in _SPARES if name not in taken)
    return str(api.call("POST", "/profiles", {"name": free})["id"])
