"""Passwords as Argon2id, with the parameters of RFC 9106's second recommendation (64 MiB)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import error_to_str

from reprise.domain.errors import UnavailableError

NOBODY = "no account has this password"
NO_MEMORY = error_to_str(-22)
"""libargon2's ARGON2_MEMORY_ALLOCATION_ERROR."""


class Argon2Passwords:
    """The port `Passwords`. `hasher` replaces the costly parameters in tests."""

    def __init__(self, *, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        # Hashed here and not on first need: the first unknown address must not take twice as long.
        self._nobody = self._hasher.hash(NOBODY)

    def hash(self, *, password: str) -> str:
        return self._hasher.hash(_octets(password))

    def verify(self, *, password_hash: str | None, password: str) -> bool:
        """Compare; for None spends the same time and returns False. A hash that is none fits none.

        Raises:
            UnavailableError: there was no memory to compare in.
        """
        try:
            self._hasher.verify(password_hash or self._nobody, _octets(password))
        except InvalidHashError:
            return False
        except VerificationError as error:
            if str(error) == NO_MEMORY:
                raise UnavailableError("passwords cannot be compared now") from error
            return False
        return bool(password_hash)


def _octets(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
