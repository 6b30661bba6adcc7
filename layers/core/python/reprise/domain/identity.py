"""Who is asking: account, profile, device, session, and what a token proves about them."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

type DeviceType = Literal["tv", "phone", "tablet", "laptop", "web"]
type Plan = Literal["basic", "standard", "premium"]


class Device(NamedTuple):
    """A player's device; `id` is the client's own, unique within its account.

    A tuple, because a row makes twenty of them a request, at a third of a dataclass's price.
    """

    id: str
    type: str
    name: str


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """All that the policy gate needs to know of a viewer.

    The token carries them as `pol`, the live session carries the current ones; a difference means
    that something changed since the token was issued, and the session's win.
    """

    region: str
    plan: str
    maturity_level: int
    kids: bool

    def encode(self) -> str:
        """Return the one-line form that tokens and sessions carry, as in `US|basic|5|0`."""
        return f"{self.region}|{self.plan}|{self.maturity_level}|{int(self.kids)}"

    @classmethod
    def decode(cls, text: str) -> "PolicyFacts":
        """Parse what `encode` wrote.

        Raises:
            ValueError: the text is not such a line.
        """
        region, plan, level, kids = text.split("|")
        if kids not in {"0", "1"}:
            raise ValueError(f"kids must be 0 or 1, not {kids!r}")
        return cls(region=region, plan=plan, maturity_level=int(level), kids=kids == "1")


@dataclass(frozen=True, slots=True)
class Claims:
    """What a proved access token says. `policy` is None where no profile is selected."""

    account_id: str
    session_id: str
    profile_id: str | None
    policy: PolicyFacts | None
    expires_at: int
    """Unix seconds."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A proved account with a selected profile: the only identity playstate routes accept."""

    account_id: str
    session_id: str
    profile_id: str
    policy: PolicyFacts


@dataclass(frozen=True, slots=True)
class Profile:
    """One viewer of an account. `maturity_level` runs from 1 (all ages) to 5 (adults)."""

    id: str
    name: str
    kids: bool
    maturity_level: int
    has_pin: bool
    language: str
    avatar: str


@dataclass(frozen=True, slots=True)
class Account:
    """A subscriber. `region` is an ISO 3166-1 alpha-2 code."""

    id: str
    email: str
    plan: str
    region: str
