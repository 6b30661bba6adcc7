"""Ending sessions: `DELETE /sessions/{id}`, `DELETE /sessions`, and whatever else ends some.

The durable half first, so that nothing can be refreshed, then every key that the live half may
have, so that the very next request of any function is refused. Where live sessions do not answer,
the caller is told so and repeats it; repeating does all of it again.
"""

from reprise.application.identity_ports import Accounts, SessionRecords, Sessions, StoredAccount
from reprise.domain.errors import NotFoundError
from reprise.domain.identity import Claims


def revoke_session(
    *,
    claims: Claims,
    session_id: str,
    accounts: Accounts,
    records: SessionRecords,
    sessions: Sessions,
    now: int,
) -> None:
    """End one session of the account, which may be the caller's own.

    Raises:
        NotFoundError: the account never had such a session.
        UnavailableError: sessions do not answer; repeat it.
    """
    stored = accounts.read(account_id=claims.account_id)
    if stored is None or not records.revoke(
        account_id=claims.account_id, session_id=session_id, now=now
    ):
        raise NotFoundError("there is no such session")
    end_live_session(stored, session_id, sessions=sessions)


def revoke_other_sessions(
    *,
    claims: Claims,
    accounts: Accounts,
    records: SessionRecords,
    sessions: Sessions,
    now: int,
) -> int:
    """End every session of the account but the caller's; return how many there were.

    Raises:
        NotFoundError: the account is gone.
        UnavailableError: sessions do not answer; repeat it.
    """
    stored = accounts.read(account_id=claims.account_id)
    if stored is None:
        raise NotFoundError("there is no such account")
    ended = records.revoke_others(account_id=claims.account_id, keep=claims.session_id, now=now)
    for session_id in ended:
        end_live_session(stored, session_id, sessions=sessions)
    return len(ended)


def end_live_session(stored: StoredAccount, session_id: str, *, sessions: Sessions) -> None:
    """Make a session end for the next request, whichever profile it is used as."""
    sessions.revoke(
        account_id=stored.account.id,
        session_id=session_id,
        profile_ids=[None, *(profile.id for profile in stored.profiles)],
    )
