"""The search, in PostgreSQL: names by their beginning, words by full text, errors by trigrams.

Every kind of match has a band of scores to itself, so that a better kind always ranks higher:

| score       | matches                                                       |
|-------------|---------------------------------------------------------------|
| 1 000 000   | the name itself                                               |
| 900 000 …   | the beginning of the name                                     |
| 800 000 …   | all words, in the name                                        |
| 700 000 …   | all words, in the name, the last one unfinished               |
| 600 000 …   | all words, in the name and its other names                    |
| 400 000 …   | as above in the name, with typing errors mended               |
| 300 000 …   | as above in the name and its other names, mended              |
| 200 000 …   | all words anywhere, genres and description too, by `ts_rank`  |
| 1 …         | nothing of these, but a similar name                          |

Names compare folded (`catalog_fold`); within a band, the more of the name was typed, the higher.
The last word may be unfinished. A query that matches thousands ranks `MOST` of each kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reprise.adapters.catalog_postgres import is_catalog_id
from reprise.adapters.postgres import Connection, Postgres
from reprise.domain.search import Match, closest_words

MOST = 2000
LONGEST_QUERY = 100
MOST_WORDS = 8
UNFINISHED_FROM = 3
"""A word of fewer letters begins too much to be taken for the beginning of others."""

SIMILAR_CEILING = 100_000
"""What is merely similar scores below; a cursor below it has left everything else behind."""

WORDS = """
WITH asked AS (
    SELECT left(catalog_fold(%(query)s), %(longest)s) COLLATE "C" AS folded
), each AS (
    SELECT word, number, number = count(*) OVER () AS last
    FROM asked, unnest(string_to_array(btrim(folded), ' ')) WITH ORDINALITY AS parts (word, number)
)
SELECT folded, each.word,
    CASE WHEN EXISTS (
        SELECT FROM search_word AS known WHERE known.word = each.word
    ) OR last AND EXISTS (
        SELECT FROM search_word AS known
        WHERE known.word > each.word AND known.word < each.word || U&'\\+10FFFF'
    ) OR length(each.word) < 3 THEN '{}'
    ELSE ARRAY(
        SELECT known.word FROM search_word AS known WHERE known.word %% each.word
        ORDER BY similarity(known.word, each.word) DESC, known.word LIMIT 20
    ) || ARRAY(
        SELECT known.word FROM (
            SELECT overlay(each.word PLACING reverse(substr(each.word, place, 2)) FROM place)
                COLLATE "C" FROM generate_series(1, length(each.word) - 1) AS place
        ) AS swapped (word), LATERAL (
            SELECT word FROM search_word
            WHERE word >= swapped.word
                AND word <= swapped.word || CASE WHEN last THEN U&'\\+10FFFF' ELSE '' END
            ORDER BY word LIMIT 5
        ) AS known
    ) END
FROM asked, each ORDER BY number LIMIT %(words)s
"""

MATCHES = """
WITH begun AS (
    SELECT id, search_name FROM title
    WHERE search_name >= %(name)s AND search_name < %(name)s || U&'\\+10FFFF'
    ORDER BY search_name, id LIMIT %(most)s
), worded AS MATERIALIZED (
    SELECT id, search_name, search_words FROM title
    WHERE search_words @@ %(meant)s::tsquery LIMIT %(most)s
), found AS (
    SELECT id, CASE WHEN search_name = %(name)s THEN 1000000
        ELSE 900000 + 90000 * length(%(name)s) / length(search_name) END AS score
    FROM begun
    UNION ALL
    SELECT id, CASE
        WHEN search_words @@ %(whole_name)s::tsquery THEN 800000 + share
        WHEN search_words @@ %(typed_name)s::tsquery THEN 700000 + share
        WHEN search_words @@ %(typed_names)s::tsquery THEN 600000 + share
        WHEN search_words @@ %(meant_name)s::tsquery THEN 400000 + share * %(closeness)s / 100
        WHEN search_words @@ %(meant_names)s::tsquery THEN 300000 + share * %(closeness)s / 100
        ELSE 200000 + (90000 * ts_rank(search_words, %(meant)s::tsquery, 32))::int END
    FROM worded, LATERAL (SELECT
        90000 * least(length(%(name)s), length(search_name)) / greatest(length(search_name), 1)
    ) AS typed (share)
), ranked AS (
    SELECT max(score) AS score, id FROM found GROUP BY id
)
SELECT score, id::text FROM ranked
WHERE %(score)s::int IS NULL OR score < %(score)s OR score = %(score)s AND id > %(id)s::uuid
ORDER BY score DESC, id LIMIT %(limit)s
"""

SIMILAR = """
WITH ranked AS (
    SELECT (99999 * similarity(search_name, %(name)s))::int AS score, id
    FROM title WHERE search_name %% %(name)s
)
SELECT score, id::text FROM ranked
WHERE %(score)s::int IS NULL OR score < %(score)s OR score = %(score)s AND id > %(id)s::uuid
ORDER BY score DESC, id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A folded query, and each of its words with what it may have meant."""

    name: str
    words: Sequence[tuple[str, Sequence[str]]]
    closeness: int

    def whole(self, weights: str) -> str:
        return " & ".join(_lexemes([word for word, _ in self.words], weights))

    def typed(self, weights: str) -> str:
        return " & ".join(self._lexeme(n, word, weights) for n, (word, _) in enumerate(self.words))

    def meant(self, weights: str) -> str:
        return " & ".join(
            "("
            + " | ".join((self._lexeme(number, word, weights), *_lexemes(closest, weights)))
            + ")"
            for number, (word, closest) in enumerate(self.words)
        )

    def _lexeme(self, number: int, word: str, weights: str) -> str:
        """Folded words hold no quotes and no backslashes."""
        unfinished = number == len(self.words) - 1 and len(word) >= UNFINISHED_FROM
        return f"'{word}':{'*' if unfinished else ''}{weights}"


class PostgresTitleSearch:
    """The port `TitleSearch`. Raises `UnavailableError` where the database fails."""

    def __init__(self, *, postgres: Postgres) -> None:
        self._postgres = postgres

    def matches(self, *, query: str, after: Match | None, limit: int) -> Sequence[Match]:
        if after is not None and not is_catalog_id(after.video_id):
            return []
        return self._postgres.run(lambda connection: _matches(connection, query, after, limit))


def _matches(
    connection: Connection, query: str, after: Match | None, limit: int
) -> Sequence[Match]:
    asked = _asked(connection, query)
    if asked is None:
        return []
    page = {
        "name": asked.name,
        "score": after.score if after else None,
        "id": after.video_id if after else None,
        "limit": limit,
    }
    found: Sequence[Match] = []
    if after is None or after.score >= SIMILAR_CEILING:
        found = _rows(connection, MATCHES, page | _words(asked))
    if not found and (after is None or after.score < SIMILAR_CEILING):
        found = _rows(connection, SIMILAR, page)
    return found


def _asked(connection: Connection, query: str) -> _Asked | None:
    told = {"query": query.replace("\0", " "), "longest": LONGEST_QUERY, "words": MOST_WORDS}
    rows = connection.execute(WORDS, told).fetchall()
    if not rows:
        return None
    words, errors = [], 0
    for number, (_, word, candidates) in enumerate(rows, start=1):
        closest = closest_words(word, set(candidates), unfinished=number == len(rows))
        errors += closest[0][1] if closest else 0
        words.append((word, [candidate for candidate, _ in closest]))
    name: str = rows[0][0]
    return _Asked(name=name, words=words, closeness=max(0, 100 - 100 * errors // len(name)))


def _words(asked: _Asked) -> dict[str, Any]:
    return {
        "meant": asked.meant(""),
        "meant_name": asked.meant("A"),
        "meant_names": asked.meant("AB"),
        "whole_name": asked.whole("A"),
        "typed_name": asked.typed("A"),
        "typed_names": asked.typed("AB"),
        "closeness": asked.closeness,
        "most": MOST,
    }


def _rows(connection: Connection, statement: str, told: dict[str, Any]) -> Sequence[Match]:
    return [Match(*row) for row in connection.execute(statement, told).fetchall()]


def _lexemes(words: Sequence[str], weights: str) -> Sequence[str]:
    return [f"'{word}':{weights}" for word in words]
