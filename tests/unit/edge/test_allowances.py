"""What is left of a limit leaves in the standard headers, on every answer that was counted."""

import re
from typing import Any

import pytest

from reprise.domain.allowance import Allowance
from reprise.edge import allowances
from tests.harness.functions import EMAIL, World, make_event

PROGRESS = "stream/record_progress"


@pytest.fixture
def world() -> World:
    return World()


def progress(world: World, **parts: Any) -> dict[str, Any]:
    return world.event("POST", "/stream/progress", **({"body": world.report()} | parts))


def test_a_counted_answer_says_the_limit_and_what_is_left_of_it(world: World) -> None:
    answer = world.request(PROGRESS, progress(world))
    assert answer.headers["RateLimit-Policy"] == '"session";q=120;w=60'
    assert re.fullmatch(r'"session";r=119;t=\d+', answer.headers["RateLimit"])
    again = world.request(PROGRESS, progress(world))
    assert again.headers["RateLimit"].startswith('"session";r=118;')


def test_a_refusal_behind_the_gate_says_it_too(world: World) -> None:
    answer = world.request(PROGRESS, progress(world, body=world.report(videoId="gone")))
    assert answer.status == 404
    assert answer.headers["RateLimit"].startswith('"session";r=119;')


def test_too_many_requests_say_that_nothing_is_left_and_when_to_come_back(world: World) -> None:
    world.live.sent[world.viewer.session_id] = 120
    answer = world.request(PROGRESS, progress(world))
    assert answer.status == 429
    assert answer.headers["RateLimit"] == '"session";r=0;t=60'
    assert answer.headers["Retry-After"] == "60"


def test_an_answer_that_was_not_counted_says_nothing_even_after_one_that_was(world: World) -> None:
    world.request(PROGRESS, progress(world))
    uncounted = world.request(PROGRESS, progress(world, body={}))
    assert (uncounted.status, "RateLimit" in uncounted.headers) == (400, False)


def test_a_sign_in_says_what_is_left_to_its_network_address(world: World) -> None:
    body = {"email": EMAIL, "password": "wrong"}
    device = {"id": "tv-1", "type": "tv", "name": "Living room"}
    answer = world.request(
        "auth/log_in", make_event("POST", "/auth/login", body=body | {"device": device})
    )
    assert answer.status == 401
    assert answer.headers["RateLimit-Policy"] == '"address";q=100;w=900'
    assert answer.headers["RateLimit"].startswith('"address";r=99;t=')


def test_each_limit_has_its_member_in_both_headers() -> None:
    allowances.forget()
    allowances.note(Allowance("session", 120, 60, 7, 31))
    allowances.note(Allowance("address", 10, 900, 3, 600))
    assert allowances.headers() == {
        "RateLimit-Policy": '"session";q=120;w=60, "address";q=10;w=900',
        "RateLimit": '"session";r=7;t=31, "address";r=3;t=600',
    }
    allowances.forget()
    assert allowances.headers() == {}
