"""The promise of `Accounts`, kept by the fake and by PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from reprise.adapters.accounts_postgres import PostgresAccounts
from reprise.adapters.postgres import Postgres
from reprise.application.identity_ports import Credentials, StoredAccount
from reprise.domain.errors import UnavailableError
from tests.builders import PHONE
from tests.harness.account_worlds import (
    NOW,
    PostgresAccountWorld,
    World,
    make_stored,
    open_session,
    worlds,
)
from tests.harness.closed_port import closed_postgres_dsn


@pytest.fixture(params=["fake", pytest.param("postgres", marks=pytest.mark.real)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    dsn = request.getfixturevalue("postgres_dsn") if request.param == "postgres" else None
    yield from worlds(dsn)


def another(world: World, *, password_hash: str = "hashed:another") -> StoredAccount:
    """Return an account that is not kept yet, of the same address."""
    new = replace(make_stored(email=world.stored.account.email), password_hash=password_hash)
    return replace(new, profiles=[replace(new.profiles[1], has_pin=False)])


def test_an_address_finds_what_its_account_is_proved_by(world: World) -> None:
    stored = world.stored
    found = world.accounts.credentials(email=stored.account.email)
    assert list(found) == [Credentials(stored.account.id, stored.password_hash)]


@pytest.mark.parametrize(
    "email",
    ["nobody@example.org", "", "%", "' OR '1'='1", "a\0@example.org", "\ud800@x", "x" * 5000],
)
def test_an_unknown_address_finds_nothing(world: World, email: str) -> None:
    assert not world.accounts.credentials(email=email)


def test_an_account_is_read_with_its_profiles_in_order(world: World) -> None:
    assert world.accounts.read(account_id=world.stored.account.id) == world.stored


def test_an_unknown_account_is_not_read(world: World) -> None:
    assert world.accounts.read(account_id=str(uuid4())) is None


def test_a_new_account_is_kept_with_its_profiles(world: World) -> None:
    new = another(world)
    assert world.accounts.create(new=new, known=[world.stored.account.id])
    kept = world.accounts.read(account_id=new.account.id)
    assert kept is not None
    assert replace(kept, profiles=list(kept.profiles)) == new


def test_accounts_of_one_address_come_oldest_first_and_at_most_three(world: World) -> None:
    made = [world.stored.account.id]
    for _ in range(3):
        new = another(world)
        assert world.accounts.create(new=new, known=made)
        made.append(new.account.id)
    found = world.accounts.credentials(email=world.stored.account.email)
    assert [each.account_id for each in found] == made[:3]


def test_an_account_that_its_maker_did_not_see_stops_another(world: World) -> None:
    new = another(world)
    assert not world.accounts.create(new=new, known=[])
    assert world.accounts.read(account_id=new.account.id) is None


def test_creating_the_same_account_again_changes_nothing(world: World) -> None:
    new = another(world)
    known = [world.stored.account.id]
    assert world.accounts.create(new=new, known=known)
    assert world.accounts.create(new=new, known=known)
    assert len(world.accounts.credentials(email=new.account.email)) == 2


@pytest.mark.real
def test_of_many_who_sign_up_at_once_with_one_address_one_makes_the_account(
    postgres_dsn: str,
) -> None:
    email = f"{uuid4()}@example.org"
    stores = [Postgres(dsn=lambda: postgres_dsn) for _ in range(6)]

    def sign_up(postgres: Postgres) -> bool:
        new = replace(make_stored(email=email), profiles=())
        return PostgresAccounts(postgres=postgres).create(new=new, known=[])

    with ThreadPoolExecutor(len(stores)) as pool:
        made = list(pool.map(sign_up, stores))
    assert sorted(made) == [False] * 5 + [True]
    assert len(PostgresAccounts(postgres=stores[0]).credentials(email=email)) == 1
    for postgres in stores:
        postgres.close()


def change(world: World, **overrides: Any) -> tuple[bool, list[str]]:
    """Change the password; return whether it was, and which sessions were said to end."""
    ended: list[str] = []
    values: dict[str, Any] = {
        "account_id": world.stored.account.id,
        "old_hash": world.stored.password_hash,
        "new_hash": "hashed:new",
        "keep": str(uuid4()),
        "now": NOW,
        "before_commit": ended.extend,
    }
    return world.accounts.change_password(**(values | overrides)), ended


def test_a_changed_password_revokes_every_session_but_one(world: World) -> None:
    mine, other = open_session(world), open_session(world, device=PHONE)
    assert change(world, keep=mine.id) == (True, [other.id])
    (found,) = world.accounts.credentials(email=world.stored.account.email)
    assert found.password_hash == "hashed:new"
    kept, ended = world.kept(mine.id), world.kept(other.id)
    assert kept is not None
    assert ended is not None
    assert (kept.revoked_at, ended.revoked_at) == (None, NOW)


def test_a_password_that_is_another_by_now_is_not_changed(world: World) -> None:
    other = open_session(world)
    assert change(world, old_hash="hashed:older") == (False, [])
    kept = world.kept(other.id)
    assert kept is not None
    assert kept.revoked_at is None


def test_a_session_that_cannot_be_ended_keeps_the_password(world: World) -> None:
    def fail(_: object) -> None:
        raise UnavailableError("live positions do not answer")

    with pytest.raises(UnavailableError):
        change(world, before_commit=fail)
    (found,) = world.accounts.credentials(email=world.stored.account.email)
    assert found.password_hash == world.stored.password_hash


@pytest.mark.real
def test_a_failed_change_of_password_revokes_nothing(postgres_dsn: str) -> None:
    world = PostgresAccountWorld(postgres_dsn, make_stored())
    other = open_session(world)

    def fail(_: object) -> None:
        raise UnavailableError("live positions do not answer")

    with pytest.raises(UnavailableError):
        change(world, before_commit=fail)
    kept = world.kept(other.id)
    assert kept is not None
    assert kept.revoked_at is None
    world.close()


def test_a_database_that_is_down_is_said() -> None:
    accounts = PostgresAccounts(postgres=Postgres(dsn=closed_postgres_dsn))
    with pytest.raises(UnavailableError):
        accounts.credentials(email="ada@example.org")
