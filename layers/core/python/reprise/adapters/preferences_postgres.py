"""`Preferences` in PostgreSQL: a completion and what it counts for, in one statement."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from reprise.adapters.postgres import Postgres
from reprise.domain.preferences import Completions, GenrePreference

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

NOTE = """
WITH noted AS (
    INSERT INTO completion (profile_id, item_id, viewing_started_at, noted_at)
    SELECT profile.id, %(item)s, started, clock_timestamp()
    FROM profile, unnest(%(viewings)s::timestamptz[]) AS started
    WHERE profile.id = %(profile)s
    ON CONFLICT DO NOTHING
    RETURNING viewing_started_at
), news AS (
    SELECT count(*) AS viewings FROM noted
), counted AS (
    INSERT INTO genre_preference AS known (profile_id, genre_id, completions, seconds, updated_at)
    SELECT %(profile)s, genre_id, viewings, viewings * %(duration)s, clock_timestamp()
    FROM title_genre, news WHERE title_id = %(title)s AND viewings > 0
    ORDER BY genre_id
    ON CONFLICT (profile_id, genre_id) DO UPDATE SET
        completions = known.completions + excluded.completions,
        seconds = known.seconds + excluded.seconds,
        updated_at = excluded.updated_at
)
SELECT viewings FROM news
"""
OF = """
SELECT genre_id, completions, seconds FROM genre_preference WHERE profile_id = %(profile)s
ORDER BY completions DESC, seconds DESC, genre_id
"""


class PostgresPreferences:
    """The port `Preferences`. Every method raises `UnavailableError` where the database fails."""

    def __init__(self, *, postgres: Postgres) -> None:
        self._postgres = postgres

    def note(self, *, completions: Completions) -> int:
        parameters = {
            "profile": UUID(completions.profile_id),
            "title": UUID(completions.video_id),
            "item": UUID(completions.item_id),
            "duration": completions.duration,
            "viewings": [_EPOCH + timedelta(microseconds=at) for at in completions.viewings],
        }
        row = self._postgres.run(lambda connection: connection.execute(NOTE, parameters).fetchone())
        return int(row[0]) if row else 0

    def of(self, *, profile_id: str) -> Sequence[GenrePreference]:
        def read(connection: Any) -> Sequence[GenrePreference]:
            rows = connection.execute(OF, {"profile": UUID(profile_id)}).fetchall()
            return [GenrePreference(*row) for row in rows]

        return self._postgres.run(read)
