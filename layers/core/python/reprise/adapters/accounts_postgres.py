"""Accounts and their passwords in PostgreSQL."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from reprise.adapters.identity_postgres import read_account
from reprise.adapters.postgres import Connection, Postgres
from reprise.adapters.session_records_postgres import revoke_others
from reprise.application.identity_ports import ACCOUNTS_PER_ADDRESS, Credentials, StoredAccount

CREDENTIALS = """
SELECT id::text, password_hash FROM account WHERE email = %s ORDER BY created_at, id LIMIT %s
"""

LOCK_ADDRESS = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
"""Of two sign-ups with one address, the second sees what the first one made."""

CREATE = """
INSERT INTO account (id, email, password_hash, plan, region)
VALUES (%s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING
"""

CREATE_PROFILE = """
INSERT INTO profile (id, account_id, position, name, kids, maturity_level, language, avatar)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING
"""

REPLACE_HASH = """
UPDATE account SET password_hash = %s, updated_at = now()
WHERE id = %s::uuid AND password_hash = %s
"""


class PostgresAccounts:
    """The port `Accounts`. Every method raises `UnavailableError` where the database fails."""

    def __init__(self, *, postgres: Postgres) -> None:
        self._postgres = postgres

    def credentials(self, *, email: str) -> Sequence[Credentials]:
        if not _storable(email):
            return ()
        return self._postgres.run(lambda connection: _credentials(connection, email))

    def read(self, *, account_id: str) -> StoredAccount | None:
        return self._postgres.run(lambda connection: read_account(connection, account_id))

    def create(self, *, new: StoredAccount, known: Collection[str]) -> bool:
        account = new.account
        fields = [account.id, account.email, new.password_hash, account.plan, account.region]
        profiles = [
            [p.id, account.id, position, p.name, p.kids, p.maturity_level, p.language, p.avatar]
            for position, p in enumerate(new.profiles)
        ]

        def write(connection: Connection) -> bool:
            connection.execute(LOCK_ADDRESS, [account.email])
            found = {each.account_id for each in _credentials(connection, account.email)}
            # Our own id is there where an answer was lost and the work is being repeated.
            if found - {*known, account.id}:
                return False
            connection.execute(CREATE, fields)
            connection.cursor().executemany(CREATE_PROFILE, profiles)
            return True

        return self._postgres.run(write)

    def change_password(
        self,
        *,
        account_id: str,
        old_hash: str,
        new_hash: str,
        keep: str,
        now: int,
        before_commit: Callable[[Sequence[str]], None],
    ) -> bool:
        def write(connection: Connection) -> bool:
            fields: list[Any] = [new_hash, account_id, old_hash]
            if connection.execute(REPLACE_HASH, fields).rowcount == 0:
                return False
            before_commit(revoke_others(connection, account_id, keep=keep, now=now, why="password"))
            return True

        return self._postgres.run(write)


def _credentials(connection: Connection, email: str) -> Sequence[Credentials]:
    rows = connection.execute(CREDENTIALS, [email, ACCOUNTS_PER_ADDRESS]).fetchall()
    return tuple(Credentials(account_id, secret) for account_id, secret in rows)


def _storable(text: str) -> bool:
    """PostgreSQL's text takes neither NUL nor lone surrogates: no account has such an address."""
    return text.isprintable()
