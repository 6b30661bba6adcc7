"""Accounts, profiles and the durable half of sessions, in PostgreSQL."""

from reprise.adapters.postgres import Connection, Postgres
from reprise.application.identity_ports import StoredAccount
from reprise.domain.identity import Account, Device, Profile

ACCOUNT = "SELECT id::text, email, plan, region, password_hash FROM account WHERE email = %s"

PROFILES = """
SELECT id::text, name, kids, maturity_level, pin_hash IS NOT NULL, language, avatar
FROM profile WHERE account_id = %s::uuid ORDER BY position
"""

OPEN_SESSION = """
INSERT INTO session (id, account_id, device_id, device_type, device_name,
                     created_at, last_seen_at, expires_at)
VALUES (%(session)s::uuid, %(account)s::uuid, %(device_id)s, %(device_type)s, %(device_name)s,
        to_timestamp(%(now)s), to_timestamp(%(now)s), to_timestamp(%(expires)s))
ON CONFLICT (id) DO NOTHING
"""

KEEP_REFRESH = """
INSERT INTO refresh_token (token_hash, session_id, family_id, issued_at, expires_at)
VALUES (%(hash)s, %(session)s::uuid, %(session)s::uuid,
        to_timestamp(%(now)s), to_timestamp(%(expires)s))
ON CONFLICT (token_hash) DO NOTHING
"""


class PostgresAccounts:
    """The port `Accounts`. Every method raises `UnavailableError` where the database fails."""

    def __init__(self, *, postgres: Postgres) -> None:
        self._postgres = postgres

    def by_email(self, *, email: str) -> StoredAccount | None:
        """Return the account of a normalised address with its profiles in their order."""
        if not _storable(email):
            return None
        return self._postgres.run(lambda connection: _read(connection, email))

    def open_session(
        self,
        *,
        session_id: str,
        account_id: str,
        device: Device,
        refresh_token_hash: str,
        expires_at: int,
        now: int,
    ) -> None:
        """Keep a session and its first refresh token, both or neither; repeating changes nothing.

        The first token founds its family, which bears the session's id.
        """
        row = {
            "session": session_id,
            "account": account_id,
            "device_id": device.id,
            "device_type": device.type,
            "device_name": device.name,
            "hash": refresh_token_hash,
            "expires": expires_at,
            "now": now,
        }

        def write(connection: Connection) -> None:
            connection.execute(OPEN_SESSION, row)
            connection.execute(KEEP_REFRESH, row)

        self._postgres.run(write)


def _read(connection: Connection, email: str) -> StoredAccount | None:
    found = connection.execute(ACCOUNT, [email]).fetchone()
    if found is None:
        return None
    account_id, address, plan, region, password_hash = found
    profiles = connection.execute(PROFILES, [account_id]).fetchall()
    return StoredAccount(
        account=Account(id=account_id, email=address, plan=plan, region=region),
        password_hash=password_hash,
        profiles=tuple(
            Profile(
                id=profile_id,
                name=name,
                kids=kids,
                maturity_level=level,
                has_pin=has_pin,
                language=language,
                avatar=avatar,
            )
            for profile_id, name, kids, level, has_pin, language, avatar in profiles
        ),
    )


def _storable(text: str) -> bool:
    """PostgreSQL's text takes neither NUL nor lone surrogates: no account has such an address."""
    return text.isprintable()
