"""Accounts, profiles, sessions and refresh tokens.

E-mail addresses are stored as the log-in rule normalises them, so a plain unique index is enough
and no extension is needed. Of a refresh token only the SHA-256 is kept; all tokens of one log-in
are a family, which falls as a whole when an old one is used again.
"""

from alembic import op

revision = "0001"
down_revision = None

UP = """
CREATE TABLE account (
    id            uuid PRIMARY KEY,
    email         text NOT NULL UNIQUE,
    password_hash text NOT NULL,
    plan          text NOT NULL CHECK (plan IN ('basic', 'standard', 'premium')),
    region        text NOT NULL CHECK (region ~ '^[A-Z]{2}$'),
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE profile (
    id             uuid PRIMARY KEY,
    account_id     uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    position       smallint NOT NULL CHECK (position >= 0),
    name           text NOT NULL,
    kids           boolean NOT NULL DEFAULT false,
    maturity_level smallint NOT NULL CHECK (maturity_level BETWEEN 1 AND 5),
    pin_hash       text,
    language       text NOT NULL,
    avatar         text NOT NULL,
    version        integer NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    UNIQUE (account_id, position) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE session (
    id           uuid PRIMARY KEY,
    account_id   uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    profile_id   uuid REFERENCES profile ON DELETE SET NULL,
    device_id    text NOT NULL,
    device_type  text NOT NULL,
    device_name  text NOT NULL,
    country      text,
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz
);
CREATE INDEX session_account ON session (account_id, created_at DESC);

CREATE TABLE refresh_token (
    token_hash text PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES session ON DELETE CASCADE,
    family_id  uuid NOT NULL,
    issued_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX refresh_token_session ON refresh_token (session_id);
CREATE INDEX refresh_token_family ON refresh_token (family_id);
"""

DOWN = "DROP TABLE refresh_token, session, profile, account;"


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
