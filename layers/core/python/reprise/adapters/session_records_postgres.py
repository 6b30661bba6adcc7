"""The durable half of sessions in PostgreSQL: devices, refresh tokens by hash, revocations."""

from collections.abc import Callable, Sequence
from typing import Any, Literal
from uuid import UUID

from reprise.adapters.identity_postgres import read_account
from reprise.adapters.postgres import Connection, Postgres
from reprise.application.identity_ports import (
    Entry,
    NewSession,
    Rotated,
    SessionRecord,
    StoredAccount,
)
from reprise.domain.errors import UnauthenticatedError
from reprise.domain.identity import Device, Profile

type Why = Literal["revoked", "password", "reuse"]

LISTED = 100

REMEMBERED = """
SELECT profile_id::text FROM session WHERE account_id = %s::uuid AND device_id = %s
ORDER BY last_seen_at DESC, created_at DESC LIMIT 1
"""

OPEN = """
INSERT INTO session (id, account_id, profile_id, device_id, device_type, device_name, country,
                     created_at, last_seen_at, expires_at)
VALUES (%(session)s::uuid, %(account)s::uuid, %(profile)s::uuid, %(device_id)s, %(device_type)s,
        %(device_name)s, %(country)s, to_timestamp(%(now)s), to_timestamp(%(now)s),
        to_timestamp(%(expires)s))
ON CONFLICT (id) DO NOTHING
"""

KEEP_REFRESH = """
INSERT INTO refresh_token (token_hash, session_id, family_id, issued_at, expires_at)
VALUES (%(hash)s, %(session)s::uuid, %(session)s::uuid,
        to_timestamp(%(now)s), to_timestamp(%(expires)s))
ON CONFLICT (token_hash) DO NOTHING
"""
"""The first token founds its family, which bears the session's id."""

OWNER = """
SELECT session.account_id::text
FROM refresh_token JOIN session ON session.id = session_id WHERE token_hash = %s
"""

LOCK = """
SELECT session.id::text, profile_id::text, device_id, device_type, device_name,
       used_at IS NOT NULL,
       revoked_at IS NOT NULL
       OR least(session.expires_at, refresh_token.expires_at) <= to_timestamp(%(now)s)
FROM refresh_token JOIN session ON session.id = session_id
WHERE token_hash = %(token)s FOR UPDATE
"""

SUCCESSOR = "SELECT 1 FROM refresh_token WHERE token_hash = %s AND session_id = %s::uuid"

USE = "UPDATE refresh_token SET used_at = to_timestamp(%(now)s) WHERE token_hash = %(token)s"

SEE = """
UPDATE session SET last_seen_at = to_timestamp(%(now)s), expires_at = to_timestamp(%(expires)s),
                   country = coalesce(%(country)s, country)
WHERE id = %(session)s::uuid
"""

REVOKE = """
UPDATE session SET revoked_at = coalesce(revoked_at, to_timestamp(%(now)s)),
                   revoked_why = coalesce(revoked_why, %(why)s)
WHERE id = %(session)s::uuid AND account_id = %(account)s::uuid
"""

REVOKE_OTHERS = """
UPDATE session SET revoked_at = coalesce(revoked_at, to_timestamp(%(now)s)),
                   revoked_why = coalesce(revoked_why, %(why)s)
WHERE account_id = %(account)s::uuid AND id::text <> %(keep)s
  AND expires_at > to_timestamp(%(now)s)
  AND (revoked_at IS NULL OR revoked_at > to_timestamp(%(now)s) - interval '1 hour')
RETURNING id::text
"""
"""Those of the last hour once more: Redis may have been away when they were revoked."""

OF_ACCOUNT = """
SELECT id::text, device_id, device_type, device_name, extract(epoch FROM created_at)::bigint,
       extract(epoch FROM last_seen_at)::bigint, country
FROM session
WHERE account_id = %s::uuid AND revoked_at IS NULL AND expires_at > to_timestamp(%s)
ORDER BY created_at DESC, id LIMIT %s
"""


class PostgresSessionRecords:
    """The port `SessionRecords`. Raises `UnavailableError` where the database fails."""

    def __init__(self, *, postgres: Postgres) -> None:
        self._postgres = postgres

    def open(
        self,
        *,
        session: NewSession,
        password_hash: str,
        choose: Callable[[StoredAccount, str | None], Profile | None],
        enter: Callable[[Entry], None],
    ) -> Entry:
        def write(connection: Connection) -> Entry:
            stored = read_account(connection, session.account_id, locked=True)
            if stored is None or stored.password_hash != password_hash:
                raise UnauthenticatedError("the account has changed; sign in again")
            device = session.device
            last = connection.execute(REMEMBERED, [session.account_id, device.id]).fetchone()
            profile = choose(stored, last[0] if last else None)
            row = _row(session, profile)
            connection.execute(OPEN, row)
            connection.execute(KEEP_REFRESH, row)
            entry = Entry(session.id, device, stored, profile)
            enter(entry)
            return entry

        return self._postgres.run(write)

    def rotate(
        self,
        *,
        token_hash: str,
        new_hash: str,
        country: str | None,
        expires_at: int,
        now: int,
        enter: Callable[[Entry], None],
    ) -> Rotated | None:
        values: dict[str, Any] = {
            "token": token_hash,
            "hash": new_hash,
            "country": country,
            "expires": expires_at,
            "now": now,
        }
        return self._postgres.run(lambda connection: _rotate(connection, values, enter))

    def of_account(self, *, account_id: str, now: int) -> Sequence[SessionRecord]:
        rows = self._postgres.run(
            lambda connection: connection.execute(OF_ACCOUNT, [account_id, now, LISTED]).fetchall()
        )
        return tuple(
            SessionRecord(
                id=session_id,
                device=Device(*device),
                created_at=created_at,
                last_seen_at=last_seen_at,
                country=country,
            )
            for session_id, *device, created_at, last_seen_at, country in rows
        )

    def revoke(self, *, account_id: str, session_id: str, now: int) -> bool:
        if not _is_id(session_id):
            return False
        values = {"account": account_id, "session": session_id, "now": now, "why": "revoked"}
        return self._postgres.run(
            lambda connection: connection.execute(REVOKE, values).rowcount == 1
        )

    def revoke_others(self, *, account_id: str, keep: str, now: int) -> Sequence[str]:
        return self._postgres.run(
            lambda connection: revoke_others(
                connection, account_id, keep=keep, now=now, why="revoked"
            )
        )


def revoke_others(
    connection: Connection, account_id: str, *, keep: str, now: int, why: Why
) -> Sequence[str]:
    """Revoke every session of the account but one, within the caller's transaction."""
    values = {"account": account_id, "keep": keep, "now": now, "why": why}
    return [session_id for (session_id,) in connection.execute(REVOKE_OTHERS, values).fetchall()]


def _rotate(
    connection: Connection, values: dict[str, Any], enter: Callable[[Entry], None]
) -> Rotated | None:
    owner = connection.execute(OWNER, [values["token"]]).fetchone()
    stored = read_account(connection, owner[0], locked=True) if owner else None
    found = connection.execute(LOCK, values).fetchone() if stored else None
    if stored is None or found is None:
        return None
    session_id, profile_id, *device, used, ended = found
    profile = next((each for each in stored.profiles if each.id == profile_id), None)
    entry = Entry(session_id, Device(*device), stored, profile)
    values = values | {"session": session_id, "account": stored.account.id, "why": "reuse"}
    if used and not _is_repeated(connection, values):
        connection.execute(REVOKE, values)
        return Rotated(entry, reused=True)
    if ended:
        return None
    for statement in (USE, KEEP_REFRESH, SEE):
        connection.execute(statement, values)
    enter(entry)
    return Rotated(entry)


def _is_id(text: str) -> bool:
    """Say whether it is an id as we write them: live sessions know no other spelling."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _is_repeated(connection: Connection, values: dict[str, Any]) -> bool:
    """Say whether this very rotation was done already: its commit's answer was lost."""
    found = connection.execute(SUCCESSOR, [values["hash"], values["session"]]).fetchone()
    return found is not None


def _row(session: NewSession, profile: Profile | None) -> dict[str, Any]:
    return {
        "session": session.id,
        "account": session.account_id,
        "profile": profile.id if profile else None,
        "device_id": session.device.id,
        "device_type": session.device.type,
        "device_name": session.device.name,
        "country": session.country,
        "hash": session.refresh_token_hash,
        "expires": session.expires_at,
        "now": session.now,
    }
