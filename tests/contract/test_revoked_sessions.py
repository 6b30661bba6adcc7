"""The promise of `RevokedSessions`, kept by the fake and by PostgreSQL."""

from collections.abc import Iterator

import psycopg
import pytest

from reprise.adapters.postgres import Postgres
from reprise.adapters.revoked_sessions_postgres import AFTER, PostgresRevokedSessions
from reprise.application.revocation_ports import RevokedSessions
from reprise.domain.errors import UnavailableError
from reprise.domain.revocations import RevokedSession
from tests.fakes.revoked_sessions import FakeRevokedSessions
from tests.harness.account_worlds import (
    NOW,
    FakeAccountWorld,
    PostgresAccountWorld,
    World,
    open_session,
    worlds,
)
from tests.harness.closed_port import closed_postgres_dsn


@pytest.fixture(params=["fake", pytest.param("postgres", marks=pytest.mark.real)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    dsn = request.getfixturevalue("postgres_dsn") if request.param == "postgres" else None
    yield from worlds(dsn)


def port(world: World) -> RevokedSessions:
    if isinstance(world, FakeAccountWorld):
        return FakeRevokedSessions(world.records)
    assert isinstance(world, PostgresAccountWorld)
    return PostgresRevokedSessions(postgres=world.postgres)


def revoke(world: World, *, at: int) -> str:
    session = open_session(world)
    assert world.records.revoke(account_id=session.account_id, session_id=session.id, now=at)
    return session.id


def after(world: World, instant: int, *ids: str) -> list[RevokedSession]:
    """Return those of these sessions that are found; others may use the same database."""
    return [each for each in port(world).after(instant=instant) if each.id in ids]


def test_the_latest_come_first_and_who_is_not_revoked_not_at_all(world: World) -> None:
    live = open_session(world).id
    first, second = revoke(world, at=NOW + 10), revoke(world, at=NOW + 20)
    assert after(world, NOW, live, first, second) == [
        RevokedSession(second, NOW + 20),
        RevokedSession(first, NOW + 10),
    ]


def test_only_what_was_revoked_after_the_instant_counts(world: World) -> None:
    before, at, since = (revoke(world, at=NOW + second) for second in (-1, 0, 1))
    assert after(world, NOW, before, at, since) == [RevokedSession(since, NOW + 1)]


def test_a_session_that_is_revoked_again_was_revoked_when_it_first_was(world: World) -> None:
    session_id = revoke(world, at=NOW)
    account_id = world.stored.account.id
    world.records.revoke(account_id=account_id, session_id=session_id, now=NOW + 50)
    assert after(world, NOW - 1, session_id) == [RevokedSession(session_id, NOW)]


def test_whoever_ended_a_session_it_is_found(world: World) -> None:
    kept, other = open_session(world), open_session(world)
    account_id = world.stored.account.id
    world.records.revoke_others(account_id=account_id, keep=kept.id, now=NOW)
    assert after(world, NOW - 1, kept.id, other.id) == [RevokedSession(other.id, NOW)]


@pytest.mark.real
def test_the_index_of_revoked_sessions_finds_them(postgres_dsn: str) -> None:
    with psycopg.connect(postgres_dsn) as connection:
        connection.execute("SET enable_seqscan = off")
        plan = connection.execute(f"EXPLAIN {AFTER}", [NOW]).fetchall()
    assert any("session_revoked" in line for (line,) in plan), plan


def test_a_database_that_is_away_is_said() -> None:
    sessions = PostgresRevokedSessions(postgres=Postgres(dsn=closed_postgres_dsn))
    with pytest.raises(UnavailableError):
        sessions.after(instant=NOW)
