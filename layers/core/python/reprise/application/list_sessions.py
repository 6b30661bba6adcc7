"""`GET /sessions`: which devices are signed in."""

from collections.abc import Sequence

from reprise.application.identity_ports import SessionRecord, SessionRecords
from reprise.domain.identity import Claims


def list_sessions(
    *, claims: Claims, records: SessionRecords, now: int
) -> Sequence[tuple[SessionRecord, bool]]:
    """Return the account's newest sessions, newest first, each with whether it is the caller's.

    Raises:
        UnavailableError: sessions do not answer.
    """
    found = records.of_account(account_id=claims.account_id, now=now)
    return [(record, record.id == claims.session_id) for record in found]
