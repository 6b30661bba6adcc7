"""Every way Redis can fail to answer is one error; what is wrong in a script shows as it is."""

from collections.abc import Callable
from typing import Any

import pytest
import redis

from reprise.adapters.redis_calls import TIMEOUTS_TO_OPEN, RedisCalls, RedisScript
from reprise.domain.errors import UnavailableError

SCRIPT = RedisScript("gate", "session_policy")


class FakeClient:
    """Answers scripts with what is queued, raising what is an error."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.commands: list[str] = []
        self.closed = 0

    def evalsha(self, sha: str, count: int, *keys_and_args: str | int) -> Any:
        return self._answer(f"evalsha {len(sha)} {count} {' '.join(map(str, keys_and_args))}")

    def eval(self, text: str, count: int, *keys_and_args: str | int) -> Any:
        assert "pass_gate" in text
        return self._answer(f"eval {count} {' '.join(map(str, keys_and_args))}")

    def script_load(self, text: str) -> str:
        self.commands.append("load")
        return text

    def execute_command(self, *parts: Any) -> None:
        self.commands.append(parts[0])

    def close(self) -> None:
        self.closed += 1

    def _answer(self, command: str) -> Any:
        self.commands.append(command)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def raising(error: Exception) -> Callable[[], Any]:
    def action() -> Any:
        raise error

    return action


def test_a_script_runs_by_its_hash() -> None:
    client = FakeClient("yes")
    assert RedisCalls(client).script(SCRIPT, keys=["k"], args=["a", 1]) == "yes"
    assert client.commands == ["evalsha 40 1 k a 1"]


def test_a_script_that_the_server_does_not_know_is_sent_in_full_once() -> None:
    client = FakeClient(redis.exceptions.NoScriptError("no"), "yes")
    assert RedisCalls(client).script(SCRIPT, keys=["k"], args=["a"]) == "yes"
    assert client.commands == ["evalsha 40 1 k a", "eval 1 k a"]


def test_a_script_can_be_loaded_and_queued() -> None:
    client = FakeClient()
    SCRIPT.load(client)
    SCRIPT.queue(client, keys=["k"], args=[1])
    assert client.commands == ["load", "EVALSHA"]


@pytest.mark.parametrize(
    "error",
    [
        redis.ConnectionError("refused"),
        redis.TimeoutError("too slow"),
        redis.BusyLoadingError("loading"),
        redis.OutOfMemoryError("full", status_code="OOM"),
        redis.ResponseError("BUSY Redis is busy running a script"),
        redis.ResponseError("MISCONF cannot persist"),
        redis.ResponseError("NOREPLICAS not enough"),
        redis.exceptions.ClusterDownError("CLUSTERDOWN"),
        redis.exceptions.MasterDownError("master down"),
        redis.exceptions.TryAgainError("try again"),
        redis.AuthenticationError("who are you"),
    ],
    ids=lambda error: f"{type(error).__name__} {error}",
)
def test_a_redis_that_does_not_serve_is_unavailable_for_a_second(error: Exception) -> None:
    with pytest.raises(UnavailableError) as raised:
        RedisCalls(FakeClient()).call(raising(error))
    assert raised.value.retry_after == 1
    assert raised.value.__cause__ is error


def test_a_demoted_primary_is_left_so_that_the_next_call_finds_the_new_one() -> None:
    client = FakeClient()
    with pytest.raises(UnavailableError):
        RedisCalls(client).call(raising(redis.exceptions.ReadOnlyError("READONLY")))
    assert client.closed == 1


def test_a_script_that_is_wrong_is_a_bug_and_not_an_outage() -> None:
    error = redis.ResponseError("user_script:1: attempt to index nil", status_code="ERR")
    with pytest.raises(redis.ResponseError) as raised:
        RedisCalls(FakeClient()).call(raising(error))
    assert raised.value is error


def test_what_is_not_of_redis_passes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        RedisCalls(FakeClient()).call(raising(ZeroDivisionError()))


def test_time_outs_open_the_breaker_and_then_cost_nothing() -> None:
    calls = RedisCalls(FakeClient())
    for _ in range(TIMEOUTS_TO_OPEN):
        with pytest.raises(UnavailableError):
            calls.call(raising(redis.TimeoutError("too slow")))
    with pytest.raises(UnavailableError):
        calls.call(lambda: pytest.fail("an open breaker lets nothing through"))


@pytest.mark.parametrize(
    "error", [redis.ConnectionError("refused"), redis.OutOfMemoryError("full")], ids=str
)
def test_what_fails_at_once_never_opens_the_breaker(error: Exception) -> None:
    calls = RedisCalls(FakeClient())
    for _ in range(TIMEOUTS_TO_OPEN * 2):
        with pytest.raises(UnavailableError):
            calls.call(raising(error))
    assert calls.call(lambda: "answered") == "answered"


def test_an_answer_between_time_outs_keeps_the_breaker_closed() -> None:
    calls = RedisCalls(FakeClient())
    for _ in range(TIMEOUTS_TO_OPEN * 2):
        with pytest.raises(UnavailableError):
            calls.call(raising(redis.TimeoutError("too slow")))
        assert calls.call(lambda: "answered") == "answered"
