"""Sessions and PINs: empty until their owner fills it in."""

from alembic import op

revision = "0003"
down_revision = "0002"

UP = ""
DOWN = ""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
