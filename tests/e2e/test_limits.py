"""What a caller is told of its limits, as it arrives behind the gateway."""

import re

import pytest

from tests.e2e.api_client import TV, Answer, ApiClient, Player
from tests.e2e.people import Person
from tests.harness.stack import DemoCatalog

pytestmark = pytest.mark.cloud

PER_MINUTE = 120


def left(answer: Answer, name: str = "session") -> tuple[int, int]:
    """Return what is left of a limit, and in how many seconds all of it is again."""
    found = re.fullmatch(rf'"{name}";r=(\d+);t=(\d+)', answer.headers["RateLimit"])
    assert found is not None, answer.headers
    return int(found[1]), int(found[2])


def test_every_counted_answer_says_what_is_left(tv: ApiClient, film: str) -> None:
    player = Player(tv, film).act("start", position=900.0)
    answers = [
        tv.call("POST", "/stream/progress", player.next(plays=30)),
        tv.call("POST", "/stream/progress/batch", {"reports": [player.next(plays=30)] * 2}),
        tv.call("GET", "/continue-watching"),
        tv.call("GET", "/history"),
    ]
    for taken, answer in enumerate(answers, start=1):
        assert answer.headers["RateLimit-Policy"] == f'"session";q={PER_MINUTE};w=60'
        assert left(answer)[0] == PER_MINUTE - taken
        assert 1 <= left(answer)[1] <= 60


def test_who_asks_too_much_is_told_when_to_come_back_and_nobody_else_is(person: Person) -> None:
    greedy, other = person.on(TV), person.on(TV | {"id": "tv-2"})
    answers = [greedy.call("GET", "/continue-watching") for _ in range(PER_MINUTE + 1)]
    assert {answer.status for answer in answers[:PER_MINUTE]} == {200}
    refused = answers[-1]
    assert (refused.status, refused.kind) == (429, "rate-limited")
    assert left(refused)[0] == 0
    assert int(refused.headers["Retry-After"]) == left(refused)[1]
    assert other.call("GET", "/continue-watching").status == 200


def test_a_sign_in_says_what_is_left_to_its_network(nobody: ApiClient) -> None:
    body = {"email": "nobody@limits.example", "password": "wrong", "device": TV}
    first, second = (nobody.call("POST", "/auth/login", body) for _ in range(2))
    assert (first.status, second.status) == (401, 401)
    assert left(second, "address")[0] < left(first, "address")[0]


def test_an_answer_that_nobody_counted_says_nothing(
    tv: ApiClient, nobody: ApiClient, catalog: DemoCatalog
) -> None:
    unread = tv.call("POST", "/stream/progress", {"videoId": catalog.film})
    stranger = nobody.call("GET", "/history")
    assert (unread.status, stranger.status) == (400, 401)
    for answer in (unread, stranger):
        assert "RateLimit" not in answer.headers
