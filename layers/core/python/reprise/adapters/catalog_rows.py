"""A title as rows: the one place that knows the columns of the catalog's tables.

Rows travel as JSON in both directions, so that a thousand titles take one statement a table.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from reprise.domain.catalog_draft import DraftTitle, keyed_id

type Row = tuple[Any, ...]
type Rows = Mapping[str, Sequence[Row]]


class Table(NamedTuple):
    """`columns` are names and types; the first is the id of the row, or of its title.

    Instants travel as Unix seconds: the type `epoch`. A `kept` table's rows are updated where they
    stand, because other tables may refer to them; the others are replaced with their title.
    """

    name: str
    columns: Mapping[str, str]
    kept: bool = False

    @property
    def owner(self) -> str:
        return "id" if self.name == "title" else "title_id"


TABLES = (
    Table(
        "title",
        {
            "id": "uuid",
            "type": "text",
            "name": "text",
            "original_name": "text",
            "aliases": "text[]",
            "description": "text",
            "genre_words": "text",
            "release_year": "smallint",
            "original_language": "text",
            "plans": "text[]",
        },
        kept=True,
    ),
    Table(
        "episode",
        {
            "id": "uuid",
            "title_id": "uuid",
            "season": "smallint",
            "episode": "smallint",
            "name": "text",
            "description": "text",
            "aired_at": "epoch",
        },
        kept=True,
    ),
    Table(
        "video",
        {
            "id": "uuid",
            "title_id": "uuid",
            "episode_id": "uuid",
            "edition": "text",
            "duration_seconds": "double precision",
            "intro_start": "double precision",
            "intro_end": "double precision",
            "credits_start": "double precision",
        },
        kept=True,
    ),
    Table("title_rating", {"title_id": "uuid", "system_code": "text", "code": "text"}),
    Table("title_genre", {"title_id": "uuid", "genre_id": "text", "position": "smallint"}),
    Table(
        "artwork",
        {
            "id": "uuid",
            "title_id": "uuid",
            "kind": "text",
            "variant": "text",
            "url": "text",
            "position": "smallint",
        },
    ),
    Table(
        "availability",
        {"title_id": "uuid", "region": "text", "starts_at": "epoch", "ends_at": "epoch"},
    ),
)


def rows_of(title: DraftTitle, genres: Mapping[str, str]) -> Rows:
    """Return the rows that a title shall have; `genres` are their names by id."""
    found: dict[str, list[Row]] = {table.name: [] for table in TABLES}
    for name, row in _each_row(title, genres):
        found[name].append(row)
    return {name: in_order(rows) for name, rows in found.items()}


def _each_row(title: DraftTitle, genres: Mapping[str, str]) -> Iterator[tuple[str, Row]]:
    key = title.id
    yield (
        "title",
        (
            *(key, title.type, title.title, title.original_title, list(title.aliases)),
            *(title.description, " ".join(genres[genre] for genre in title.genres)),
            *(title.year, title.language, list(title.plans)),
        ),
    )
    yield from _item_rows(title)
    for system, code in title.ratings.items():
        yield "title_rating", (key, system, code)
    for place, genre in enumerate(title.genres):
        yield "title_genre", (key, genre, place)
    for place, art in enumerate(title.artwork):
        artwork_id = keyed_id("artwork", key, art.kind, art.variant)
        yield "artwork", (artwork_id, key, art.kind, art.variant, art.url, place)
    for window in title.windows:
        yield "availability", (key, window.region, window.starts_at, window.ends_at)


def _item_rows(title: DraftTitle) -> Iterator[tuple[str, Row]]:
    for item in title.items:
        item_id = title.item_id(item)
        if title.is_series:
            numbers = (item.season, item.episode, item.title, item.description, item.aired_at)
            yield "episode", (item_id, title.id, *numbers)
        for edition in item.editions:
            video_id = keyed_id("video", item_id, edition.name)
            episode_id = item_id if title.is_series else None
            markers = edition.markers
            yield (
                "video",
                (
                    *(video_id, title.id, episode_id, edition.name, edition.duration),
                    *(markers.intro_start, markers.intro_end, markers.credits_start),
                ),
            )


def in_order(rows: Iterable[Row]) -> Sequence[Row]:
    """Sort rows by what is unique in each: ids, or the title's id with what follows it."""
    return sorted(rows, key=lambda row: [str(column) for column in row])


def select(table: Table) -> str:
    """Return the statement that gives titles' rows of a table as JSON, each with its title's id."""
    shown = ", ".join(_shown(name, kind) for name, kind in table.columns.items())
    return (
        f"SELECT {table.owner}::text, json_agg(json_build_array({shown}))"  # noqa: S608  # our names
        f" FROM {table.name} WHERE {table.owner} = ANY(%s::uuid[]) GROUP BY 1"
    )


def delete_others(table: Table) -> str:
    """Return the statement that deletes titles' rows of a table but those with certain ids."""
    but = " AND NOT id = ANY(%s::uuid[])" if table.kept else ""
    return f"DELETE FROM {table.name} WHERE title_id = ANY(%s::uuid[]){but}"  # noqa: S608  # our names


def insert(table: Table) -> str:
    """Return the statement that takes the rows of a table as one JSON document."""
    names = ", ".join(table.columns)
    values = ", ".join(
        f"to_timestamp({name})" if kind == "epoch" else name for name, kind in table.columns.items()
    )
    types = ", ".join(
        f"{name} {'bigint' if kind == 'epoch' else kind}" for name, kind in table.columns.items()
    )
    others = [f"{name} = excluded.{name}" for name in table.columns if name != "id"]
    if table.name == "title":
        others.append("updated_at = now()")
    conflict = f" ON CONFLICT (id) DO UPDATE SET {', '.join(others)}" if table.kept else ""
    return (
        f"INSERT INTO {table.name} ({names})"  # noqa: S608  # our names
        f" SELECT {values} FROM json_to_recordset(%s) AS new ({types}){conflict}"
    )


def _shown(name: str, kind: str) -> str:
    return f"extract(epoch FROM {name})::bigint" if kind == "epoch" else name
