"""The seed fills an empty stack, restores a used one, and shows every demo account something."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from reprise.adapters.accounts_postgres import PostgresAccounts
from reprise.adapters.catalog_postgres import PostgresTitles
from reprise.adapters.catalog_redis import title_key
from reprise.adapters.migrate_postgres import migrate_postgres
from reprise.adapters.passwords_argon2 import Argon2Passwords
from reprise.adapters.postgres import Postgres
from reprise.adapters.title_codec import title_from_json
from reprise.domain.catalog import Title
from reprise.domain.identity import PolicyFacts
from reprise.domain.policy import Gate
from reprise_local.seeding import seed
from tests.harness.stack import TestStack

pytestmark = pytest.mark.real


class Seeded:
    """A database of its own, seeded, and what the seed said of it."""

    def __init__(self, dsn: str, redis_url: str) -> None:
        self.dsn = dsn
        self.redis_url = redis_url
        migrate_postgres(dsn=dsn)
        self.facts = self.seed()
        self.postgres = Postgres(dsn=lambda: dsn)

    def seed(self) -> dict[str, Any]:
        return seed(postgres_dsn=self.dsn, redis_url=self.redis_url)

    def titles(self) -> dict[str, Title]:
        source = PostgresTitles(postgres=self.postgres)
        return dict(source.load(video_ids=source.all_ids()))

    def counts(self) -> dict[str, int]:
        tables = ("account", "profile", "title", "episode", "video", "availability", "artwork")
        with psycopg.connect(self.dsn) as connection:
            return {table: self._count(connection, table) for table in tables}

    def _count(self, connection: psycopg.Connection[Any], table: str) -> int:
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        row = connection.execute(query).fetchone()
        assert row is not None
        count: int = row[0]
        return count


@pytest.fixture(scope="module")
def seeded(stack: TestStack) -> Iterator[Seeded]:
    name = f"seed_{uuid4().hex}"
    with psycopg.connect(stack.postgres_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        made = Seeded(make_conninfo(stack.postgres_url, dbname=name), stack.redis_url)
        yield made
        made.postgres.close()
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_seeding_again_says_and_leaves_the_same(seeded: Seeded) -> None:
    before = seeded.counts()
    assert seeded.seed() == seeded.facts
    assert seeded.counts() == before


def test_seeding_restores_what_was_changed(seeded: Seeded) -> None:
    before = seeded.titles()
    with psycopg.connect(seeded.dsn) as connection:
        connection.execute("UPDATE title SET name = 'vandalised'")
        connection.execute("DELETE FROM availability")
        connection.execute("UPDATE episode SET season = season + 20")
    seeded.seed()
    after = seeded.titles()
    assert {i: t.title for i, t in after.items()} == {i: t.title for i, t in before.items()}
    assert {i: len(t.windows) for i, t in after.items()} == {
        i: len(t.windows) for i, t in before.items()
    }
    assert {i: t.items[0].season for i, t in after.items()} == {
        i: t.items[0].season for i, t in before.items()
    }


def test_every_demo_account_signs_in_with_its_password(seeded: Seeded) -> None:
    accounts, passwords = PostgresAccounts(postgres=seeded.postgres), Argon2Passwords()
    for facts in seeded.facts["accounts"]:
        (found,) = accounts.credentials(email=facts["email"])
        stored = accounts.read(account_id=found.account_id)
        assert stored is not None
        assert passwords.verify(password_hash=stored.password_hash, password=facts["password"])
        listed = [{"id": profile.id, "name": profile.name} for profile in stored.profiles]
        assert (facts["plan"], facts["profiles"]) == (stored.account.plan, listed)


def test_there_is_an_account_of_every_plan_and_one_with_two_profiles(seeded: Seeded) -> None:
    accounts = seeded.facts["accounts"]
    assert {account["plan"] for account in accounts} == {"basic", "standard", "premium"}
    assert any(len(account["profiles"]) == 2 for account in accounts)


def test_the_shown_film_and_series_are_allowed_for_every_main_profile(seeded: Seeded) -> None:
    titles, now = seeded.titles(), int(time.time())
    catalog = seeded.facts["catalog"]
    film, series = titles[catalog["film"]], titles[catalog["series"]["videoId"]]
    accounts = PostgresAccounts(postgres=seeded.postgres)
    for facts in seeded.facts["accounts"]:
        (found,) = accounts.credentials(email=facts["email"])
        stored = accounts.read(account_id=found.account_id)
        assert stored is not None
        main = stored.profiles[0]
        policy = PolicyFacts(
            stored.account.region, stored.account.plan, main.maturity_level, main.kids
        )
        assert not main.has_pin
        assert Gate(policy, now).allows(film)
        assert Gate(policy, now).allows(series)


def test_the_shown_episodes_follow_each_other(seeded: Seeded) -> None:
    facts, now = seeded.facts["catalog"]["series"], int(time.time())
    series = seeded.titles()[facts["videoId"]]
    followed = [series.next_after(item_id, now=now) for item_id in facts["episodes"]]
    assert [item.id if item else None for item in followed] == [*facts["episodes"][1:], None]


def test_redis_holds_every_title_as_the_database_does(seeded: Seeded, redis_client: Any) -> None:
    seeded.seed()
    for key, title in seeded.titles().items():
        assert title_from_json(redis_client.get(title_key(key)), title_id=key)[0] == title


def test_the_catalog_has_every_case_that_matters(seeded: Seeded) -> None:
    titles, now = seeded.titles(), int(time.time())
    everything = [item for title in titles.values() for item in title.items]
    windows = [window for title in titles.values() for window in title.windows]
    assert {title.maturity_level for title in titles.values()} == {None, 1, 2, 3, 4, 5}
    assert sum(not title.is_series for title in titles.values()) >= 12
    assert sum(title.is_series for title in titles.values()) >= 5
    assert any(item.credits_start is None for item in everything)
    assert any(item.aired_at > now for item in everything)
    assert any(item.season == 0 and item.episode for item in everything)
    assert any(window.ends_at and window.ends_at < now for window in windows)
    assert any(window.ends_at and now < window.ends_at < now + 7 * 86_400 for window in windows)
    assert any(window.starts_at > now for window in windows)
    assert any(len({window.region for window in t.windows}) < 5 for t in titles.values())
