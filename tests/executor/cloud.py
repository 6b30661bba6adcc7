"""A private LocalStack for the executor's tests, and functions written in line."""

import base64
import io
import json
import os
import subprocess
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any, Self
from uuid import uuid4

import boto3
from botocore.config import Config

_ROLE = "arn:aws:iam::000000000000:role/executor-test"
_READY_SECONDS = 60.0


def zipped(files: Mapping[str, str]) -> bytes:
    """An archive of text files, as Lambda takes code and layers."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        for name, text in files.items():
            target.writestr(name, dedent(text))
    return archive.getvalue()


def eventually[T](look: Callable[[], T | None], *, seconds: float = 15.0, what: str = "it") -> T:
    """Return what `look` finds as soon as it is something true; fail after `seconds`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {seconds} s")


@dataclass(frozen=True, slots=True)
class Reply:
    """What an invocation gave its caller; `log` is the decoded `LogResult`."""

    payload: Any
    error: str | None
    log: str


class LocalStack:
    """One LocalStack process on a port of its own, with everything it writes under `folder`."""

    def __init__(self, *, python: Path, folder: Path, port: int, settings: Mapping[str, str]):
        self.endpoint = f"http://127.0.0.1:{port}"
        self.log = folder / "localstack.log"
        for name in ("tmp", "root"):
            (folder / name).mkdir(parents=True)
        self._python = python
        self._variables = {
            "PATH": os.defpath,
            "HOME": str(folder),
            "TMPDIR": str(folder / "tmp"),
            "FILESYSTEM_ROOT": str(folder / "root"),
            "GATEWAY_LISTEN": f"127.0.0.1:{port}",
            "LOCALSTACK_HOST": f"localhost:{port}",
            "SQS_ENDPOINT_STRATEGY": "path",
            "DNS_ADDRESS": "0",
            "DISABLE_EVENTS": "1",
            "SKIP_SSL_CERT_DOWNLOAD": "1",
            "LAUNCHER_SECRET": "not for functions",
            "PYTHONWARNINGS": "ignore",
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        self.spawn()
        try:
            eventually(self._ready, seconds=_READY_SECONDS, what="LocalStack's start")
        except BaseException:
            self.stop()
            raise
        return self

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start without waiting for it to be ready."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [str(self._python), "-m", "localstack.runtime.main"],
                env=self._variables,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        return self.process

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _ready(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"LocalStack ended:\n{self.log.read_text(errors='replace')}")
        try:
            with urllib.request.urlopen(f"{self.endpoint}/_localstack/health", timeout=2):
                return True
        except OSError:
            return False


class Cloud:
    """Deploys and calls functions in one LocalStack."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.functions = self.client("lambda")

    def client(self, service: Any) -> Any:
        # One attempt only: a throttled or failed call is what some tests want to see.
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name="eu-central-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}, read_timeout=60),
        )

    def deploy(self, code: str | Mapping[str, str], **settings: Any) -> str:
        """Create a function of `handler.py`'s `handle` and wait until it is active."""
        files = {"handler.py": code} if isinstance(code, str) else code
        name = f"executor-{uuid4().hex[:12]}"
        variables = settings.pop("variables", {})
        self.functions.create_function(
            **{
                "FunctionName": name,
                "Runtime": "python3.13",
                "Handler": "handler.handle",
                "Role": _ROLE,
                "Code": {"ZipFile": zipped(files)},
                "Timeout": 10,
                "Environment": {"Variables": variables},
                **settings,
            }
        )
        self.functions.get_waiter("function_active_v2").wait(
            FunctionName=name, WaiterConfig={"Delay": 1}
        )
        return name

    def update(self, name: str, code: str) -> None:
        """Replace the code and wait until the new version answers."""
        self.functions.update_function_code(FunctionName=name, ZipFile=zipped({"handler.py": code}))
        self.functions.get_waiter("function_updated_v2").wait(
            FunctionName=name, WaiterConfig={"Delay": 1}
        )

    def layer(self, files: Mapping[str, str]) -> str:
        """Publish a layer version and return its ARN."""
        version = self.functions.publish_layer_version(
            LayerName=f"layer-{uuid4().hex[:12]}", Content={"ZipFile": zipped(files)}
        )
        return str(version["LayerVersionArn"])

    def invoke(self, name: str, event: Any = None, **more: Any) -> Reply:
        """Call and wait for the answer."""
        reply = self.functions.invoke(
            FunctionName=name, Payload=json.dumps(event).encode(), LogType="Tail", **more
        )
        return Reply(
            payload=json.loads(reply["Payload"].read() or b"null"),
            error=reply.get("FunctionError"),
            log=base64.b64decode(reply["LogResult"]).decode(errors="replace"),
        )

    def written(self, name: str) -> str:
        """Everything in the function's CloudWatch log group so far."""
        logs = self.client("logs")
        try:
            found = logs.filter_log_events(logGroupName=f"/aws/lambda/{name}")
        except logs.exceptions.ResourceNotFoundException:
            return ""
        return "".join(event["message"] for event in found["events"])


def running(pid: int) -> bool:
    """Whether any thread of a process is left; a zombie that only waits for its parent is not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
        threads = len(list(Path(f"/proc/{pid}/task").iterdir()))
    except OSError:
        return False
    return threads > 1 or state not in ("Z", "X")
