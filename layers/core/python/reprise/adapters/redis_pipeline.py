"""One script over many keys in one round trip, on a single server and on a cluster."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import redis

from reprise.adapters.redis_calls import RedisCalls, RedisScript

PER_ROUND_TRIP = 1_024


@dataclass(frozen=True, slots=True)
class Call:
    """One run of a script. All keys carry one hash tag."""

    keys: Sequence[str]
    args: Sequence[str | int]


def run_all(calls: RedisCalls, script: RedisScript, requests: Sequence[Call]) -> list[Any]:
    """Run the script once per request, in order; a second time only where it was not loaded.

    Raises:
        UnavailableError: Redis did not answer; any number of the requests may have run.
    """
    answers: list[Any] = []
    for start in range(0, len(requests), PER_ROUND_TRIP):
        part = requests[start : start + PER_ROUND_TRIP]
        answers.extend(calls.call(partial(_run, calls.client, script, part)))
    return answers


def _run(client: Any, script: RedisScript, requests: Sequence[Call]) -> list[Any]:
    answers = _pipelined(client, script, requests)
    missed = [
        index
        for index, answer in enumerate(answers)
        if isinstance(answer, redis.exceptions.NoScriptError)
    ]
    if missed:
        script.load(client)
        again = _pipelined(client, script, [requests[index] for index in missed])
        for index, answer in zip(missed, again, strict=True):
            answers[index] = answer
    failure = next((answer for answer in answers if isinstance(answer, Exception)), None)
    if failure is not None:
        raise failure
    return answers


def _pipelined(client: Any, script: RedisScript, requests: Sequence[Call]) -> list[Any]:
    if not requests:
        return []
    pipeline = client.pipeline(transaction=False)
    for request in requests:
        script.queue(pipeline, keys=request.keys, args=request.args)
    answers: list[Any] = pipeline.execute(raise_on_error=False)
    return answers
