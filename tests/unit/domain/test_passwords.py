"""Which new passwords are taken, and in which spelling."""

import pytest

from reprise.domain.common_passwords import COMMON
from reprise.domain.passwords import LONGEST, SHORTEST, fault_of_password, normalise_password

EMAIL = "ada@example.org"


@pytest.mark.parametrize(
    "password",
    [
        "eight ch",
        "öäüßñçøå",
        "correct horse battery staple!",
        "📺🎬🍿🎞🎥📽🎦📼",
        "x y" * 300,
        "e" + "\u0301" * 2 + "x" * 8,
    ],
)
def test_length_and_not_being_obvious_is_all_that_is_asked_for(password: str) -> None:
    assert fault_of_password(password, email=EMAIL) is None


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", "8 to 1024"),
        ("sevench", "8 to 1024"),
        ("e\u0301" * 4, "8 to 1024"),
        ("ab" * 513, "8 to 1024"),
        ("ﷺ" * 100, "8 to 1024"),
        (EMAIL, "e-mail"),
        (f" {EMAIL.upper()} ", "e-mail"),
        ("password123", "guess"),
        ("PassWord123", "guess"),
        ("ｐａｓｓｗｏｒｄ１２３", "guess"),
        ("zzzzzzzz", "guess"),
    ],
)
def test_a_password_that_breaks_a_rule_says_which(password: str, fault: str) -> None:
    found = fault_of_password(password, email=EMAIL)
    assert found is not None
    assert fault in found


def test_without_an_address_none_is_compared() -> None:
    assert fault_of_password("  \t \t  \t", email="") is None


def test_one_password_typed_on_different_keyboards_is_one() -> None:
    assert normalise_password("cafe\u0301 ｌａｔｔｅ") == normalise_password("café latte")


def test_every_common_password_would_otherwise_be_taken() -> None:
    assert COMMON
    assert all(SHORTEST <= len(each) <= LONGEST for each in COMMON)
    assert all(each == normalise_password(each).casefold() for each in COMMON)
