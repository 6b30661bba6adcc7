"""A PIN is proved with five attempts in a quarter of an hour, and not with one more."""

import pytest

from reprise.application.pins import prove_pin
from reprise.domain.errors import RateLimitedError, UnavailableError
from reprise.domain.policy import ForbiddenError
from tests.fakes.attempts import FakeAttempts
from tests.fakes.passwords import FakePasswords
from tests.households import ADA, PIN, TOM, locked, stored


class Door:
    """A locked profile's door."""

    def __init__(self) -> None:
        self.now = 0.0
        self.passwords = FakePasswords()
        self.attempts = FakeAttempts(clock=lambda: self.now)

    def try_pin(self, pin: str | None, *, of: str = ADA.id) -> None:
        profile = locked(ADA if of == ADA.id else TOM)
        prove_pin(stored=stored(profile), pin=pin, passwords=self.passwords, attempts=self.attempts)

    def fail(self, times: int) -> None:
        for _ in range(times):
            with pytest.raises(ForbiddenError) as refused:
                self.try_pin("0000")
            assert refused.value.reason == "pin"


def test_the_right_pin_opens_and_gives_the_attempts_back() -> None:
    door = Door()
    for _ in range(3):
        door.fail(4)
        door.try_pin(PIN)


def test_after_five_wrong_ones_the_right_one_is_refused_too_and_not_even_compared() -> None:
    door = Door()
    door.fail(5)
    with pytest.raises(RateLimitedError, match="locked for a while") as refused:
        door.try_pin(PIN)
    assert refused.value.retry_after == 900
    assert door.passwords.compared == 5


def test_the_lock_opens_when_its_time_is_over() -> None:
    door = Door()
    door.fail(5)
    door.now = 901
    door.try_pin(PIN)


def test_each_profile_has_attempts_of_its_own() -> None:
    door = Door()
    door.fail(5)
    door.try_pin(PIN, of=TOM.id)


def test_no_pin_is_a_refusal_and_no_attempt() -> None:
    door = Door()
    for _ in range(6):
        with pytest.raises(ForbiddenError) as refused:
            door.try_pin(None)
        assert refused.value.reason == "pin"
    door.try_pin(PIN)


def test_a_profile_without_a_pin_is_open_whatever_is_given() -> None:
    door = Door()
    prove_pin(stored=stored(ADA), pin="0000", passwords=door.passwords, attempts=door.attempts)
    assert door.passwords.compared == 0


def test_where_attempts_can_not_be_counted_nothing_is_tried() -> None:
    door = Door()
    door.attempts.down = True
    with pytest.raises(UnavailableError):
        door.try_pin(PIN)
    assert door.passwords.compared == 0
