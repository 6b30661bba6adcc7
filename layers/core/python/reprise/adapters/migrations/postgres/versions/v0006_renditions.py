"""What is published of a video: its renditions, subtitles and storyboard.

Paths are keys of the media bucket. `position` orders renditions, best first.
"""

from alembic import op

revision = "0006"
down_revision = "0005"

UP = """
CREATE TABLE publication (
    video_id         uuid PRIMARY KEY REFERENCES video ON DELETE CASCADE,
    path             text NOT NULL CHECK (path <> ''),
    duration_seconds double precision NOT NULL CHECK (duration_seconds > 0),
    published_at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE rendition (
    video_id        uuid NOT NULL REFERENCES publication ON DELETE CASCADE,
    quality         text NOT NULL,
    position        smallint NOT NULL,
    bitrate         integer NOT NULL CHECK (bitrate > 0),
    average_bitrate integer NOT NULL CHECK (average_bitrate BETWEEN 1 AND bitrate),
    width           integer NOT NULL CHECK (width > 0),
    height          integer NOT NULL CHECK (height > 0),
    codecs          text NOT NULL,
    frame_rate      double precision NOT NULL CHECK (frame_rate > 0),
    path            text NOT NULL,
    PRIMARY KEY (video_id, quality),
    UNIQUE (video_id, position)
);

CREATE TABLE subtitles (
    video_id uuid NOT NULL REFERENCES publication ON DELETE CASCADE,
    language text NOT NULL,
    position smallint NOT NULL,
    name     text NOT NULL,
    path     text NOT NULL,
    PRIMARY KEY (video_id, language),
    UNIQUE (video_id, position)
);

CREATE TABLE storyboard (
    video_id         uuid PRIMARY KEY REFERENCES publication ON DELETE CASCADE,
    path             text NOT NULL,
    width            smallint NOT NULL CHECK (width > 0),
    height           smallint NOT NULL CHECK (height > 0),
    interval_seconds double precision NOT NULL CHECK (interval_seconds > 0)
);
"""

DOWN = "DROP TABLE storyboard, subtitles, rendition, publication;"


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
