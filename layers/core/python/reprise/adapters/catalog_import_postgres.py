"""Writes catalog drafts to PostgreSQL: what differs from what is there, in one transaction.

A title is compared and written as rows, table by table.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from itertools import batched

from reprise.adapters.catalog_rows import (
    TABLES,
    Row,
    Rows,
    delete_others,
    in_order,
    insert,
    rows_of,
    select,
)
from reprise.adapters.postgres import Connection, Postgres
from reprise.application.catalog_ports import Changes
from reprise.domain.catalog_draft import CatalogDraft, DraftTitle, KnownCatalog

LOCK = 0x52657063
"""Advisory lock that makes simultaneous imports wait for each other."""

BATCH = 1000


class PostgresCatalogStore:
    """The port `CatalogStore`. Give its connection minutes: a large catalog takes them."""

    def __init__(self, *, postgres: Postgres) -> None:
        self._postgres = postgres

    def known(self, *, title_ids: Collection[str]) -> KnownCatalog:
        return self._postgres.run(lambda connection: _known(connection, list(title_ids)))

    def save(self, *, draft: CatalogDraft, dry_run: bool) -> Changes:
        return self._postgres.run(lambda connection: _save(connection, draft, dry_run=dry_run))


def _known(connection: Connection, title_ids: list[str]) -> KnownCatalog:
    systems = connection.execute(
        "SELECT rating_system.code, array_remove(array_agg(rating.code), NULL)"
        " FROM rating_system LEFT JOIN rating ON system_code = rating_system.code GROUP BY 1"
    ).fetchall()
    genres = connection.execute("SELECT id FROM genre").fetchall()
    types = connection.execute(
        "SELECT id::text, type FROM title WHERE id = ANY(%s::uuid[])", [title_ids]
    ).fetchall()
    return KnownCatalog(
        ratings={code: set(codes) for code, codes in systems},
        genres={genre for (genre,) in genres},
        types=dict(types),
    )


def _save(connection: Connection, draft: CatalogDraft, *, dry_run: bool) -> Changes:
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    touched = _touched(connection, draft)
    genres = _genre_names(connection) | dict(draft.genres)
    if not dry_run:
        _write_systems(connection, draft)
    changes = Changes(added=[], updated=[], unchanged=[])
    for titles in batched(draft.titles, BATCH, strict=False):
        part = _save_titles(connection, titles, genres, dry_run=dry_run)
        changes = Changes(
            added=[*changes.added, *part.added],
            updated=[*changes.updated, *part.updated],
            unchanged=[*changes.unchanged, *part.unchanged],
        )
    if not dry_run:
        _rename_genres(connection, draft)
    also = sorted(touched - set(draft.title_ids))
    return Changes(changes.added, changes.updated, changes.unchanged, also)


def _touched(connection: Connection, draft: CatalogDraft) -> set[str]:
    """Return the titles whose rating gets another level, or whose genre another name."""
    levels = [
        {"system": system.code, "code": code, "level": level}
        for system in draft.systems
        for code, level in system.levels.items()
    ]
    names = [{"genre": genre, "name": name} for genre, name in draft.genres.items()]
    rows = connection.execute(
        "SELECT title_id::text FROM title_rating JOIN rating USING (system_code, code)"
        " JOIN json_to_recordset(%s) AS new (system text, code text, level smallint)"
        "   ON new.system = system_code AND new.code = rating.code"
        " WHERE maturity_level IS DISTINCT FROM new.level"
        " UNION SELECT title_id::text FROM title_genre JOIN genre ON genre.id = genre_id"
        " JOIN json_to_recordset(%s) AS new (genre text, name text) ON new.genre = genre.id"
        " WHERE genre.name <> new.name",
        [json.dumps(levels), json.dumps(names)],
    ).fetchall()
    return {title_id for (title_id,) in rows}


def _genre_names(connection: Connection) -> dict[str, str]:
    return dict(connection.execute("SELECT id, name FROM genre").fetchall())


def _write_systems(connection: Connection, draft: CatalogDraft) -> None:
    cursor = connection.cursor()
    cursor.executemany(
        "INSERT INTO rating_system (code, country, name) VALUES (%s, %s, %s)"
        " ON CONFLICT (code) DO UPDATE SET country = excluded.country, name = excluded.name",
        [(system.code, system.country, system.name) for system in draft.systems],
    )
    cursor.executemany(
        "INSERT INTO rating (system_code, code, maturity_level) VALUES (%s, %s, %s)"
        " ON CONFLICT (system_code, code) DO UPDATE SET maturity_level = excluded.maturity_level",
        [
            (system.code, code, level)
            for system in draft.systems
            for code, level in system.levels.items()
        ],
    )
    cursor.executemany(
        "INSERT INTO genre (id, name) VALUES (%s, %s)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name",
        list(draft.genres.items()),
    )


def _rename_genres(connection: Connection, draft: CatalogDraft) -> None:
    """Let the search find titles outside the draft by their genres' new names."""
    connection.execute(
        "UPDATE title SET genre_words = words FROM ("
        "   SELECT title_id, string_agg(genre.name, ' ' ORDER BY position) AS words"
        "   FROM title_genre JOIN genre ON genre.id = genre_id GROUP BY title_id"
        " ) AS named WHERE title_id = id AND genre_words <> words"
        " AND EXISTS (SELECT FROM title_genre WHERE title_id = id AND genre_id = ANY(%s))",
        [list(draft.genres)],
    )


def _save_titles(
    connection: Connection,
    titles: Sequence[DraftTitle],
    genres: Mapping[str, str],
    *,
    dry_run: bool,
) -> Changes:
    wanted = {title.id: rows_of(title, genres) for title in titles}
    stored = _stored(connection, list(wanted))
    added = [title_id for title_id in wanted if title_id not in stored]
    updated = [i for i, rows in wanted.items() if i in stored and stored[i] != rows]
    if not dry_run:
        _write(connection, [*added, *updated], wanted)
    same = {*added, *updated}
    return Changes(added, updated, [title_id for title_id in wanted if title_id not in same])


def _stored(connection: Connection, title_ids: list[str]) -> Mapping[str, Rows]:
    """Return the rows of these titles as they stand, in the order of `rows_of`."""
    found: dict[str, dict[str, Sequence[Row]]] = {}
    for table in TABLES:
        rows = connection.execute(select(table), [title_ids]).fetchall()
        for title_id, columns in rows:
            of_title = found.setdefault(title_id, {each.name: [] for each in TABLES})
            of_title[table.name] = in_order(map(tuple, columns))
    return found


def _write(connection: Connection, title_ids: list[str], rows: Mapping[str, Rows]) -> None:
    """Write these titles whole: rows that are theirs no more go first."""
    for table in reversed(TABLES[1:]):
        keep = [[row[0] for i in title_ids for row in rows[i][table.name]]] if table.kept else []
        connection.execute(delete_others(table), [title_ids, *keep])
    for table in TABLES:
        documents = [
            dict(zip(table.columns, row, strict=True))
            for title_id in title_ids
            for row in rows[title_id][table.name]
        ]
        connection.execute(insert(table), [json.dumps(documents)])
