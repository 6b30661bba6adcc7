"""One PostgreSQL connection per execution environment, opened on first use, never waited on.

A paused server keeps its sockets open, and RDS Proxy takes no `statement_timeout` at connection, so
the budget of a statement is kept on this side: a connection that overruns it is thrown away.
Statements are never prepared, because a prepared statement pins the proxy's connection.
"""

from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.abc import PQGen
from psycopg.rows import TupleRow

from reprise.domain.errors import UnavailableError

CONNECT_SECONDS = 2
STATEMENT_SECONDS = 3.0
type Connection = psycopg.Connection[TupleRow]


class _BoundedConnection(psycopg.Connection[TupleRow]):
    budget = STATEMENT_SECONDS

    def wait[T](self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        return super().wait(gen, interval=interval, timeout=timeout or self.budget)


class Postgres:
    """Runs transactions on the one connection.

    `dsn` is called at each connect, so that a rotated secret is picked up without a restart.
    """

    def __init__(
        self, *, dsn: Callable[[], str], statement_seconds: float = STATEMENT_SECONDS
    ) -> None:
        self._dsn = dsn
        self._statement_seconds = statement_seconds
        self._connection: Connection | None = None

    def run[T](self, work: Callable[[Connection], T]) -> T:
        """Return what `work` returns, in one transaction.

        A connection that died while nobody used it is replaced once and `work` runs again, so
        `work` must be harmless to repeat.

        Raises:
            UnavailableError: the server is down, too slow, or refuses.
        """
        idle = self._connection is not None
        try:
            try:
                return self._attempt(work)
            except psycopg.OperationalError as error:
                if not (idle and self._died_idle(error)):
                    raise
                return self._attempt(work)
        except psycopg.Error as error:
            raise UnavailableError("the account and catalog store does not answer") from error

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _attempt[T](self, work: Callable[[Connection], T]) -> T:
        if self._connection is None or self._connection.closed:
            self._connection = _connect(self._dsn(), self._statement_seconds)
        try:
            with self._connection.transaction():
                return work(self._connection)
        except psycopg.Error:
            self.close()
            raise

    @staticmethod
    def _died_idle(error: psycopg.OperationalError) -> bool:
        """A server that is alive but too slow gets no second helping of the budget."""
        return not isinstance(error, psycopg.errors._WaitTimeout)  # noqa: SLF001


def _connect(dsn: str, statement_seconds: float) -> Connection:
    options: dict[str, Any] = {
        "connect_timeout": CONNECT_SECONDS,
        "keepalives_idle": 30,
        "application_name": "reprise",
    }
    connection = _BoundedConnection.connect(dsn, autocommit=True, prepare_threshold=None, **options)
    connection.budget = statement_seconds
    return connection
