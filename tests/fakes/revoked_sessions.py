"""`RevokedSessions` in memory: what the fake of session records has revoked."""

from collections.abc import Sequence

from reprise.domain.errors import UnavailableError
from reprise.domain.revocations import RevokedSession
from tests.fakes.session_records import FakeSessionRecords


class FakeRevokedSessions:
    """Fails where `down`, and where the records do."""

    def __init__(self, records: FakeSessionRecords) -> None:
        self.down = False
        self._records = records

    def after(self, *, instant: int) -> Sequence[RevokedSession]:
        if self.down or self._records.down:
            raise UnavailableError("the account and catalog store does not answer")
        found = [
            RevokedSession(session_id, kept.revoked_at)
            for session_id, kept in self._records.sessions.items()
            if kept.revoked_at is not None and kept.revoked_at > instant
        ]
        return sorted(found, key=lambda session: (-session.revoked_at, session.id))
