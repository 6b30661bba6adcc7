"""Brings both databases to the newest schema, with the runners that a deployment uses."""

from reprise_local.errors import LocalError
from reprise_local.stack import KEYSPACE, Stack


def migrate_postgres(stack: Stack) -> str:
    """Raises:
    LocalError: the schema there is not one that these migrations made.
    """
    from alembic.util import CommandError  # noqa: PLC0415 - heavy, and few commands migrate

    from reprise.adapters import migrate_postgres as runner  # noqa: PLC0415

    try:
        return f"revision {runner.migrate_postgres(dsn=stack.postgres.url)}"
    except CommandError as error:
        raise _other_history("PostgreSQL", error, stack) from error


def migrate_cassandra(stack: Stack) -> str:
    """Raises:
    LocalError: the schema there is not one that these migrations made.
    """
    from reprise.adapters import migrate_cassandra as runner  # noqa: PLC0415
    from reprise.adapters.cassandra_session import CassandraAddress  # noqa: PLC0415

    address = CassandraAddress(
        hosts=("127.0.0.1",),
        port=stack.ports.cassandra,
        keyspace=KEYSPACE,
        local_dc="datacenter1",
        timeout_ms=30_000,
    )
    try:
        applied = runner.migrate(address, replication_factor=1)
    except runner.MigrationError as error:
        raise _other_history("Cassandra", error, stack) from error
    return f"applied {', '.join(applied)}" if applied else "up to date"


def _other_history(store: str, error: Exception, stack: Stack) -> LocalError:
    mend = {"dev": "make reset run", "test": "local/bootstrap reset --stack test"}[stack.name]
    return LocalError(f"{store}'s data is of other migrations: {error}", mend=mend)
