"""What is left of the caller's limits, told in the standard headers of the answer.

A limit is counted deep in a route's one round trip, so what it leaves is noted here on the way and
taken when the answer is made: an environment answers one request at a time. The headers are of
draft-ietf-httpapi-ratelimit-headers.
"""

from collections.abc import Mapping

from reprise.domain.allowance import Allowance

_noted: dict[str, Allowance] = {}


def note(allowance: Allowance) -> None:
    """Remember what a limit leaves; of one limit the last word counts."""
    _noted[allowance.name] = allowance


def forget() -> None:
    """Begin with a request of which nothing is counted."""
    _noted.clear()


def headers() -> Mapping[str, str]:
    """Return the headers of the limits that this request was counted by."""
    if not _noted:
        return {}
    limits = _noted.values()
    return {
        "RateLimit-Policy": ", ".join(f'"{a.name}";q={a.quota};w={a.window}' for a in limits),
        "RateLimit": ", ".join(f'"{a.name}";r={a.remaining};t={a.reset}' for a in limits),
    }
