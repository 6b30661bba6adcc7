"""The promise of `Passwords`, kept by the fake and by Argon2id (with parameters made cheap)."""

from collections.abc import Callable
from typing import Protocol

import pytest
from argon2 import PasswordHasher

from reprise.adapters.passwords_argon2 import Argon2Passwords
from tests.fakes.passwords import FakePasswords


class HashingPasswords(Protocol):
    """Passwords that can be made as well as compared."""

    def hash(self, *, password: str) -> str: ...

    def verify(self, *, password_hash: str | None, password: str) -> bool: ...


def real() -> Argon2Passwords:
    return Argon2Passwords(hasher=PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture(params=[FakePasswords, real], ids=["fake", "real"])
def passwords(request: pytest.FixtureRequest) -> HashingPasswords:
    make: Callable[[], HashingPasswords] = request.param
    return make()


@pytest.mark.parametrize("password", ["open sesame", "", "pässwörd 📺", "x" * 1024, "\ud800", "\0"])
def test_a_password_fits_its_own_hash(passwords: HashingPasswords, password: str) -> None:
    assert passwords.verify(password_hash=passwords.hash(password=password), password=password)


@pytest.mark.parametrize("password", ["Open sesame", "open sesame ", "", "open sesame\0"])
def test_another_password_does_not_fit(passwords: HashingPasswords, password: str) -> None:
    kept = passwords.hash(password="open sesame")
    assert not passwords.verify(password_hash=kept, password=password)


@pytest.mark.parametrize("kept", [None, "", "garbage", "$argon2id$v=19$m=64,t=1,p=1$x$y"])
def test_nothing_fits_no_hash(passwords: HashingPasswords, kept: str | None) -> None:
    for password in ("", "garbage", "no account has this password"):
        assert not passwords.verify(password_hash=kept, password=password)
