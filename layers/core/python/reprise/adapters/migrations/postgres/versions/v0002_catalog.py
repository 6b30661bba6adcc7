"""Titles and everything a viewer's request asks of them.

A title is a film or a series. What plays is a video: an edition of a film or of an episode, with
its own length and markers; places belong to the title or the episode, so a new edition keeps them.
A rating belongs to a system; its maturity level, 1 (all ages) to 5 (adults), is null until someone
maps it. Windows open a title per region; no window means closed.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

UP = """
CREATE TABLE rating_system (
    code    text PRIMARY KEY,
    country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    name    text NOT NULL
);

CREATE TABLE rating (
    system_code    text NOT NULL REFERENCES rating_system ON DELETE CASCADE,
    code           text NOT NULL,
    maturity_level smallint CHECK (maturity_level BETWEEN 1 AND 5),
    PRIMARY KEY (system_code, code)
);

CREATE TABLE title (
    id                uuid PRIMARY KEY,
    type              text NOT NULL CHECK (type IN ('film', 'series')),
    name              text NOT NULL,
    description       text NOT NULL DEFAULT '',
    release_year      smallint NOT NULL,
    original_language text NOT NULL,
    plans             text[] NOT NULL DEFAULT '{basic,standard,premium}'
                      CHECK (plans <@ '{basic,standard,premium}'),
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE episode (
    id          uuid PRIMARY KEY,
    title_id    uuid NOT NULL REFERENCES title ON DELETE CASCADE,
    season      smallint NOT NULL CHECK (season >= 0),
    episode     smallint NOT NULL CHECK (episode >= 1),
    name        text NOT NULL,
    description text NOT NULL DEFAULT '',
    aired_at    timestamptz NOT NULL,
    UNIQUE (title_id, season, episode) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE video (
    id               uuid PRIMARY KEY,
    title_id         uuid NOT NULL REFERENCES title ON DELETE CASCADE,
    episode_id       uuid REFERENCES episode ON DELETE CASCADE,
    edition          text NOT NULL DEFAULT 'main',
    duration_seconds double precision NOT NULL CHECK (duration_seconds > 0),
    intro_start      double precision CHECK (intro_start >= 0),
    intro_end        double precision CHECK (intro_end > intro_start),
    credits_start    double precision CHECK (credits_start > 0),
    CHECK (credits_start <= duration_seconds),
    UNIQUE NULLS NOT DISTINCT (title_id, episode_id, edition)
);
CREATE INDEX video_episode ON video (episode_id);

CREATE TABLE title_rating (
    title_id    uuid NOT NULL REFERENCES title ON DELETE CASCADE,
    system_code text NOT NULL,
    code        text NOT NULL,
    PRIMARY KEY (title_id, system_code),
    FOREIGN KEY (system_code, code) REFERENCES rating
);

CREATE TABLE genre (
    id   text PRIMARY KEY CHECK (id ~ '^[a-z0-9-]{1,40}$'),
    name text NOT NULL
);

CREATE TABLE title_genre (
    title_id uuid NOT NULL REFERENCES title ON DELETE CASCADE,
    genre_id text NOT NULL REFERENCES genre,
    position smallint NOT NULL,
    PRIMARY KEY (title_id, genre_id)
);
CREATE INDEX title_genre_genre ON title_genre (genre_id);

CREATE TABLE artwork (
    id       uuid PRIMARY KEY,
    title_id uuid NOT NULL REFERENCES title ON DELETE CASCADE,
    kind     text NOT NULL CHECK (kind IN ('poster', 'hero', 'still')),
    variant  text NOT NULL,
    url      text NOT NULL,
    position smallint NOT NULL,
    UNIQUE (title_id, kind, variant)
);

CREATE TABLE availability (
    title_id  uuid NOT NULL REFERENCES title ON DELETE CASCADE,
    region    text NOT NULL CHECK (region ~ '^[A-Z]{2}$'),
    starts_at timestamptz NOT NULL,
    ends_at   timestamptz CHECK (ends_at > starts_at),
    PRIMARY KEY (title_id, region, starts_at)
);
CREATE INDEX availability_region ON availability (region, ends_at);
"""

DOWN = """
DROP TABLE availability, artwork, title_genre, genre, title_rating, video, episode, title,
    rating, rating_system;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
