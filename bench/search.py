"""The search over a hundred thousand titles, the migration that makes it possible, and the gate.

Names are invented (`reprise catalog generate`), with a vocabulary of tens of thousands of words.
Each kind of query is asked with names of its own; the reference is the driver's read of one title
by its id, a bare round trip to the same server.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import batched
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bench.clocks import Contender, Sample, in_turns
from bench.console import main, note
from bench.figures import Section, Table, Target, millis, ratio
from bench.stores import private_postgres
from reprise.adapters.migrate_postgres import migrate_postgres
from reprise.adapters.postgres import Postgres
from reprise.adapters.search_postgres import PostgresTitleSearch
from reprise.domain.catalog import Rating, Title, Window
from reprise.domain.catalog_draft import title_id
from reprise.domain.identity import PolicyFacts
from reprise.domain.policy import Gate
from reprise_local.catalog_generator import generate
from tests.builders import make_film

SEED = 7
PAGE = 60
"""What the search route asks for first: enough to fill a page of 20 through the gate."""

SEARCH_SECONDS, GATE_SECONDS = 0.020, 0.001
GATED = 1000
BEFORE_SEARCH = "0003"
BARE = "bare SELECT by id"
NOW = 1_795_000_000
LOAD = """
INSERT INTO title (id, type, name, description, release_year, original_language)
SELECT id, type, name, description, year, language FROM json_to_recordset(%s)
    AS new (id uuid, type text, name text, description text, year smallint, language text)
"""
OTHER_NAMES = """
UPDATE title SET original_name = original, aliases = others FROM json_to_recordset(%s)
    AS new (id uuid, original text, others text[]) WHERE title.id = new.id
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--titles", type=int, default=100_000, help="how large the catalog is")
    parser.add_argument("--blocks", type=int, default=20, help="rounds of measuring in turns")
    parser.add_argument("--calls", type=int, default=50, help="queries of each kind a round")


def run(options: argparse.Namespace) -> Section:
    note(f"inventing {options.titles:,} titles")
    titles = generate(count=options.titles, seed=SEED)["titles"]
    with private_postgres() as server:
        with _database(server) as empty:
            on_empty = _migrated(empty, "head")
        with _database(server) as dsn:
            _migrated(dsn, BEFORE_SEARCH)
            _load(dsn, titles)
            on_large = _migrated(dsn, "head")
            _write(dsn, OTHER_NAMES, titles)
            _settle(dsn)
            samples = _searched(dsn, titles, options)
    gate = _gated(options.blocks)
    kinds = [name for name in samples if name != BARE]
    return Section(
        title="Search and policy",
        how=(
            f"{options.titles:,} titles, warm, {options.blocks * options.calls:,} queries of each"
            " kind, each of them with another name; a query is what the adapter does: fold, mend,"
            f" match and rank the best {PAGE}. The migration adds the search to a database that"
            " has the titles already."
        ),
        targets=(
            *(_held(f"search, {name}, p50", samples[name].p50, SEARCH_SECONDS) for name in kinds),
            _held(f"gate over {GATED:,} titles, p50", gate.p50, GATE_SECONDS),
        ),
        tables=(
            _table(samples),
            Table(
                ("migration", "took"),
                (
                    ("an empty database, from nothing to the newest", millis(on_empty)),
                    (f"{options.titles:,} titles, the search and what follows", millis(on_large)),
                ),
            ),
        ),
    )


def _held(what: str, measured: float, most: float) -> Target:
    return Target(what, f"≤ {millis(most)}", millis(measured), measured <= most)


def _searched(
    dsn: str, titles: Sequence[Mapping[str, Any]], options: argparse.Namespace
) -> Mapping[str, Sample]:
    chance = random.Random(SEED)
    names = [title["title"] for title in titles]
    kinds = {
        "exact": lambda: chance.choice(names),
        "prefix": lambda: _beginning(chance.choice(names)),
        "typing error": lambda: _misspelled(chance, chance.choice(names)),
        "no match": lambda: _nothing(chance),
    }
    postgres = Postgres(dsn=lambda: dsn)
    search = PostgresTitleSearch(postgres=postgres)
    contenders = {
        name: Contender(
            lambda query: search.matches(query=query, after=None, limit=PAGE),
            inputs=partial(_several, make),
        )
        for name, make in kinds.items()
    }
    ids = [title_id(title["key"]) for title in titles]
    contenders[BARE] = Contender(
        lambda video_id: postgres.run(
            lambda connection: connection.execute(
                "SELECT name FROM title WHERE id = %s", [video_id]
            ).fetchone()
        ),
        inputs=partial(_several, lambda: chance.choice(ids)),
    )
    samples = in_turns(contenders, blocks=options.blocks, calls=options.calls)
    postgres.close()
    return samples


def _several(make: Any, count: int) -> Sequence[str]:
    return [make() for _ in range(count)]


def _beginning(name: str) -> str:
    return name[: max(3, len(name) // 2)]


def _misspelled(chance: random.Random, name: str) -> str:
    """Return the name with a letter of its longest word left out, added or swapped."""
    words = name.split()
    longest = max(range(len(words)), key=lambda place: len(words[place]))
    word = words[longest]
    at = chance.randrange(1, len(word) - 1)
    words[longest] = chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + chance.choice("aeiourstln") + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
    return " ".join(words)


def _nothing(chance: random.Random) -> str:
    return " ".join("".join(chance.choices("qxzvkjw", k=8)) for _ in range(2))


def _gated(blocks: int) -> Sample:
    """Judge a catalog as a limited profile sees it, with every kind of refusal in it."""
    chance = random.Random(SEED)
    titles = [_judged(chance) for _ in range(GATED)]
    gate = Gate(PolicyFacts(region="NL", plan="standard", maturity_level=3, kids=False), NOW)
    if not 0 < sum(map(gate.allows, titles)) < GATED:
        raise RuntimeError("the gate lets nothing or everything through")
    contender = Contender.plain(lambda: [title for title in titles if gate.allows(title)])
    return in_turns({"gate": contender}, blocks=blocks, calls=20)["gate"]


def _judged(chance: random.Random) -> Title:
    countries = chance.sample(("US", "GB", "DE", "JP", "BR", "FR", "NL", "AU"), 8)
    windows = [Window(country, 0, chance.choice((None, NOW + 60, NOW))) for country in countries]
    ratings = [Rating(country, "R", chance.choice((None, 1, 2, 3, 4, 5))) for country in countries]
    return make_film(windows=tuple(windows), ratings=tuple(ratings))


@contextmanager
def _database(server: str) -> Iterator[str]:
    name = f"search_{time.monotonic_ns()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield make_conninfo(server, dbname=name)


def _migrated(dsn: str, revision: str) -> float:
    began = time.perf_counter()
    migrate_postgres(dsn=dsn, revision=revision)
    return time.perf_counter() - began


def _load(dsn: str, titles: Sequence[Mapping[str, Any]]) -> None:
    """Write titles into a schema that knows no search yet."""
    note(f"writing {len(titles):,} titles")
    _write(dsn, LOAD, titles)
    _settle(dsn)


def _write(dsn: str, statement: str, titles: Sequence[Mapping[str, Any]]) -> None:
    with psycopg.connect(dsn) as connection:
        for part in batched(titles, 5000, strict=False):
            rows = [
                {
                    **{name: title[name] for name in ("type", "description", "year", "language")},
                    "id": title_id(title["key"]),
                    "name": title["title"],
                    "original": title.get("originalTitle", ""),
                    "others": title.get("aliases", []),
                }
                for title in part
            ]
            connection.execute(statement, [json.dumps(rows)])


def _settle(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _table(samples: Mapping[str, Sample]) -> Table:
    rows = [
        (
            name,
            millis(sample.p50),
            millis(sample.p95),
            ratio(sample.p50 / samples[BARE].p50),
        )
        for name, sample in samples.items()
    ]
    return Table(("query", "p50", "p95", f"p50 to {BARE}"), tuple(rows))


if __name__ == "__main__":
    main(run, about=__doc__, arguments=arguments)
