"""`Sessions` in memory."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from reprise.domain.errors import RateLimitedError, UnauthenticatedError, UnavailableError
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

    def __init__(self, *, per_minute: int = 120) -> None:
        self.live: dict[tuple[str, str | None, str], LiveSession] = {}
        self.sent: dict[str, int] = {}
        self.down = False
        self._limit = per_minute

    def start(self, *, claims: Claims, device: Device, lifetime: int) -> None:
        self._answer()
        key = (claims.account_id, claims.profile_id, claims.session_id)
        self.live[key] = LiveSession(
            claims.account_id, claims.profile_id, claims.policy, device, lifetime
        )

    def prove(self, *, claims: Claims) -> PolicyFacts | None:
        self._answer()
        session = self.live.get((claims.account_id, claims.profile_id, claims.session_id))
        if session is None:
            raise UnauthenticatedError("the session has ended; sign in again")
        self.sent[claims.session_id] = self.sent.get(claims.session_id, 0) + 1
        if self.sent[claims.session_id] > self._limit:
            raise RateLimitedError("too many requests of this session", retry_after=60)
        return session.policy

    def leave(self, *, account_id: str, session_id: str, profile_id: str | None) -> None:
        self._answer()
        self.live.pop((account_id, profile_id, session_id), None)

    def revoke(
        self, *, account_id: str, session_id: str, profile_ids: Collection[str | None]
    ) -> None:
        self._answer()
        for profile_id in profile_ids:
            self.live.pop((account_id, profile_id, session_id), None)

    def set_policy(
        self, *, profile_id: str, session_ids: Collection[str], policy: PolicyFacts
    ) -> None:
        self._answer()
        for key, session in self.live.items():
            if key[1] == profile_id and key[2] in session_ids:
                self.live[key] = replace(session, policy=policy)

    def _answer(self) -> None:
        if self.down:
            raise UnavailableError("live positions do not answer")
