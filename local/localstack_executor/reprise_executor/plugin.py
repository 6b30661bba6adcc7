"""The entry points LocalStack looks for: the executor, and two hooks around it.

LocalStack answers an executor name it does not know with a warning and Docker, and every
function then fails much later. Where this package is installed that is never wanted, so the
start itself is refused.
"""

from typing import Any

from localstack.runtime import hooks
from localstack.runtime.exceptions import LocalstackExit
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin

from reprise_executor.settings import EXECUTOR_NAME, ExecutorSetupError


class ProcessExecutorPlugin(RuntimeExecutorPlugin):  # type: ignore[misc]  # LocalStack has no types
    """`LAMBDA_RUNTIME_EXECUTOR=process`."""

    name = EXECUTOR_NAME

    def load(self, *_args: Any, **_kwargs: Any) -> type:
        from reprise_executor.executor import ProcessExecutor, executor_settings  # noqa: PLC0415

        executor_settings()
        return ProcessExecutor


@hooks.on_infra_start(priority=100)  # type: ignore[untyped-decorator]  # LocalStack has no types
def prepare_cloud() -> None:
    """End LocalStack's start when its functions could not run as processes, and mend its ways."""
    from reprise_executor.bookkeeping import gather_records  # noqa: PLC0415
    from reprise_executor.context import pass_client_context  # noqa: PLC0415
    from reprise_executor.executor import executor_settings  # noqa: PLC0415
    from reprise_executor.gateway_responses import answer_as_declared  # noqa: PLC0415
    from reprise_executor.loopback import listen_where_told  # noqa: PLC0415
    from reprise_executor.queues import look_again_soon  # noqa: PLC0415

    try:
        executor_settings()
    except ExecutorSetupError as error:
        raise LocalstackExit(str(error), code=1) from error
    pass_client_context()
    gather_records()
    answer_as_declared()
    listen_where_told()
    look_again_soon()


@hooks.on_infra_shutdown(priority=100)  # type: ignore[untyped-decorator]  # LocalStack has no types
def end_functions() -> None:
    """End calls that are still running; LocalStack does not wait for them either."""
    from reprise_executor.bookkeeping import METRICS  # noqa: PLC0415
    from reprise_executor.executor import GUARD  # noqa: PLC0415

    METRICS.close()
    GUARD.end_all()
