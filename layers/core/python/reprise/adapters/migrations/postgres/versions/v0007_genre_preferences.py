"""What a profile watches to the end, by genre.

`completion` has a row for each viewing that completed: whoever tells of it again finds it and adds
nothing. `seconds` is the length of what was completed. Both go with their profile; what left the
catalog stays counted.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

UP = """
CREATE TABLE completion (
    profile_id         uuid NOT NULL REFERENCES profile ON DELETE CASCADE,
    item_id            uuid NOT NULL,
    viewing_started_at timestamptz NOT NULL,
    noted_at           timestamptz NOT NULL,
    PRIMARY KEY (profile_id, item_id, viewing_started_at)
);

CREATE TABLE genre_preference (
    profile_id  uuid NOT NULL REFERENCES profile ON DELETE CASCADE,
    genre_id    text NOT NULL REFERENCES genre ON DELETE CASCADE,
    completions bigint NOT NULL CHECK (completions > 0),
    seconds     double precision NOT NULL CHECK (seconds > 0),
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (profile_id, genre_id)
);
CREATE INDEX genre_preference_genre ON genre_preference (genre_id);
"""

DOWN = """
DROP TABLE genre_preference;
DROP TABLE completion;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
