"""Carries a caller's `ClientContext` to the function.

LocalStack keeps it on the invocation but leaves it out of what it hands an executor.
"""

import functools
from typing import Any

from localstack.services.lambda_.invocation.execution_environment import ExecutionEnvironment
from localstack.services.lambda_.invocation.lambda_models import Invocation


def pass_client_context() -> None:
    """Wrap LocalStack's own `invoke`. Once per process."""
    plain = ExecutionEnvironment.invoke

    @functools.wraps(plain)
    def invoke(self: ExecutionEnvironment, invocation: Invocation) -> Any:
        self.runtime_executor.client_context = invocation.client_context or ""
        return plain(self, invocation)

    ExecutionEnvironment.invoke = invoke
