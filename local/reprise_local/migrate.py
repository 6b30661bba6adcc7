"""Brings both databases to the newest schema, with the runners that a deployment uses."""

from reprise_local.stack import KEYSPACE, Stack


def migrate_postgres(stack: Stack) -> str:
    from reprise.adapters import migrate_postgres as runner  # noqa: PLC0415 - alembic is heavy

    return f"revision {runner.migrate_postgres(dsn=stack.postgres.url)}"


def migrate_cassandra(stack: Stack) -> str:
    from reprise.adapters import migrate_cassandra as runner  # noqa: PLC0415
    from reprise.adapters.cassandra_session import CassandraAddress  # noqa: PLC0415

    address = CassandraAddress(
        hosts=("127.0.0.1",),
        port=stack.ports.cassandra,
        keyspace=KEYSPACE,
        local_dc="datacenter1",
        timeout_ms=30_000,
    )
    applied = runner.migrate(address, replication_factor=1)
    return f"applied {', '.join(applied)}" if applied else "up to date"
