"""What revoking, remembering and signing up need of sessions and accounts.

An address may have several accounts, told apart by their passwords (decision 0010), so it is not
unique any more. A device's last session says which profile it had selected. Attempts at PINs are
counted in Redis and need nothing here.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

UP = """
CREATE INDEX account_email ON account (email, created_at);
ALTER TABLE account DROP CONSTRAINT account_email_key;

ALTER TABLE session ADD COLUMN revoked_why text
    CHECK (revoked_why IN ('revoked', 'password', 'reuse'));
CREATE INDEX session_device ON session (account_id, device_id, last_seen_at DESC);
CREATE INDEX session_profile ON session (profile_id);
"""

DOWN = """
DROP INDEX session_profile, session_device;
ALTER TABLE session DROP COLUMN revoked_why;
ALTER TABLE account ADD CONSTRAINT account_email_key UNIQUE (email);
DROP INDEX account_email;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
