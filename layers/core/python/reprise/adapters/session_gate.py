"""The gate in front of every script of a session (`lua/gate.lua`): what it is told and answers."""

from collections.abc import Callable, Sequence
from typing import Any

from reprise.domain.allowance import Allowance
from reprise.domain.errors import RateLimitedError, UnauthenticatedError
from reprise.domain.identity import PolicyFacts

SESSION_LIMIT = "session"
WINDOW_SECONDS = 60
"""As `RATE_WINDOW_MS` of the script."""


def ignore_allowance(_: Allowance) -> None:
    """For callers that tell nobody what is left."""


class SessionGate:
    """Proves sessions and counts their requests, `per_minute` of which are let through.

    `on_allowance` is told after each request that counts, refused ones included.
    """

    def __init__(
        self,
        *,
        per_minute: int,
        on_allowance: Callable[[Allowance], None] = ignore_allowance,
    ) -> None:
        self._limit = per_minute
        self._on_allowance = on_allowance

    def who(self, *, account_id: str, profile_id: str, cost: int) -> dict[str, Any]:
        """Return the script's `who`; `cost` is 0 for what was counted before."""
        return {"account": account_id, "profile": profile_id, "cost": cost, "limit": self._limit}

    def passed(self, answer: Sequence[Any]) -> str:
        """Return the kind of a script's answer that the gate let through.

        Raises:
            UnauthenticatedError: the session is not live, or is another's.
            RateLimitedError: the session has sent too much this minute.
        """
        kind, *counted = answer[0]
        if counted:
            sent, milliseconds = counted
            left = max(0, self._limit - sent)
            seconds = max(1, -(-milliseconds // 1000))
            self._on_allowance(Allowance(SESSION_LIMIT, self._limit, WINDOW_SECONDS, left, seconds))
            if kind == "rate":
                raise RateLimitedError("too many requests of this session", retry_after=seconds)
        elif kind == "session":
            raise UnauthenticatedError("the session has ended; sign in again")
        return str(kind)


def policy_of(text: str) -> PolicyFacts:
    """Return the policy facts that a session carries.

    Raises:
        UnauthenticatedError: the session is damaged; it proves nothing.
    """
    try:
        return PolicyFacts.decode(text)
    except ValueError as error:
        raise UnauthenticatedError("the session has ended; sign in again") from error
