"""One world of accounts and their sessions on fakes and one on PostgreSQL, looked at alike."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Protocol
from uuid import uuid4

import psycopg

from reprise.adapters.accounts_postgres import PostgresAccounts
from reprise.adapters.postgres import Postgres
from reprise.adapters.session_records_postgres import PostgresSessionRecords
from reprise.application.identity_ports import (
    Accounts,
    Entry,
    NewSession,
    SessionRecords,
    StoredAccount,
)
from reprise.domain.identity import Account, Device, Profile
from tests.builders import TV
from tests.fakes.accounts import FakeAccounts
from tests.fakes.session_records import FakeSessionRecords, KeptSession

NOW = 1_795_000_000

_KEPT = """
SELECT account_id::text, profile_id::text, device_id, device_type, device_name, country,
       extract(epoch FROM created_at)::bigint, extract(epoch FROM last_seen_at)::bigint,
       extract(epoch FROM expires_at)::bigint, extract(epoch FROM revoked_at)::bigint
FROM session WHERE id = %s::uuid
"""


class World(Protocol):
    """Accounts with one in it, its sessions, and a look at what is kept."""

    @property
    def stored(self) -> StoredAccount: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def records(self) -> SessionRecords: ...

    def kept(self, session_id: str) -> KeptSession | None: ...

    def forget_profile(self, profile_id: str) -> None:
        """Delete a profile as its owner would."""
        ...


class FakeAccountWorld:
    def __init__(self, stored: StoredAccount) -> None:
        self.stored = stored
        self.accounts = FakeAccounts(stored)
        self.records = FakeSessionRecords(self.accounts)

    def kept(self, session_id: str) -> KeptSession | None:
        return self.records.sessions.get(session_id)

    def forget_profile(self, profile_id: str) -> None:
        left = [p for p in self.stored.profiles if p.id != profile_id]
        self.accounts.stored[self.stored.account.id] = replace(self.stored, profiles=left)


class PostgresAccountWorld:
    def __init__(self, dsn: str, stored: StoredAccount) -> None:
        self.dsn = dsn
        self.stored = stored
        insert(dsn, stored)
        self.postgres = Postgres(dsn=lambda: dsn)
        self.accounts = PostgresAccounts(postgres=self.postgres)
        self.records = PostgresSessionRecords(postgres=self.postgres)

    def kept(self, session_id: str) -> KeptSession | None:
        with psycopg.connect(self.dsn) as connection:
            row = connection.execute(_KEPT, [session_id]).fetchone()
        if row is None:
            return None
        account_id, profile_id, kind, type_, name, *rest = row
        return KeptSession(account_id, profile_id, Device(kind, type_, name), *rest)

    def forget_profile(self, profile_id: str) -> None:
        with psycopg.connect(self.dsn) as connection:
            connection.execute("DELETE FROM profile WHERE id = %s::uuid", [profile_id])

    def close(self) -> None:
        self.postgres.close()
        with psycopg.connect(self.dsn) as connection:
            email = self.stored.account.email
            connection.execute("DELETE FROM account WHERE email = %s", [email])


def worlds(dsn: str | None) -> Iterator[World]:
    """Give the world of PostgreSQL, or the fake one where there is no database."""
    if dsn is None:
        yield FakeAccountWorld(make_stored())
        return
    world = PostgresAccountWorld(dsn, make_stored())
    yield world
    world.close()


def make_stored(**overrides: Any) -> StoredAccount:
    """Return an account that nobody else uses, with a profile behind a PIN and a kid's."""
    values: dict[str, Any] = {
        "id": str(uuid4()),
        "email": f"{uuid4()}@example.org",
        "plan": "standard",
        "region": "GB",
    }
    profiles = (
        Profile(str(uuid4()), "Zoë", False, 5, True, "en", "heron"),
        Profile(str(uuid4()), "Ana", True, 2, False, "pt", "comet"),
    )
    return StoredAccount(Account(**(values | overrides)), "hashed:open sesame", profiles)


def first_open(stored: StoredAccount, _: str | None) -> Profile | None:
    return next((profile for profile in stored.profiles if not profile.has_pin), None)


def nothing(_: Entry) -> None:
    """Enter nowhere."""


def open_session(world: World, **overrides: Any) -> NewSession:
    """Keep a session of the world's account, and return it."""
    calls = {
        "password_hash": world.stored.password_hash,
        "choose": first_open,
        "enter": nothing,
    }
    values: dict[str, Any] = {
        "id": str(uuid4()),
        "account_id": world.stored.account.id,
        "device": TV,
        "refresh_token_hash": uuid4().hex,
        "country": None,
        "expires_at": NOW + 600,
        "now": NOW,
    }
    for name in overrides.keys() & calls.keys():
        calls[name] = overrides.pop(name)
    session = NewSession(**(values | overrides))
    world.records.open(session=session, **calls)  # type: ignore[arg-type]
    return session


def insert(dsn: str, stored: StoredAccount) -> None:
    account = stored.account
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "INSERT INTO account (id, email, password_hash, plan, region)"
            " VALUES (%s, %s, %s, %s, %s)",
            [account.id, account.email, stored.password_hash, account.plan, account.region],
        )
        # Last first, so that only their position can put them in order.
        for position, profile in reversed(list(enumerate(stored.profiles))):
            connection.execute(
                "INSERT INTO profile (id, account_id, position, name, kids, maturity_level,"
                " pin_hash, language, avatar) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [
                    profile.id,
                    account.id,
                    position,
                    profile.name,
                    profile.kids,
                    profile.maturity_level,
                    "hash" if profile.has_pin else None,
                    profile.language,
                    profile.avatar,
                ],
            )
