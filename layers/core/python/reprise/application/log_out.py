"""`POST /auth/logout`: end the session that asks."""

from reprise.application.identity_ports import Accounts, SessionRecords, Sessions
from reprise.application.revoke_sessions import revoke_session
from reprise.domain.identity import Claims


def log_out(
    *,
    claims: Claims,
    accounts: Accounts,
    records: SessionRecords,
    sessions: Sessions,
    now: int,
) -> None:
    """End this session; its profile stays remembered on its device.

    Raises:
        NotFoundError: the account is gone, and its sessions with it.
        UnavailableError: sessions do not answer; the session is still live, so repeat it.
    """
    revoke_session(
        claims=claims,
        session_id=claims.session_id,
        accounts=accounts,
        records=records,
        sessions=sessions,
        now=now,
    )
