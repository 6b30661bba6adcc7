"""LocalStack's side of an execution environment: its versions, archives and results."""

import functools
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from localstack import config
from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from reprise_executor import settings
from reprise_executor.calls import Call, Function, readable_client_context
from reprise_executor.guard import Guard
from reprise_executor.sandbox import Sandbox
from reprise_executor.trees import Source, merged_tree
from reprise_executor.variables import Places, function_variables

GUARD = Guard()
_LOOPBACK = "127.0.0.1"
_PROVISIONED = "provisioned-concurrency"


class ProcessExecutor(RuntimeExecutor):  # type: ignore[misc]  # LocalStack has no types
    """One per execution environment; LocalStack counts, reuses and reaps them."""

    def __init__(self, id: str, function_version: FunctionVersion) -> None:  # noqa: A002
        super().__init__(id=id, function_version=function_version)
        self._scratch = Path(tempfile.gettempdir()) / "reprise-lambda" / "environments" / id
        self._sandbox: Sandbox | None = None
        self.client_context = ""

    def start(self, env_vars: dict[str, Any]) -> None:
        """Run the init phase. Only provisioned capacity fails here: AWS tells a caller on
        demand through its own call."""
        (self._scratch / "tmp").mkdir(parents=True, exist_ok=True)
        self._sandbox = self._new_sandbox(env_vars)
        error = self._sandbox.start()
        if error is not None and env_vars.get("AWS_LAMBDA_INITIALIZATION_TYPE") == _PROVISIONED:
            raise StatusErrorException("The init failed", payload=error)

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        if self._sandbox is None:
            raise RuntimeError("the environment was not started")
        call = Call(
            request_id=payload["invoke-id"],
            payload=payload["payload"].encode(),
            function_arn=payload["invoked-function-arn"],
            trace_id=payload["trace-id"],
            client_context=readable_client_context(self.client_context),
        )
        answer = self._sandbox.invoke(call)
        return InvocationResult(
            request_id=call.request_id,
            payload=answer.payload,
            is_error=answer.failed,
            logs=answer.logs,
        )

    def stop(self) -> None:
        if self._sandbox is not None:
            self._sandbox.stop()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def get_logs(self) -> str:
        return self._sandbox.logs() if self._sandbox else ""

    def get_address(self) -> str:
        return _LOOPBACK

    def get_endpoint_from_executor(self) -> str:
        return _LOOPBACK

    def get_runtime_endpoint(self) -> str:
        return f"http://{_LOOPBACK}:{config.GATEWAY_LISTEN[0].port}"

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        """Unpack code and layers before the version becomes active."""
        wanted, have = str(function_version.config.runtime), executor_settings().runtime
        if wanted != have:
            raise settings.ExecutorSetupError(
                f"the function wants the runtime {wanted}; this stack has {have} only"
            )
        _task_root(function_version)
        _opt(function_version)

    @classmethod
    def cleanup_version(cls, _function_version: FunctionVersion) -> None:
        """Nothing: merged folders are shared and go with LocalStack's temporary folder."""

    def _new_sandbox(self, env_vars: dict[str, Any]) -> Sandbox:
        version = self.function_version
        places = Places(
            task=_task_root(version),
            opt=_opt(version),
            scratch=self._scratch,
            python=executor_settings().python,
        )
        return Sandbox(
            function=Function(
                handler=str(version.config.handler),
                version=version.id.qualifier,
                timeout=int(version.config.timeout),
                memory_mb=int(version.config.memory_size),
            ),
            python=places.python,
            folder=places.task,
            variables=function_variables(
                offered=env_vars,
                own=version.config.environment or {},
                places=places,
                runtime=executor_settings().runtime,
            ),
            guard=GUARD,
        )


@functools.cache
def executor_settings() -> settings.Settings:
    """Checked once per LocalStack."""
    return settings.from_env(os.environ)


def _task_root(version: FunctionVersion) -> Path:
    code = version.config.code
    if code.is_hot_reloading():
        return Path(str(code.get_unzipped_code_location()))
    return merged_tree(cache=_trees(), sources=[_unpacked(code)])


def _opt(version: FunctionVersion) -> Path:
    layers = [_unpacked(layer.code) for layer in version.config.layers]
    return merged_tree(cache=_trees(), sources=layers)


def _unpacked(code: Any) -> Source:
    code.prepare_for_execution()
    return Source(digest=code.code_sha256, folder=Path(code.get_unzipped_code_location()))


def _trees() -> Path:
    return Path(tempfile.gettempdir()) / "reprise-lambda" / "trees"
