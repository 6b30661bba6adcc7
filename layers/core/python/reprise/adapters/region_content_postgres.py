"""What is on offer in a country, by the windows in PostgreSQL."""

from collections.abc import Set
from datetime import UTC, datetime

from reprise.adapters.postgres import Postgres

AVAILABLE = """
SELECT DISTINCT title_id::text FROM availability
WHERE region = %s AND starts_at <= %s AND (ends_at IS NULL OR ends_at > %s)
"""


class PostgresRegionSource:
    """The port `RegionSource`."""

    def __init__(self, *, postgres: Postgres) -> None:
        self._postgres = postgres

    def available_between(self, *, region: str, begin: int, end: int) -> Set[str]:
        bounds = [region, datetime.fromtimestamp(end, UTC), datetime.fromtimestamp(begin, UTC)]
        rows = self._postgres.run(
            lambda connection: connection.execute(AVAILABLE, bounds).fetchall()
        )
        return {row[0] for row in rows}
