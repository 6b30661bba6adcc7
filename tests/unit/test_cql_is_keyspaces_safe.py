"""Cassandra takes more than Amazon Keyspaces does: nothing that only the one takes gets in.

Every migration and every string in the code that looks like CQL is held to these rules, and each
rule is shown to refuse what it is for.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from reprise.adapters.cassandra_rows import BATCH_LIMIT
from reprise.adapters.migrate_cassandra import statements_of

ROOT = Path(__file__).parents[2]
MIGRATIONS = sorted((ROOT / "layers/core/python/reprise/adapters/cql").glob("*.cql"))
CODE = [
    path
    for folder in ("layers/core/python", "functions", "local", "bench")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
KEYSPACES_BATCH_LIMIT = 30
LOOKS_LIKE_CQL = re.compile(
    r"\s*(SELECT\s.*\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+(USING|SET)\s|DELETE\s.*FROM\s"
    r"|BEGIN\s|(CREATE|ALTER|DROP)\s+(TABLE|KEYSPACE|INDEX|CUSTOM|MATERIALIZED|TYPE|FUNCTION"
    r"|AGGREGATE|TRIGGER|ROLE|USER)\b|TRUNCATE\b)",
    re.IGNORECASE | re.DOTALL,
)
SQL_MODULES = re.compile(
    r"postgres|alembic|/migrations/|adapters/(catalog|identity)_rows|bench/search"
    r"|reprise_local/(seed|databases?)"
)
"""Files that speak to PostgreSQL."""

REFUSED: Mapping[str, str] = {
    "secondary index": r"\bCREATE\s+(CUSTOM\s+)?INDEX\b",
    "materialized view": r"\bMATERIALIZED\s+VIEW\b",
    "truncate": r"^\s*TRUNCATE\b",
    "filtering": r"\bALLOW\s+FILTERING\b",
    "aggregate": r"\b(COUNT|MIN|MAX|AVG|SUM)\s*\(",
    "group by": r"\bGROUP\s+BY\b",
    "user-defined function": r"\bCREATE\s+(OR\s+REPLACE\s+)?(FUNCTION|AGGREGATE)\b",
    "trigger": r"\bTRIGGER\b",
    "IN outside a SELECT": r"^\s*(UPDATE|DELETE)\b.*\bIN\s*\(",
    "IN with a bound list outside a SELECT": r"^\s*(UPDATE|DELETE)\b.*\bIN\s+[?%:]",
    # Keyspaces takes these by now, at twice the price and with conflicts between writers.
    "logged batch": r"\bBEGIN\s+(COUNTER\s+)?BATCH\b",
    "role": r"\b(CREATE|ALTER|DROP)\s+(ROLE|USER)\b",
}
TABLE = re.compile(r"\s*CREATE\s+TABLE\b", re.IGNORECASE)
WRITE = re.compile(r"\s*(INSERT|UPDATE)\b", re.IGNORECASE)
ORDERED = re.compile(r"\bUSING\s+TTL\s+\S+\s+AND\s+TIMESTAMP\b", re.IGNORECASE)
LEDGER = "schema_migration"
"""The migrations' own table: never expires, and its writes need no order."""


def problems(statement: str) -> list[str]:
    """Say what Keyspaces would refuse, or would do otherwise than Cassandra."""
    found = [
        name
        for name, pattern in REFUSED.items()
        if re.search(pattern, statement, re.IGNORECASE | re.DOTALL)
    ]
    if TABLE.match(statement):
        found += _table_problems(statement)
    elif WRITE.match(statement) and LEDGER not in statement and not ORDERED.search(statement):
        found.append("write without TTL and timestamp of its own")
    return found


def _table_problems(statement: str) -> list[str]:
    found = []
    if "default_time_to_live" not in statement:
        found.append("table that does not say when its rows expire")
    if "${properties}" not in statement:
        found.append("table without client-side timestamps")
    if not re.search(r"\bIF\s+NOT\s+EXISTS\b", statement, re.IGNORECASE):
        found.append("table that can't be created twice")
    return found


def migration_statements() -> Iterator[tuple[str, str]]:
    for path in MIGRATIONS:
        for statement in statements_of(path.read_text()):
            yield path.name, statement


def code_statements() -> Iterator[tuple[str, str]]:
    for path in CODE:
        name = path.relative_to(ROOT).as_posix()
        if SQL_MODULES.search(name):
            continue
        for text in strings_of(path.read_text()):
            if LOOKS_LIKE_CQL.match(text):
                yield name, text


def strings_of(source: str) -> Iterator[str]:
    """Yield every string of a module; what an f-string puts in is a question mark here."""
    tree = ast.parse(source)
    inner = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "?" for part in node.values)
            yield "".join(str(part) for part in parts)


STATEMENTS = [*migration_statements(), *code_statements()]


def test_the_statements_are_found() -> None:
    tables = [text for _, text in STATEMENTS if TABLE.match(text)]
    writes = [text for _, text in STATEMENTS if WRITE.match(text) and LEDGER not in text]
    assert (len(tables), len(writes)) == (4, 3)


@pytest.mark.parametrize(
    ("where", "statement"),
    STATEMENTS,
    ids=[f"{n}-{where}" for n, (where, _) in enumerate(STATEMENTS)],
)
def test_keyspaces_takes_every_statement(where: str, statement: str) -> None:
    assert problems(statement) == [], f"{where}: {statement}"


def test_batches_stay_within_what_keyspaces_takes() -> None:
    assert BATCH_LIMIT <= KEYSPACES_BATCH_LIMIT


def test_batches_are_never_logged() -> None:
    batches = [path for path in CODE if "BatchStatement(" in path.read_text()]
    assert batches
    for path in batches:
        text = path.read_text()
        assert text.count("BatchStatement(") == text.count("BatchStatement(BatchType.UNLOGGED")


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("CREATE INDEX ON place (rev)", "secondary index"),
        ("CREATE CUSTOM INDEX ON place (rev) USING 'sai'", "secondary index"),
        ("CREATE MATERIALIZED VIEW v AS SELECT rev FROM place", "materialized view"),
        ("TRUNCATE place", "truncate"),
        ("SELECT rev FROM place WHERE rev = 1 ALLOW FILTERING", "filtering"),
        ("SELECT count(*) FROM place", "aggregate"),
        ("SELECT rev FROM place GROUP BY rev", "group by"),
        ("CREATE FUNCTION f (a int)", "user-defined function"),
        ("CREATE TRIGGER t ON place USING 'x'", "trigger"),
        ("DELETE FROM place WHERE id IN (1, 2)", "IN outside a SELECT"),
        ("DELETE FROM place WHERE id IN ?", "IN with a bound list outside a SELECT"),
        ("UPDATE place SET rev = 1 WHERE id IN (1)", "IN outside a SELECT"),
        ("BEGIN BATCH INSERT INTO place (id) VALUES (1) APPLY BATCH", "logged batch"),
        ("CREATE ROLE viewer", "role"),
        ("INSERT INTO place (id) VALUES (?)", "write without TTL and timestamp of its own"),
        ("UPDATE place SET rev = 1 WHERE id = ?", "write without TTL and timestamp of its own"),
        (
            "CREATE TABLE IF NOT EXISTS t (id int PRIMARY KEY) ${properties}",
            "table that does not say when its rows expire",
        ),
        (
            "CREATE TABLE IF NOT EXISTS t (id int PRIMARY KEY) WITH default_time_to_live = 1",
            "table without client-side timestamps",
        ),
        (
            "CREATE TABLE t (id int PRIMARY KEY) WITH default_time_to_live = 1 ${properties}",
            "table that can't be created twice",
        ),
    ],
)
def test_what_only_cassandra_takes_is_refused(statement: str, problem: str) -> None:
    assert problem in problems(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT rev FROM place WHERE id IN (1, 2) LIMIT ?",
        "SELECT max_rev FROM place",
        "BEGIN UNLOGGED BATCH",
        "DELETE FROM place WHERE id = ?",
    ],
)
def test_what_both_take_passes(statement: str) -> None:
    assert problems(statement) == []


def test_cql_is_found_in_plain_and_in_formatted_strings() -> None:
    source = (
        'A = "SELECT a FROM b"\nB = f"{A} WHERE c = ?"\nC = f"TRUNCATE {A}"\nD = "Select one"\n'
    )
    found = [text for text in strings_of(source) if LOOKS_LIKE_CQL.match(text)]
    assert found == ["SELECT a FROM b", "TRUNCATE ?"]
