"""Runs one handler as Lambda would, in the interpreter it is started with: event in, answer out.

Stands alone: the runtime's own environment runs it, which has nothing of the `reprise` command.
What the handler prints goes to stderr, so that stdout is the answer and nothing else.
"""

import importlib
import json
import os
import sys
import time
import traceback
from contextlib import redirect_stdout
from uuid import uuid4


class Context:
    """What Lambda tells a handler about its call."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = "$LATEST"
        self.invoked_function_arn = (
            f"arn:aws:lambda:us-east-1:000000000000:function:{self.function_name}"
        )
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.aws_request_id = str(uuid4())
        self.log_group_name = f"/aws/lambda/{self.function_name}"
        self.log_stream_name = "local"
        self.identity = None
        self.client_context = None

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._ends - time.monotonic()) * 1000))


def run() -> int:
    event = json.load(sys.stdin)
    context = Context(float(os.environ["REPRISE_INVOKE_SECONDS"]))
    with redirect_stdout(sys.stderr):
        began = time.perf_counter()
        try:
            handler = importlib.import_module("handler").lambda_handler
            loaded = time.perf_counter()
            answer = handler(event, context)
        except Exception as error:  # noqa: BLE001 - this is the edge: Lambda reports any of them
            traceback.print_exc()
            answer = {"errorType": type(error).__name__, "errorMessage": str(error)}
            failed = True
        else:
            took = time.perf_counter()
            print(f"init {loaded - began:.3f} s, call {took - loaded:.3f} s")
            failed = False
    json.dump(answer, sys.stdout, indent=2, ensure_ascii=False, default=str)
    print()
    return int(failed)


if __name__ == "__main__":
    sys.exit(run())
