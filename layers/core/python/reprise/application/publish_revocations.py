"""Bring what the edge refuses up to date: who was revoked is added, what has ended is forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass

from reprise.application.revocation_ports import RevokedHolders
from reprise.domain.revocations import Revocation


@dataclass(frozen=True, slots=True)
class Published:
    """What changed at the edge; `lag` is how many seconds ago the oldest news were revoked."""

    revoked: int
    forgotten: int
    lag: int


def publish_revocations(
    *, revocations: Sequence[Revocation], holders: RevokedHolders, now: int
) -> Published:
    """Add what the edge lacks and drop what nobody can need any more; `now` is Unix seconds.

    What the edge knows already, and what has ended on the way, changes nothing: revocations may be
    told late, twice and in any order.

    Raises:
        UnavailableError: the edge's store does not answer; tell them again.
    """
    known = holders.all()
    news = [
        revocation
        for revocation in revocations
        if revocation.until > max(now, known.get(revocation.holder, 0))
    ]
    put = {revocation.holder: revocation.until for revocation in news}
    ended = [holder for holder, until in known.items() if until <= now and holder not in put]
    if put or ended:
        holders.change(put=put, forget=ended)
    lag = max((now - revocation.revoked_at for revocation in news), default=0)
    return Published(revoked=len(put), forgotten=len(ended), lag=max(lag, 0))
