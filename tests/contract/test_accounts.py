"""The promise of `Accounts`, kept by the fake and by PostgreSQL."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

import psycopg
import pytest

from reprise.adapters.accounts_postgres import PostgresAccounts
from reprise.adapters.postgres import Postgres
from reprise.application.identity_ports import Accounts, StoredAccount
from reprise.domain.errors import UnavailableError
from reprise.domain.identity import Account, Profile
from tests.builders import PHONE, TV
from tests.fakes.accounts import FakeAccounts, KeptSession
from tests.harness.closed_port import closed_postgres_dsn

NOW = 1_795_000_000


class Store(Protocol):
    """Accounts with one in it, and a look at a kept session."""

    @property
    def accounts(self) -> Accounts: ...

    def kept(self, session_id: str) -> KeptSession | None: ...


class FakeStore:
    def __init__(self, stored: StoredAccount) -> None:
        self.accounts = FakeAccounts(stored)

    def kept(self, session_id: str) -> KeptSession | None:
        return self.accounts.sessions.get(session_id)


@dataclass
class PostgresStore:
    postgres: Postgres
    dsn: str

    def __post_init__(self) -> None:
        self.accounts = PostgresAccounts(postgres=self.postgres)

    def kept(self, session_id: str) -> KeptSession | None:
        with psycopg.connect(self.dsn) as connection:
            row = connection.execute(
                "SELECT account_id::text, device_id, device_type, device_name, token_hash,"
                " extract(epoch FROM session.expires_at)::bigint,"
                " extract(epoch FROM created_at)::bigint"
                " FROM session JOIN refresh_token ON session_id = id WHERE id = %s::uuid",
                [session_id],
            ).fetchone()
        if row is None:
            return None
        account_id, *device, token_hash, expires_at, opened_at = row
        return KeptSession(account_id, type(TV)(*device), token_hash, expires_at, opened_at)


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


@pytest.fixture
def stored() -> StoredAccount:
    account = Account(str(uuid4()), f"{uuid4()}@example.org", "standard", "GB")
    profiles = (
        Profile(str(uuid4()), "Zoë", False, 5, True, "en", "heron"),
        Profile(str(uuid4()), "Ana", True, 2, False, "pt", "comet"),
    )
    return StoredAccount(account, "hashed:open sesame", profiles)


@pytest.fixture(params=["fake", pytest.param("postgres", marks=pytest.mark.real)])
def store(request: pytest.FixtureRequest, stored: StoredAccount) -> Iterator[Store]:
    if request.param == "fake":
        yield FakeStore(stored)
        return
    dsn: str = request.getfixturevalue("postgres_dsn")
    insert(dsn, stored)
    postgres = Postgres(dsn=lambda: dsn)
    yield PostgresStore(postgres, dsn)
    postgres.close()
    with psycopg.connect(dsn) as connection:
        connection.execute("DELETE FROM account WHERE id = %s", [stored.account.id])


def open_session(store: Store, stored: StoredAccount, **overrides: Any) -> str:
    values: dict[str, Any] = {
        "session_id": str(uuid4()),
        "account_id": stored.account.id,
        "device": TV,
        "refresh_token_hash": uuid4().hex,
        "expires_at": NOW + 600,
        "now": NOW,
    }
    values |= overrides
    store.accounts.open_session(**values)
    session_id: str = values["session_id"]
    return session_id


def test_an_account_is_found_with_its_profiles_in_order(
    store: Store, stored: StoredAccount
) -> None:
    assert store.accounts.by_email(email=stored.account.email) == stored


@pytest.mark.parametrize(
    "email",
    ["nobody@example.org", "", "%", "' OR '1'='1", "a\0@example.org", "\ud800@x", "x" * 5000],
)
def test_an_unknown_address_finds_nothing(store: Store, email: str) -> None:
    assert store.accounts.by_email(email=email) is None


def test_a_session_is_kept_with_its_refresh_token(store: Store, stored: StoredAccount) -> None:
    session_id = open_session(store, stored, refresh_token_hash="ab" * 32)
    assert store.kept(session_id) == KeptSession(stored.account.id, TV, "ab" * 32, NOW + 600, NOW)


def test_opening_the_same_session_again_changes_nothing(
    store: Store, stored: StoredAccount
) -> None:
    session_id, token_hash = str(uuid4()), uuid4().hex
    open_session(store, stored, session_id=session_id, refresh_token_hash=token_hash)
    open_session(store, stored, session_id=session_id, refresh_token_hash=token_hash, device=PHONE)
    kept = store.kept(session_id)
    assert kept is not None
    assert kept.device == TV


def test_names_may_hold_anything_printable(store: Store, stored: StoredAccount) -> None:
    device = type(TV)("tv-1", "tv", 'Ωmega\'s "TV" 📺; DROP TABLE session')
    kept = store.kept(open_session(store, stored, device=device))
    assert kept is not None
    assert kept.device == device


def test_a_database_that_is_down_is_said() -> None:
    dsn: Callable[[], str] = closed_postgres_dsn
    accounts = PostgresAccounts(postgres=Postgres(dsn=dsn))
    with pytest.raises(UnavailableError):
        accounts.by_email(email="ada@example.org")
