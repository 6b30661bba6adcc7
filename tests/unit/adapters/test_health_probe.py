"""A probe says within its time whether a store answers, and never costs more than one thread."""

import threading

import pytest

from reprise.adapters import health_probe
from reprise.adapters.health_probe import Probe
from reprise.domain.errors import UnavailableError


def refuse() -> None:
    raise UnavailableError("down")


def test_a_store_that_answers_is_up_and_one_that_refuses_is_down() -> None:
    assert Probe(lambda: "PONG").ping() is True
    assert Probe(refuse).ping() is False


def test_a_store_that_hangs_is_down_after_the_time_and_is_asked_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health_probe, "FIRST_SECONDS", 0.05)
    released = threading.Event()
    asked: list[int] = []

    def hang() -> None:
        asked.append(1)
        released.wait(5)

    probe = Probe(hang)
    assert [probe.ping(), probe.ping()] == [False, False]
    assert len(asked) == 1
    released.set()
    assert Probe(lambda: None).ping() is True
