"""`Sessions` in memory."""

from dataclasses import dataclass

from reprise.domain.errors import UnavailableError
from reprise.domain.identity import Claims, Device, PolicyFacts


@dataclass(frozen=True, slots=True)
class LiveSession:
    """What a live session says."""

    account_id: str
    profile_id: str | None
    policy: PolicyFacts | None
    device: Device
    lifetime: int


class FakeSessions:
    """Holds live sessions by (account, profile, session); `down` makes it fail."""

    def __init__(self) -> None:
        self.live: dict[tuple[str, str | None, str], LiveSession] = {}
        self.down = False

    def start(self, *, claims: Claims, device: Device, lifetime: int) -> None:
        self._answer()
        key = (claims.account_id, claims.profile_id, claims.session_id)
        self.live[key] = LiveSession(
            claims.account_id, claims.profile_id, claims.policy, device, lifetime
        )

    def revoke(self, *, account_id: str, session_id: str, profile_id: str | None) -> None:
        self._answer()
        self.live.pop((account_id, profile_id, session_id), None)

    def _answer(self) -> None:
        if self.down:
            raise UnavailableError("live positions do not answer")
