"""Fills a stack with a small believable catalog and demo accounts, as often as anyone likes.

Ids are derived from names, so that every stack and every run agrees on them. Dates such as `+3d`
count from the seeding, so that a title that leaves soon always does. All of it is invented.
"""

import json
import re
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import psycopg

from reprise.adapters.catalog_postgres import PostgresTitles
from reprise.adapters.catalog_redis import publish_titles
from reprise.adapters.passwords_argon2 import Argon2Passwords
from reprise.adapters.postgres import Postgres
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise_local import seeding_sql as sql

DATA = Path(__file__).parent / "data"
NAMESPACE = UUID("5b1f6a52-8a0e-5d53-9f0d-6c2f1f0b7e11")
REDIS_TIMEOUT_MS = 5_000
_DAYS_FROM_NOW = re.compile(r"([+-]\d+)d")

type Document = Mapping[str, Any]


def seed(*, postgres_dsn: str, redis_url: str) -> dict[str, Any]:
    """Fill both stores and return the `accounts` and the `catalog` of `stack.json`.

    The database must be migrated. Repeating restores everything seeded to how it was.
    """
    catalog: Document = json.loads((DATA / "catalog.json").read_text(encoding="utf-8"))
    accounts: list[Document] = json.loads((DATA / "accounts.json").read_text(encoding="utf-8"))
    now = datetime.now(UTC)
    with psycopg.connect(postgres_dsn, prepare_threshold=None) as connection:
        cursor = connection.cursor()
        _put_catalog(cursor, catalog, now)
        _put_accounts(cursor, accounts)
    _publish(postgres_dsn, redis_url)
    return {
        "accounts": [_account_facts(account) for account in accounts],
        "catalog": _catalog_facts(catalog, now),
    }


def title_id(slug: str) -> str:
    return str(uuid5(NAMESPACE, f"title:{slug}"))


def episode_id(slug: str, season: int, episode: int) -> str:
    return str(uuid5(NAMESPACE, f"episode:{slug}:{season}:{episode}"))


def account_id(email: str) -> str:
    return str(uuid5(NAMESPACE, f"account:{email}"))


def profile_id(email: str, name: str) -> str:
    return str(uuid5(NAMESPACE, f"profile:{email}:{name}"))


def instant(text: str, now: datetime) -> datetime:
    """Return the start of a day (`2024-05-01`), or the instant days from `now` (`+3d`).

    Raises:
        ValueError: it is neither.
    """
    relative = _DAYS_FROM_NOW.fullmatch(text)
    if relative:
        return now + timedelta(days=int(relative[1]))
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)


def _put_catalog(cursor: psycopg.Cursor[Any], catalog: Document, now: datetime) -> None:
    for system in catalog["ratingSystems"]:
        cursor.execute(sql.RATING_SYSTEM, system)
        levels = [(system["code"], code, level) for code, level in system["levels"].items()]
        cursor.executemany(sql.RATING, levels)
    cursor.executemany(sql.GENRE, list(catalog["genres"].items()))
    for title in catalog["titles"]:
        _put_title(cursor, title, now)


def _put_title(cursor: psycopg.Cursor[Any], title: Document, now: datetime) -> None:
    key = title_id(title["slug"])
    plans = title.get("plans", ["basic", "standard", "premium"])
    cursor.execute(sql.TITLE, {**title, "id": key, "plans": plans})
    for table in sql.REPLACED_WITH_THEIR_TITLE:
        cursor.execute(table, [key])
    if title["type"] == "film":
        cursor.execute(sql.VIDEO, _video(title, key, None))
    else:
        _put_episodes(cursor, title, key, now)
    cursor.executemany(
        sql.TITLE_RATING, [(key, system, code) for system, code in title["ratings"].items()]
    )
    cursor.executemany(
        sql.TITLE_GENRE, [(key, genre, place) for place, genre in enumerate(title["genres"])]
    )
    cursor.executemany(sql.ARTWORK, list(_artwork(title, key)))
    cursor.executemany(sql.WINDOW, list(_windows(title, key, now)))


def _put_episodes(cursor: psycopg.Cursor[Any], title: Document, key: str, now: datetime) -> None:
    numbered = list(_episodes(title))
    rows = [
        (episode_key, key, season, number, episode["title"], instant(episode["aired"], now))
        for episode_key, season, number, episode in numbered
    ]
    cursor.executemany(sql.EPISODE, rows)
    cursor.execute(sql.EPISODES_NOT_AMONG, [key, [row[0] for row in rows]])
    videos = [_video(episode, key, episode_key) for episode_key, _, _, episode in numbered]
    cursor.executemany(sql.VIDEO, videos)


def _episodes(title: Document) -> Iterator[tuple[str, int, int, Document]]:
    for season in title["seasons"]:
        for number, episode in enumerate(season["episodes"], start=1):
            key = episode_id(title["slug"], season["season"], number)
            yield key, season["season"], number, episode


def _video(item: Document, title_key: str, episode_key: str | None) -> tuple[Any, ...]:
    intro_start, intro_end = item.get("intro", (None, None))
    return (
        str(uuid5(NAMESPACE, f"video:{episode_key or title_key}:main")),
        title_key,
        episode_key,
        item["duration"],
        intro_start,
        intro_end,
        item.get("credits"),
    )


def _artwork(title: Document, key: str) -> Iterator[tuple[Any, ...]]:
    for kind in ("poster", "hero"):
        for place, variant in enumerate(title["artwork"]):
            artwork_id = str(uuid5(NAMESPACE, f"artwork:{key}:{kind}:{variant}"))
            url = f"/artwork/{title['slug']}/{kind}-{variant}.jpg"
            yield artwork_id, key, kind, variant, url, place


def _windows(title: Document, key: str, now: datetime) -> Iterator[tuple[Any, ...]]:
    for region, (starts, ends) in title["windows"].items():
        yield key, region, instant(starts, now), None if ends is None else instant(ends, now)


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


def _publish(postgres_dsn: str, redis_url: str) -> None:
    postgres = Postgres(dsn=lambda: postgres_dsn)
    client = connect(url=redis_url, cluster=False, timeout_ms=REDIS_TIMEOUT_MS)
    try:
        source = PostgresTitles(postgres=postgres)
        titles = source.load(video_ids=source.all_ids())
        publish_titles(RedisCalls(client), titles.values(), now=int(time.time()))
    finally:
        client.close()
        postgres.close()


def _account_facts(account: Document) -> dict[str, Any]:
    email = account["email"]
    names = [profile["name"] for profile in account["profiles"]]
    return {
        "email": email,
        "password": account["password"],
        "plan": account["plan"],
        "profiles": [{"id": profile_id(email, name), "name": name} for name in names],
    }


def _catalog_facts(catalog: Document, now: datetime) -> dict[str, Any]:
    """Name the film and the series (aired episodes, without specials) that everyone may watch."""
    shown = catalog["shown"]
    series = next(title for title in catalog["titles"] if title["slug"] == shown["series"])
    episodes = [
        key
        for key, season, _, episode in _episodes(series)
        if season > 0 and instant(episode["aired"], now) <= now
    ]
    return {
        "film": title_id(shown["film"]),
        "series": {"videoId": title_id(shown["series"]), "episodes": episodes},
    }
