"""My list: what a profile put aside, in its own order, and tombstones of what it took out.

`position` is an order key with gaps, not the position that clients see: moving a title writes its
row alone. A removed title keeps its row for a while, so that a device which was away can be told.
"""

from alembic import op

revision = "0005"
down_revision = "0004"

UP = """
CREATE TABLE my_list (
    profile_id uuid NOT NULL REFERENCES profile ON DELETE CASCADE,
    title_id   uuid NOT NULL REFERENCES title ON DELETE CASCADE,
    position   bigint NOT NULL,
    added_at   timestamptz NOT NULL,
    removed_at timestamptz,
    PRIMARY KEY (profile_id, title_id)
);
CREATE INDEX my_list_title ON my_list (title_id);
"""

DOWN = "DROP TABLE my_list;"


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
