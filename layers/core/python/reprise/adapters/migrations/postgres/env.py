"""What Alembic runs: every missing revision in one transaction, on a connection it is handed.

The connection comes from `migrate_postgres`, so that nothing here knows an address or a secret.
"""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
