"""The promise of `SessionRecords`, kept by the fake and by PostgreSQL."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from reprise.adapters.postgres import Postgres
from reprise.adapters.session_records_postgres import PostgresSessionRecords
from reprise.application.identity_ports import (
    Entry,
    NewSession,
    Rotated,
    SessionRecord,
    StoredAccount,
)
from reprise.domain.errors import UnauthenticatedError, UnavailableError
from reprise.domain.identity import Profile
from tests.builders import PHONE, TV
from tests.fakes.session_records import KeptSession
from tests.harness.account_worlds import (
    NOW,
    PostgresAccountWorld,
    World,
    make_stored,
    nothing,
    open_session,
    worlds,
)
from tests.harness.closed_port import closed_postgres_dsn


@pytest.fixture(params=["fake", pytest.param("postgres", marks=pytest.mark.real)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    dsn = request.getfixturevalue("postgres_dsn") if request.param == "postgres" else None
    yield from worlds(dsn)


def rotate(world: World, token_hash: str, **overrides: Any) -> Rotated | None:
    values: dict[str, Any] = {
        "token_hash": token_hash,
        "new_hash": uuid4().hex,
        "country": None,
        "expires_at": NOW + 900,
        "now": NOW + 60,
        "enter": nothing,
    }
    return world.records.rotate(**(values | overrides))


def fail(_: Entry) -> None:
    raise UnavailableError("live positions do not answer")


def none(_: StoredAccount, __: str | None) -> None:
    """Choose no profile."""


def kept(world: World, session: NewSession) -> KeptSession:
    found = world.kept(session.id)
    assert found is not None
    return found


def test_a_session_is_kept_as_it_was_opened(world: World) -> None:
    session = open_session(world, country="FR")
    account_id, profile = world.stored.account.id, world.stored.profiles[1]
    assert kept(world, session) == KeptSession(
        account_id, profile.id, TV, "FR", NOW, NOW, NOW + 600
    )


def test_who_opens_sees_the_account_and_enters_what_was_chosen(world: World) -> None:
    entered: list[Entry] = []
    session = open_session(world, enter=entered.append)
    assert entered == [Entry(session.id, TV, world.stored, world.stored.profiles[1])]


def test_a_session_may_have_no_profile(world: World) -> None:
    assert kept(world, open_session(world, choose=none)).profile_id is None


def test_opening_the_same_session_again_changes_nothing(world: World) -> None:
    first = open_session(world)
    open_session(world, id=first.id, refresh_token_hash=first.refresh_token_hash, device=PHONE)
    assert kept(world, first).device == TV


def test_names_may_hold_anything_printable(world: World) -> None:
    device = type(TV)("tv-1", "tv", 'Ωmega\'s "TV" 📺; DROP TABLE session')
    assert kept(world, open_session(world, device=device)).device == device


@pytest.mark.parametrize("wrong", ["account_id", "password_hash"])
def test_an_account_that_has_changed_is_not_entered(world: World, wrong: str) -> None:
    entered: list[Entry] = []
    with pytest.raises(UnauthenticatedError):
        open_session(world, enter=entered.append, **{wrong: str(uuid4())})
    assert not entered


def test_a_session_that_cannot_be_entered_is_not_kept(world: World) -> None:
    session_id = str(uuid4())
    with pytest.raises(UnavailableError):
        open_session(world, id=session_id, enter=fail)
    assert world.kept(session_id) is None


def test_the_profile_of_a_devices_last_session_is_remembered(world: World) -> None:
    seen: list[str | None] = []

    def look(stored: StoredAccount, remembered: str | None) -> Profile | None:
        seen.append(remembered)
        return stored.profiles[len(seen) % 2]

    first, second = world.stored.profiles
    for device, now in [(TV, 0), (TV, 10), (PHONE, 20), (TV, 30)]:
        open_session(world, device=device, now=NOW + now, choose=look)
    assert seen == [None, second.id, None, first.id]


def test_a_deleted_profile_is_not_remembered(world: World) -> None:
    seen: list[str | None] = []
    open_session(world)
    world.forget_profile(world.stored.profiles[1].id)
    open_session(world, now=NOW + 1, choose=lambda _, remembered: seen.append(remembered))
    assert seen == [None]


def test_a_refresh_token_is_good_once_and_names_its_session(world: World) -> None:
    session = open_session(world)
    entered: list[Entry] = []
    rotated = rotate(world, session.refresh_token_hash, enter=entered.append, country="FR")
    entry = Entry(session.id, TV, world.stored, world.stored.profiles[1])
    assert rotated == Rotated(entry)
    assert entered == [entry]
    after = kept(world, session)
    assert (after.last_seen_at, after.expires_at, after.country) == (NOW + 60, NOW + 900, "FR")


def test_a_country_that_is_not_known_leaves_the_former_one(world: World) -> None:
    session = open_session(world, country="FR")
    rotate(world, session.refresh_token_hash)
    assert kept(world, session).country == "FR"


def test_tokens_replace_each_other_for_as_long_as_they_are_used(world: World) -> None:
    session = open_session(world)
    token = session.refresh_token_hash
    for step in range(1, 5):
        following = uuid4().hex
        now = NOW + 500 * step
        rotated = rotate(world, token, new_hash=following, now=now, expires_at=now + 600)
        assert rotated is not None
        assert not rotated.reused
        token = following


def test_an_old_token_revokes_its_family(world: World) -> None:
    session = open_session(world)
    following = uuid4().hex
    rotate(world, session.refresh_token_hash, new_hash=following)
    reused = rotate(world, session.refresh_token_hash, enter=fail)
    assert reused is not None
    assert reused.reused
    assert reused.entry.session_id == session.id
    assert kept(world, session).revoked_at == NOW + 60
    assert rotate(world, following, enter=fail) is None


def test_an_old_token_is_told_again_so_that_live_sessions_end_surely(world: World) -> None:
    session = open_session(world)
    rotate(world, session.refresh_token_hash)
    for _ in range(2):
        reused = rotate(world, session.refresh_token_hash)
        assert reused is not None
        assert reused.reused


def test_a_family_falls_alone(world: World) -> None:
    session, other = open_session(world), open_session(world)
    for _ in range(2):
        rotate(world, session.refresh_token_hash)
    assert kept(world, other).revoked_at is None
    assert rotate(world, other.refresh_token_hash) is not None


def test_a_rotation_whose_answer_the_database_lost_may_be_repeated(world: World) -> None:
    session, following = open_session(world), uuid4().hex
    for _ in range(2):
        rotated = rotate(world, session.refresh_token_hash, new_hash=following)
        assert rotated is not None
        assert not rotated.reused


@pytest.mark.parametrize("token", ["", "unknown", "0" * 64, "'; DROP TABLE session --"])
def test_an_unknown_token_enters_nowhere(world: World, token: str) -> None:
    assert rotate(world, token, enter=fail) is None


@pytest.mark.parametrize(("seconds", "good"), [(599, True), (600, False), (601, False)])
def test_a_token_is_good_until_it_expires(world: World, seconds: int, good: bool) -> None:
    session = open_session(world)
    rotated = rotate(world, session.refresh_token_hash, now=NOW + seconds)
    assert (rotated is not None) == good


def test_a_revoked_session_is_never_entered_again(world: World) -> None:
    session = open_session(world)
    world.records.revoke(account_id=session.account_id, session_id=session.id, now=NOW)
    assert rotate(world, session.refresh_token_hash, enter=fail) is None


def test_a_session_that_cannot_be_entered_keeps_its_token(world: World) -> None:
    session = open_session(world)
    with pytest.raises(UnavailableError):
        rotate(world, session.refresh_token_hash, enter=fail)
    rotated = rotate(world, session.refresh_token_hash)
    assert rotated is not None
    assert not rotated.reused


def test_a_session_whose_profile_is_gone_goes_on_without(world: World) -> None:
    session = open_session(world)
    world.forget_profile(world.stored.profiles[1].id)
    rotated = rotate(world, session.refresh_token_hash)
    assert rotated is not None
    assert rotated.entry.profile is None
    assert list(rotated.entry.stored.profiles) == [world.stored.profiles[0]]


def test_sessions_are_listed_newest_first_without_revoked_and_expired_ones(world: World) -> None:
    account_id = world.stored.account.id
    old = open_session(world, now=NOW - 100, country="DE")
    new = open_session(world, now=NOW - 50, device=PHONE)
    ended = open_session(world)
    open_session(world, expires_at=NOW)
    world.records.revoke(account_id=account_id, session_id=ended.id, now=NOW)
    assert list(world.records.of_account(account_id=account_id, now=NOW)) == [
        SessionRecord(new.id, PHONE, NOW - 50, NOW - 50, None),
        SessionRecord(old.id, TV, NOW - 100, NOW - 100, "DE"),
    ]


def test_at_most_a_hundred_sessions_are_listed(world: World) -> None:
    for _ in range(102):
        open_session(world)
    assert len(world.records.of_account(account_id=world.stored.account.id, now=NOW)) == 100


@pytest.mark.parametrize("session_id", ["", "x", "%", str(uuid4()), str(uuid4()).upper()])
def test_an_unknown_session_is_not_revoked(world: World, session_id: str) -> None:
    account_id = world.stored.account.id
    assert not world.records.revoke(account_id=account_id, session_id=session_id, now=NOW)


def test_another_spelling_of_a_sessions_id_is_another_session(world: World) -> None:
    session = open_session(world)
    for spelling in (session.id.upper(), session.id.replace("-", ""), f"{{{session.id}}}"):
        assert not world.records.revoke(account_id=session.account_id, session_id=spelling, now=NOW)


def test_another_accounts_session_is_not_revoked(world: World) -> None:
    session = open_session(world)
    assert not world.records.revoke(account_id=str(uuid4()), session_id=session.id, now=NOW)
    assert kept(world, session).revoked_at is None


def test_revoking_again_says_yes_and_keeps_the_first_time(world: World) -> None:
    session = open_session(world)
    for now in (NOW, NOW + 5):
        assert world.records.revoke(account_id=session.account_id, session_id=session.id, now=now)
    assert kept(world, session).revoked_at == NOW


def test_all_others_are_revoked_and_said_again_for_an_hour(world: World) -> None:
    account_id = world.stored.account.id
    mine, one, two = (open_session(world, expires_at=NOW + 9_000) for _ in range(3))
    open_session(world, expires_at=NOW)
    for now, said in [(NOW, {one.id, two.id}), (NOW + 3_599, {one.id, two.id}), (NOW + 3_600, ())]:
        ended = world.records.revoke_others(account_id=account_id, keep=mine.id, now=now)
        assert set(ended) == set(said)
    assert kept(world, mine).revoked_at is None
    assert kept(world, one).revoked_at == NOW


@pytest.fixture
def postgres_world(postgres_dsn: str) -> Iterator[PostgresAccountWorld]:
    world = PostgresAccountWorld(postgres_dsn, make_stored())
    yield world
    world.close()


@pytest.mark.real
def test_of_two_refreshes_with_one_token_one_gets_through(
    postgres_world: PostgresAccountWorld,
) -> None:
    session = open_session(postgres_world)
    stores = [Postgres(dsn=lambda: postgres_world.dsn) for _ in range(6)]

    def refresh(postgres: Postgres) -> bool:
        rotated = PostgresSessionRecords(postgres=postgres).rotate(
            token_hash=session.refresh_token_hash,
            new_hash=uuid4().hex,
            country=None,
            expires_at=NOW + 900,
            now=NOW,
            enter=nothing,
        )
        assert rotated is not None
        return rotated.reused

    with ThreadPoolExecutor(6) as pool:
        reused = list(pool.map(refresh, stores))
    for postgres in stores:
        postgres.close()
    assert sorted(reused) == [False] + [True] * 5


@pytest.mark.real
@pytest.mark.parametrize("who", ["session", "profile", "password"])
def test_nobody_changes_what_is_being_entered(
    postgres_world: PostgresAccountWorld, who: str
) -> None:
    """Otherwise a live session could be made of a policy that was changed, or of a revoked one."""
    session = open_session(postgres_world)
    changes = {
        "session": "UPDATE session SET revoked_at = now() WHERE account_id = %s::uuid",
        "profile": "UPDATE profile SET maturity_level = 1 WHERE account_id = %s::uuid",
        "password": "UPDATE account SET password_hash = 'x' WHERE id = %s::uuid",
    }
    order: list[str] = []

    def change() -> None:
        with psycopg.connect(postgres_world.dsn) as connection:
            connection.execute(changes[who], [postgres_world.stored.account.id])
        order.append("changed")

    with ThreadPoolExecutor(1) as pool:

        def enter(_: Entry) -> None:
            pool.submit(change)
            time.sleep(0.3)
            order.append("entered")

        rotate(postgres_world, session.refresh_token_hash, enter=enter)
    assert order == ["entered", "changed"]


def test_a_database_that_is_down_is_said() -> None:
    records = PostgresSessionRecords(postgres=Postgres(dsn=closed_postgres_dsn))
    with pytest.raises(UnavailableError):
        records.of_account(account_id=str(uuid4()), now=NOW)
