"""Fills a stack with believable catalogs and demo accounts, as often as anyone likes.

A small catalog made by hand, in which every case that matters is known by name, and a few hundred
generated titles. Ids are derived from names, so that every stack and every run agrees on them.
Dates such as `+3d` count from the seeding, so that a title that leaves soon always does. All of it
is invented.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid5

import psycopg

from reprise.adapters.catalog_json import read_json
from reprise.adapters.passwords_argon2 import Argon2Passwords
from reprise.application.import_catalog import import_catalog
from reprise.domain.catalog_draft import NAMESPACE, CatalogDraft, episode_id, title_id
from reprise_local import catalog_generator
from reprise_local import seeding_sql as sql
from reprise_local.catalog_stores import catalog_stores

__all__ = ["account_id", "episode_id", "profile_id", "seed", "title_id"]

DATA = Path(__file__).parent / "data"
SHOWN_FILM, SHOWN_SERIES = "the-salt-cartographer", "the-tidekeepers"
"""Everybody with a main profile may watch these. Nothing of them is encoded: they are long."""

PLAYABLE_FILM, PLAYABLE_SERIES = "the-long-second", "two-short-minutes"
"""Everybody may watch these, and they play: `media.samples` makes them as long as they are here."""

GENERATED, GENERATED_FROM = 300, 7

type Document = Mapping[str, Any]


def seed(*, postgres_dsn: str, redis_url: str) -> dict[str, Any]:
    """Fill both stores and return the `accounts` and the `catalog` of `stack.json`.

    The database must be migrated. Repeating restores everything seeded to how it was.
    """
    accounts: list[Document] = json.loads((DATA / "accounts.json").read_text(encoding="utf-8"))
    now = datetime.now(UTC).replace(microsecond=0)
    catalog = catalog_by_hand(now)
    with catalog_stores(postgres_dsn=postgres_dsn, redis_url=redis_url) as (store, copies):
        draft = with_generated(catalog, now)
        import_catalog(draft=draft, found=(), store=store, copies=copies, dry_run=False)
    with psycopg.connect(postgres_dsn, prepare_threshold=None) as connection:
        _put_accounts(connection.cursor(), accounts)
    return {
        "accounts": [_account_facts(account) for account in accounts],
        "catalog": _catalog_facts(catalog, now),
    }


def catalog_by_hand(now: datetime) -> CatalogDraft:
    return _read((DATA / "catalog.json").read_text(encoding="utf-8"), now)


def with_generated(catalog: CatalogDraft, now: datetime) -> CatalogDraft:
    """Return the catalog with generated titles behind its own, which keep their names."""
    generated = catalog_generator.generate(count=GENERATED, seed=GENERATED_FROM)
    more = _read(catalog_generator.to_text(generated), now)
    own = set(catalog.title_ids)
    titles = [*catalog.titles, *(title for title in more.titles if title.id not in own)]
    return CatalogDraft(titles, catalog.systems, catalog.genres)


def _read(text: str, now: datetime) -> CatalogDraft:
    reading = read_json(text, now=now)
    if reading.problems:
        raise ValueError(f"our own catalog is wrong: {reading.problems[0]}")
    return reading.draft


def account_id(email: str) -> str:
    return str(uuid5(NAMESPACE, f"account:{email}"))


def profile_id(email: str, name: str) -> str:
    return str(uuid5(NAMESPACE, f"profile:{email}:{name}"))


def _put_accounts(cursor: psycopg.Cursor[Any], accounts: list[Document]) -> None:
    passwords = Argon2Passwords()
    for account in accounts:
        email = account["email"]
        secret = passwords.hash(password=account["password"])
        cursor.execute(sql.ACCOUNT, {**account, "id": account_id(email), "hash": secret})
        rows = [
            {
                **profile,
                "id": profile_id(email, profile["name"]),
                "account": account_id(email),
                "position": position,
                "pin": passwords.hash(password=profile["pin"]) if "pin" in profile else None,
            }
            for position, profile in enumerate(account["profiles"])
        ]
        cursor.executemany(sql.PROFILE, rows)


def _account_facts(account: Document) -> dict[str, Any]:
    email = account["email"]
    names = [profile["name"] for profile in account["profiles"]]
    return {
        "email": email,
        "password": account["password"],
        "plan": account["plan"],
        "profiles": [{"id": profile_id(email, name), "name": name} for name in names],
    }


def _catalog_facts(catalog: CatalogDraft, now: datetime) -> dict[str, Any]:
    """Name the titles that everyone may watch, and among them those that play."""
    return {
        **_shown(catalog, SHOWN_FILM, SHOWN_SERIES, now),
        "playable": _shown(catalog, PLAYABLE_FILM, PLAYABLE_SERIES, now),
    }


def _shown(catalog: CatalogDraft, film: str, series: str, now: datetime) -> dict[str, Any]:
    """Name a film and a series with its aired episodes, without specials."""
    found = next(title for title in catalog.titles if title.key == series)
    episodes = [
        found.item_id(item)
        for item in found.items
        if item.season > 0 and item.aired_at <= now.timestamp()
    ]
    return {"film": title_id(film), "series": {"videoId": found.id, "episodes": episodes}}
