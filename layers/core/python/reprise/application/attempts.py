"""Counting attempts in front of what guessing could break."""

from reprise.application.identity_ports import AttemptLimits
from reprise.domain.attempts import Attempt
from reprise.domain.errors import RateLimitedError


def refuse_excess(attempts: AttemptLimits, *, kind: Attempt, key: str) -> None:
    """Count an attempt.

    Raises:
        RateLimitedError: it is one too many.
    """
    seconds = attempts.hit(kind=kind, key=key)
    if seconds is not None:
        raise RateLimitedError("too many attempts; try again later", retry_after=seconds)
