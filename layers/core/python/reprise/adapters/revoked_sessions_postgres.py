"""`RevokedSessions` in PostgreSQL, by the index of those that are revoked."""

from collections.abc import Sequence

from reprise.adapters.postgres import Postgres
from reprise.domain.revocations import RevokedSession

AFTER = """
SELECT id::text, extract(epoch FROM revoked_at)::bigint FROM session
WHERE revoked_at > to_timestamp(%s) ORDER BY revoked_at DESC, id
"""


class PostgresRevokedSessions:
    """The port. Raises `UnavailableError` where the database fails."""

    def __init__(self, *, postgres: Postgres) -> None:
        self._postgres = postgres

    def after(self, *, instant: int) -> Sequence[RevokedSession]:
        rows = self._postgres.run(
            lambda connection: connection.execute(AFTER, [instant]).fetchall()
        )
        return [RevokedSession(*row) for row in rows]
