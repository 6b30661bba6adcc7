"""The one connection to PostgreSQL: opened late, replaced when it died, never waited on."""

import socket
import time
from collections.abc import Iterator

import psycopg
import pytest

from reprise.adapters.postgres import Connection, Postgres
from reprise.domain.errors import UnavailableError
from tests.harness.closed_port import closed_postgres_dsn

pytestmark = pytest.mark.real


@pytest.fixture
def postgres(postgres_dsn: str) -> Iterator[Postgres]:
    postgres = Postgres(dsn=lambda: postgres_dsn, statement_seconds=0.5)
    yield postgres
    postgres.close()


def backend(connection: Connection) -> int:
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    assert row is not None
    pid: int = row[0]
    return pid


def end_backend(dsn: str, pid: int) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_nothing_connects_before_the_first_use() -> None:
    asked: list[str] = []

    def dsn() -> str:
        asked.append("dsn")
        return closed_postgres_dsn()

    postgres = Postgres(dsn=dsn)
    postgres.close()
    assert not asked
    with pytest.raises(UnavailableError):
        postgres.run(backend)
    assert asked == ["dsn"]


def test_the_same_connection_serves_every_use(postgres: Postgres) -> None:
    assert postgres.run(backend) == postgres.run(backend)


def test_a_connection_that_died_while_idle_is_replaced(
    postgres: Postgres, postgres_dsn: str
) -> None:
    first = postgres.run(backend)
    end_backend(postgres_dsn, first)
    assert postgres.run(backend) != first


def test_work_that_fails_leaves_nothing_and_the_next_goes_on(postgres: Postgres) -> None:
    def fail(connection: Connection) -> None:
        connection.execute("CREATE TABLE half_done ()")
        connection.execute("SELECT no_such_column")

    with pytest.raises(UnavailableError) as failed:
        postgres.run(fail)
    assert isinstance(failed.value.__cause__, psycopg.errors.UndefinedColumn)
    found = postgres.run(lambda c: c.execute("SELECT to_regclass('half_done')").fetchone())
    assert found == (None,)


def test_a_slow_statement_is_given_up_and_not_repeated(postgres: Postgres) -> None:
    tries: list[float] = []

    def sleep(connection: Connection) -> None:
        tries.append(time.monotonic())
        connection.execute("SELECT pg_sleep(30)")

    postgres.run(backend)
    with pytest.raises(UnavailableError):
        postgres.run(sleep)
    assert len(tries) == 1
    assert time.monotonic() - tries[0] < 5
    assert postgres.run(backend)


def test_a_server_that_takes_connections_and_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        postgres = Postgres(dsn=lambda: f"postgresql://nobody@127.0.0.1:{port}/nothing")
        started = time.monotonic()
        with pytest.raises(UnavailableError):
            postgres.run(backend)
        assert time.monotonic() - started < 10


def test_no_statement_is_ever_prepared(postgres: Postgres) -> None:
    for _ in range(10):
        postgres.run(lambda connection: connection.execute("SELECT 1"))
    rows = postgres.run(
        lambda c: c.execute("SELECT statement FROM pg_prepared_statements").fetchall()
    )
    assert rows == []
