"""What the edge has to know of a session that was revoked, and for how long.

A grant is good until it ends, whatever became of its session, so the edge is told whose grants to
refuse. Once the last of them has ended there is nothing left to refuse.
"""

from dataclasses import dataclass

from reprise.domain.grants import holder_of

GRACE_SECONDS = 900 + 120
"""While live state is away an access token plays for as long as it is good, whatever became of its
session; the rest is for a grant that was on its way, and for clocks that differ."""


@dataclass(frozen=True, slots=True)
class RevokedSession:
    """`revoked_at` is Unix seconds."""

    id: str
    revoked_at: int


@dataclass(frozen=True, slots=True)
class Revocation:
    """A holder whose grants are refused until `until`; instants are Unix seconds."""

    holder: str
    revoked_at: int
    until: int


def revocation_of(session: RevokedSession, *, grant_seconds: int) -> Revocation:
    """Return what the edge is told of a session whose grants last so long."""
    return Revocation(
        holder=holder_of(session.id),
        revoked_at=session.revoked_at,
        until=session.revoked_at + grant_seconds + GRACE_SECONDS,
    )


def still_matter_since(*, now: int, grant_seconds: int) -> int:
    """Return the instant after which a session has to be revoked to have grants left."""
    return now - grant_seconds - GRACE_SECONDS
