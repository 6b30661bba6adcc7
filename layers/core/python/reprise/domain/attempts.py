"""How often somebody may try something that guessing could break."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

type Attempt = Literal[
    "log-in", "log-in-network", "sign-up", "sign-up-network", "new-account", "pin"
]

MINUTE, HOUR, DAY = 60, 3600, 86_400


@dataclass(frozen=True, slots=True)
class Limit:
    """So many attempts within any so many seconds."""

    times: int
    seconds: int


LIMITS: Mapping[Attempt, Limit] = {
    "log-in": Limit(10, 15 * MINUTE),
    "log-in-network": Limit(100, 15 * MINUTE),
    "sign-up": Limit(10, HOUR),
    "sign-up-network": Limit(20, HOUR),
    "new-account": Limit(2, DAY),
    "pin": Limit(5, 15 * MINUTE),
}
"""Per e-mail address or account, per network address (where sign-ins that succeed count as well,
since many homes share one), per profile."""

TOLD: Mapping[Attempt, str] = {"log-in-network": "address", "sign-up-network": "address"}
"""Limits that callers are told what they leave, by the name they are told: of no other may anybody
learn how often somebody else has tried."""
