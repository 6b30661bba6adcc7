"""The sessions that were revoked lately, found without a look at the others.

The edge is told of them every minute; of all sessions few are revoked, and of those the last hour's
matter.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

UP = "CREATE INDEX session_revoked ON session (revoked_at) WHERE revoked_at IS NOT NULL"
DOWN = "DROP INDEX session_revoked"


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
