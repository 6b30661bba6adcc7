"""`POST /auth/refresh`: the next tokens of a session, with everything read again.

A refresh token is good once. One that comes a second time was stolen, or the one that replaced it
was: nobody can tell which, so the whole session ends (RFC 9700, section 4.14.2).
"""

from reprise.application.identity_ports import SessionRecords
from reprise.application.revoke_sessions import end_live_session
from reprise.application.sign_in import (
    SESSION_SECONDS,
    Door,
    Secrets,
    SignedIn,
    refresh_token_hash,
)
from reprise.domain.errors import UnauthenticatedError


def refresh_session(
    *, refresh_token: str, records: SessionRecords, door: Door, secrets: Secrets
) -> SignedIn:
    """Replace a refresh token, and make the session live as its account and profile now are.

    A session that live state has lost lives again; a revoked one never. One whose profile is gone
    goes on without.

    Raises:
        UnauthenticatedError: the token is unknown, has expired, was used before, or its session
            was revoked.
        UnavailableError: sessions do not answer; the token is still good, unless that was an answer
            lost on its way.
    """
    following = secrets.new_secret()
    rotated = records.rotate(
        token_hash=refresh_token_hash(refresh_token),
        new_hash=refresh_token_hash(following),
        country=door.country,
        expires_at=door.now + SESSION_SECONDS,
        now=door.now,
        enter=door.enter,
    )
    if rotated is not None and rotated.reused:
        entry = rotated.entry
        end_live_session(entry.stored, entry.session_id, sessions=door.sessions)
    if rotated is None or rotated.reused:
        raise UnauthenticatedError("the refresh token is not valid; sign in again")
    return door.hand_out(rotated.entry, refresh_token=following)
