"""The promise of `Profiles`, kept by the fake and by PostgreSQL, and what only that can show."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import uuid4

import psycopg
import pytest

from reprise.adapters.accounts_postgres import PostgresAccounts
from reprise.adapters.postgres import Postgres
from reprise.adapters.profiles_postgres import PostgresProfiles
from reprise.application.identity_ports import StoredAccount
from reprise.application.profile_ports import KeptSession, Profiles
from reprise.domain.errors import (
    ConflictError,
    NotFoundError,
    PreconditionFailedError,
    UnauthenticatedError,
    UnavailableError,
)
from reprise.domain.identity import Account, Profile
from reprise.domain.profiles import Household, StoredProfile, check_room
from tests.builders import TV
from tests.fakes.profiles import FakeProfiles, SessionRow
from tests.harness.account_worlds import insert
from tests.harness.closed_port import closed_postgres_dsn

NOW = int(time.time())
HOUR = 3600


class Store(Protocol):
    @property
    def profiles(self) -> Profiles: ...

    def sign_in(self, home: Household, profile_id: str | None, *, country: str | None) -> str: ...

    def selected(self, session_id: str) -> str | None: ...


class FakeStore:
    def __init__(self, home: Household) -> None:
        self.profiles = FakeProfiles(home)

    def sign_in(self, home: Household, profile_id: str | None, *, country: str | None) -> str:
        session_id = str(uuid4())
        kept = KeptSession(session_id, TV, country, NOW + HOUR)
        self.profiles.rows[session_id] = SessionRow(home.account.id, profile_id, kept)
        return session_id

    def selected(self, session_id: str) -> str | None:
        return self.profiles.rows[session_id].profile_id


@dataclass
class PostgresStore:
    postgres: Postgres
    dsn: str

    def __post_init__(self) -> None:
        self.profiles = PostgresProfiles(postgres=self.postgres)

    def sign_in(self, home: Household, profile_id: str | None, *, country: str | None) -> str:
        session_id = str(uuid4())
        self.execute(
            "INSERT INTO session (id, account_id, profile_id, device_id, device_type, device_name,"
            " country, created_at, last_seen_at, expires_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, now(), now(), to_timestamp(%s))",
            *(session_id, home.account.id, profile_id, *TV, country, NOW + HOUR),
        )
        return session_id

    def selected(self, session_id: str) -> str | None:
        found = self.execute("SELECT profile_id::text FROM session WHERE id = %s", session_id)
        return None if found[0][0] is None else str(found[0][0])

    def execute(self, statement: str, *values: Any) -> Sequence[Any]:
        with psycopg.connect(self.dsn) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture
def home() -> Household:
    account = Account(str(uuid4()), f"{uuid4()}@example.org", "standard", "GB")
    members = (
        StoredProfile(Profile(str(uuid4()), "Zoë", False, 5, True, "en", "heron"), "hash", 1),
        StoredProfile(Profile(str(uuid4()), "Ana", True, 2, False, "pt", "comet"), None, 1),
    )
    return Household(account, members)


@pytest.fixture(params=["fake", pytest.param("postgres", marks=pytest.mark.real)])
def store(request: pytest.FixtureRequest, home: Household) -> Iterator[Store]:
    if request.param == "fake":
        yield FakeStore(home)
        return
    yield from _postgres(request.getfixturevalue("postgres_dsn"), home)


@pytest.fixture
def real(postgres_dsn: str, home: Household) -> Iterator[PostgresStore]:
    yield from _postgres(postgres_dsn, home)


def _postgres(dsn: str, home: Household) -> Iterator[PostgresStore]:
    members = [each.profile for each in home.profiles]
    insert(dsn, StoredAccount(home.account, "hashed", members))
    postgres = Postgres(dsn=lambda: dsn)
    yield PostgresStore(postgres, dsn)
    postgres.close()
    with psycopg.connect(dsn) as connection:
        connection.execute("DELETE FROM account WHERE id = %s", [home.account.id])


def a_profile(**overrides: Any) -> StoredProfile:
    values: dict[str, Any] = {
        "id": str(uuid4()),
        "name": 'Ωmega\'s "kid" 📺; DROP TABLE profile',
        "kids": False,
        "maturity_level": 3,
        "has_pin": True,
        "language": "pt-BR",
        "avatar": "owl",
    }
    profile = Profile(**(values | overrides))
    return StoredProfile(profile, "$argon2id$x" if profile.has_pin else None, 1)


def passes(_: Household) -> None:
    """Whatever is there."""


def refuses(_: Household) -> None:
    raise ConflictError("no")


def fails(*_: object) -> None:
    raise UnavailableError("live positions do not answer")


def nothing(*_: object) -> None:
    """Tell nobody."""


def read(store: Store, home: Household) -> Sequence[StoredProfile]:
    found = store.profiles.household(account_id=home.account.id)
    assert found is not None
    return found.profiles


def test_a_household_is_read_in_its_order_and_one_that_is_not_is_none(
    store: Store, home: Household
) -> None:
    assert store.profiles.household(account_id=home.account.id) == home
    assert store.profiles.household(account_id=str(uuid4())) is None


def test_a_new_profile_comes_last_as_it_was_made(store: Store, home: Household) -> None:
    made = a_profile()
    assert store.profiles.add(account_id=home.account.id, new=made, check=passes) == made
    assert read(store, home) == (*home.profiles, made)


def test_adding_the_same_profile_again_changes_nothing_and_checks_nothing(
    store: Store, home: Household
) -> None:
    made = a_profile()
    for check in (passes, refuses):
        store.profiles.add(account_id=home.account.id, new=made, check=check)
    assert read(store, home) == (*home.profiles, made)


def test_what_the_check_refuses_is_not_added(store: Store, home: Household) -> None:
    with pytest.raises(ConflictError):
        store.profiles.add(account_id=home.account.id, new=a_profile(), check=refuses)
    with pytest.raises(NotFoundError):
        store.profiles.add(account_id=str(uuid4()), new=a_profile(), check=passes)
    assert read(store, home) == home.profiles


def test_a_change_is_kept_as_the_next_version(store: Store, home: Household) -> None:
    kid = home.profiles[1]
    wanted = replace(kid, profile=replace(kid.profile, name="Anna", maturity_level=1))
    changed = store.profiles.update(
        account_id=home.account.id, changed=wanted, check=passes, before_commit=nothing
    )
    assert changed == replace(wanted, version=2)
    assert read(store, home) == (home.profiles[0], changed)


@pytest.mark.parametrize("what", ["version", "account", "check", "telling"])
def test_a_change_that_does_not_fit_changes_nothing(
    store: Store, home: Household, what: str
) -> None:
    errors: dict[str, type[Exception]] = {
        "version": PreconditionFailedError,
        "account": NotFoundError,
        "check": ConflictError,
        "telling": UnavailableError,
    }
    wanted = replace(home.profiles[1], version=7 if what == "version" else 1)
    wanted = replace(wanted, profile=replace(wanted.profile, name="Anna"))
    with pytest.raises(errors[what]):
        store.profiles.update(
            account_id=str(uuid4()) if what == "account" else home.account.id,
            changed=wanted,
            check=refuses if what == "check" else passes,
            before_commit=fails if what == "telling" else nothing,
        )
    assert read(store, home) == home.profiles


def test_another_accounts_profile_is_not_changed(store: Store, home: Household) -> None:
    with pytest.raises(PreconditionFailedError):
        store.profiles.update(
            account_id=home.account.id, changed=a_profile(), check=passes, before_commit=nothing
        )


def test_every_session_that_has_the_profile_selected_is_told_of_a_change(
    store: Store, home: Household
) -> None:
    kid = home.profiles[1]
    at_home = store.sign_in(home, kid.profile.id, country=None)
    away = store.sign_in(home, kid.profile.id, country="DE")
    store.sign_in(home, home.profiles[0].profile.id, country=None)
    store.sign_in(home, None, country=None)
    told: list[KeptSession] = []
    store.profiles.update(
        account_id=home.account.id, changed=kid, check=passes, before_commit=told.extend
    )
    assert {(each.id, each.country, each.device) for each in told} == {
        (at_home, None, TV),
        (away, "DE", TV),
    }
    assert {each.id for each in store.profiles.sessions(profile_id=kid.profile.id)} == {
        at_home,
        away,
    }


def select(store: Store, home: Household, session_id: str, profile_id: str, **more: Any) -> None:
    store.profiles.select(
        account_id=more.get("account_id", home.account.id),
        session_id=session_id,
        profile_id=profile_id,
        country=more.get("country"),
        now=NOW,
        before_commit=more.get("before_commit", nothing),
    )


def test_a_session_selects_a_profile_and_keeps_it(store: Store, home: Household) -> None:
    session_id = store.sign_in(home, None, country="GB")
    seen: list[Any] = []
    kid = home.profiles[1]
    select(store, home, session_id, kid.profile.id, before_commit=lambda *all_: seen.extend(all_))
    assert seen == [home.account, kid, KeptSession(session_id, TV, "GB", NOW + HOUR)]
    assert store.selected(session_id) == kid.profile.id


def test_the_country_of_the_selection_is_the_sessions_from_then_on(
    store: Store, home: Household
) -> None:
    kid = home.profiles[1].profile
    session_id = store.sign_in(home, None, country="GB")
    for country, expected in ((None, "GB"), ("DE", "DE"), (None, "DE")):
        select(store, home, session_id, kid.id, country=country)
        (kept,) = store.profiles.sessions(profile_id=kid.id)
        assert kept.country == expected


def test_a_selection_that_can_not_be_made_live_is_not_kept(store: Store, home: Household) -> None:
    session_id = store.sign_in(home, None, country=None)
    with pytest.raises(UnavailableError):
        select(store, home, session_id, home.profiles[1].profile.id, before_commit=fails)
    assert store.selected(session_id) is None


def test_only_a_profile_of_the_account_is_selected_and_only_by_its_own_session(
    store: Store, home: Household
) -> None:
    session_id = store.sign_in(home, None, country=None)
    kid = home.profiles[1].profile.id
    with pytest.raises(NotFoundError):
        select(store, home, session_id, str(uuid4()))
    with pytest.raises(NotFoundError):
        select(store, home, session_id, kid, account_id=str(uuid4()))
    with pytest.raises(UnauthenticatedError):
        select(store, home, str(uuid4()), kid)
    assert store.selected(session_id) is None


def remove(store: Store, home: Household, profile_id: str, *ended: str) -> Any:
    return store.profiles.remove(account_id=home.account.id, profile_id=profile_id, ended=ended)


def test_a_removed_profile_is_gone_and_its_sessions_have_none(
    store: Store, home: Household
) -> None:
    kid = home.profiles[1].profile.id
    session_id = store.sign_in(home, kid, country=None)
    counts = remove(store, home, kid, session_id)
    assert counts == {"profile": 1, "my_list": 0, "session": 1}
    assert read(store, home) == home.profiles[:1]
    assert store.selected(session_id) is None


def test_removing_again_counts_nothing(store: Store, home: Household) -> None:
    kid = home.profiles[1].profile.id
    remove(store, home, kid)
    assert remove(store, home, kid) == {"profile": 0, "my_list": 0, "session": 0}


def test_a_session_that_was_not_ended_keeps_its_profile(store: Store, home: Household) -> None:
    kid = home.profiles[1].profile.id
    session_id = store.sign_in(home, kid, country=None)
    assert remove(store, home, kid, str(uuid4())) is None
    assert read(store, home) == home.profiles
    assert store.selected(session_id) == kid


def test_the_last_profile_is_not_removed(store: Store, home: Household) -> None:
    adult, kid = (each.profile.id for each in home.profiles)
    remove(store, home, kid)
    with pytest.raises(ConflictError):
        remove(store, home, adult)
    with pytest.raises(NotFoundError):
        store.profiles.remove(account_id=str(uuid4()), profile_id=adult, ended=())


def test_which_ids_are_profiles_is_told(store: Store, home: Household) -> None:
    kid = home.profiles[1].profile.id
    asked = [kid, str(uuid4()), "no id", "", "a\0b"]
    assert set(store.profiles.existing(profile_ids=asked)) == {kid}
    assert not store.profiles.existing(profile_ids=[])


@pytest.mark.real
@pytest.mark.parametrize("state", ["revoked", "expired"])
def test_a_session_that_has_ended_is_told_nothing_and_selects_nothing(
    real: PostgresStore, home: Household, state: str
) -> None:
    kid = home.profiles[1].profile.id
    session_id = real.sign_in(home, kid, country=None)
    column = "revoked_at" if state == "revoked" else "expires_at"
    real.execute(
        f"UPDATE session SET {column} = now() - interval '1 day' WHERE id = %s", session_id
    )
    assert not real.profiles.sessions(profile_id=kid)
    with pytest.raises(UnauthenticatedError):
        select(real, home, session_id, kid)
    assert remove(real, home, kid) == {"profile": 1, "my_list": 0, "session": 1}


@pytest.mark.real
def test_what_is_on_the_profiles_list_goes_with_it_counted(
    real: PostgresStore, home: Household
) -> None:
    adult, kid = (each.profile.id for each in home.profiles)
    title_id = str(uuid4())
    real.execute(
        "INSERT INTO title (id, type, name, release_year, original_language)"
        " VALUES (%s, 'film', 'Sixth Sea', 2020, 'en')",
        title_id,
    )
    for profile_id in (adult, kid):
        real.execute(
            "INSERT INTO my_list (profile_id, title_id, position, added_at)"
            " VALUES (%s, %s, 1, now())",
            *(profile_id, title_id),
        )
    assert remove(real, home, kid) == {"profile": 1, "my_list": 1, "session": 0}
    left = real.execute("SELECT profile_id::text FROM my_list WHERE title_id = %s", title_id)
    assert left == [(adult,)]
    real.execute("DELETE FROM title WHERE id = %s", title_id)


@pytest.mark.real
def test_five_at_once_never_make_more_than_five(real: PostgresStore, home: Household) -> None:
    def add() -> None:
        postgres = Postgres(dsn=lambda: real.dsn)
        try:
            PostgresProfiles(postgres=postgres).add(
                account_id=home.account.id,
                new=a_profile(),
                check=lambda now: check_room(now.profiles),
            )
        except ConflictError:
            pass
        finally:
            postgres.close()

    together(*[add] * 5)
    assert len(read(real, home)) == 5


@pytest.mark.real
def test_a_change_waits_for_a_selection_under_way_and_tells_its_session(
    real: PostgresStore, home: Household
) -> None:
    """Whoever selects the profile in the moment of a change never keeps the old policy."""
    kid = home.profiles[1]
    session_id = real.sign_in(home, None, country=None)
    selecting = threading.Event()
    told: list[str] = []

    def linger(*_: object) -> None:
        selecting.set()
        time.sleep(0.3)

    def choose() -> None:
        postgres = Postgres(dsn=lambda: real.dsn)
        store = PostgresStore(postgres, real.dsn)
        select(store, home, session_id, kid.profile.id, before_commit=linger)
        postgres.close()

    def change() -> None:
        assert selecting.wait(5)
        real.profiles.update(
            account_id=home.account.id,
            changed=kid,
            check=passes,
            before_commit=lambda kept: told.extend(each.id for each in kept),
        )

    together(choose, change)
    assert told == [session_id]


@pytest.mark.real
def test_a_removal_waits_for_a_selection_under_way_and_sees_it(
    real: PostgresStore, home: Household
) -> None:
    kid = home.profiles[1].profile.id
    session_id = real.sign_in(home, None, country=None)
    selecting, removed = threading.Event(), []

    def linger(*_: object) -> None:
        selecting.set()
        time.sleep(0.3)

    def choose() -> None:
        postgres = Postgres(dsn=lambda: real.dsn)
        select(PostgresStore(postgres, real.dsn), home, session_id, kid, before_commit=linger)
        postgres.close()

    def take_away() -> None:
        assert selecting.wait(5)
        removed.append(remove(real, home, kid))

    together(choose, take_away)
    assert removed == [None]
    assert real.selected(session_id) == kid


def together(*actions: Any) -> None:
    """Run all at once, and raise what any of them raised."""
    failures: list[BaseException] = []

    def guarded(action: Any) -> None:
        try:
            action()
        except BaseException as error:  # noqa: BLE001  # told to the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    if failures:
        raise failures[0]


@pytest.mark.real
def test_accounts_and_profiles_are_read_alike(real: PostgresStore, home: Household) -> None:
    found = PostgresAccounts(postgres=real.postgres).read(account_id=home.account.id)
    assert found is not None
    assert list(found.profiles) == [each.profile for each in read(real, home)]


def test_a_database_that_is_down_is_said() -> None:
    profiles = PostgresProfiles(postgres=Postgres(dsn=closed_postgres_dsn))
    with pytest.raises(UnavailableError):
        profiles.household(account_id=str(uuid4()))
