"""Whom the edge refuses, and until when there is anything to refuse."""

from reprise.domain.grants import holder_of
from reprise.domain.revocations import (
    GRACE_SECONDS,
    Revocation,
    RevokedSession,
    revocation_of,
    still_matter_since,
)

NOW = 1_795_000_000


def test_a_revoked_session_is_refused_by_its_holder_until_its_last_grant_has_ended() -> None:
    told = revocation_of(RevokedSession("s-1", NOW), grant_seconds=300)
    assert told == Revocation(holder_of("s-1"), revoked_at=NOW, until=NOW + 300 + GRACE_SECONDS)


def test_who_matters_still_is_who_may_have_a_grant_left() -> None:
    since = still_matter_since(now=NOW, grant_seconds=300)
    for revoked_at, matters in [(since, False), (since + 1, True)]:
        told = revocation_of(RevokedSession("s-1", revoked_at), grant_seconds=300)
        assert (told.until > NOW) == matters
