"""Keeps LocalStack from waiting longer for the first look at a quiet queue than for the next ones.

AWS polls queues without a pause. LocalStack waits between looks, at most as long as
`LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC` says, but for the first look after some
activity, where it waits up to 1.5 s whatever that says.
"""

from typing import Any

from localstack.services.lambda_.event_source_mapping import esm_worker
from localstack.utils.backoff import ExponentialBackoff


def look_again_soon() -> None:
    """Let the first wait keep the limit of the others. Once per process."""

    def limited(*, initial_interval: float, max_interval: float) -> Any:
        return ExponentialBackoff(
            initial_interval=min(initial_interval, max_interval), max_interval=max_interval
        )

    esm_worker.ExponentialBackoff = limited
