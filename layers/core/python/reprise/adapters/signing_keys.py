"""The issuer of a warm function: it notices rotated keys without a restart."""

import time
from collections.abc import Callable

import jwt

from reprise.adapters.tokens_pyjwt import JwtIssuer
from reprise.domain.errors import UnavailableError
from reprise.domain.identity import Claims

KEEP_SECONDS = 300
"""How long a set of keys is used before the secret is read again; a rotation counts on it."""
AGAIN_SECONDS = 30
"""How long to go on with the known keys where the secret cannot be read."""


class RotatingIssuer:
    """The port `TokenIssuer` over a secret that may change.

    `read` returns the private key set and raises `UnavailableError`; `clock` is monotonic. `keys`
    is the set where it was read just now, and raises `ValueError` where it holds no usable key.
    """

    def __init__(
        self,
        *,
        read: Callable[[], str],
        issuer: str,
        audience: str,
        keys: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._signer: JwtIssuer | None = None
        self._until = 0.0
        if keys is not None:
            self._adopt(keys)

    def issue(self, *, claims: Claims, now: int) -> str:
        """Sign with the keys that were read within the last five minutes.

        Raises:
            UnavailableError: no keys are known yet and the secret store does not answer.
            ValueError: the secret holds no usable key.
        """
        signer = self._current()
        try:
            return signer.issue(claims=claims, now=now)
        except (jwt.PyJWTError, TypeError, ValueError):
            # The key itself fails: whoever looks again at once may find another.
            return self._load().issue(claims=claims, now=now)

    def _current(self) -> JwtIssuer:
        if self._signer is not None and self._clock() < self._until:
            return self._signer
        try:
            return self._load()
        except (UnavailableError, ValueError):
            if self._signer is None:
                raise
            self._until = self._clock() + AGAIN_SECONDS
            return self._signer

    def _load(self) -> JwtIssuer:
        return self._adopt(self._read())

    def _adopt(self, keys: str) -> JwtIssuer:
        signer = JwtIssuer(keys=keys, issuer=self._issuer, audience=self._audience)
        self._signer, self._until = signer, self._clock() + KEEP_SECONDS
        return signer
