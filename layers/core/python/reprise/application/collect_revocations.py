"""Find whose grants the edge has to refuse, and send that on its way."""

from reprise.application.revocation_ports import RevocationQueue, RevokedSessions
from reprise.domain.revocations import revocation_of, still_matter_since


def collect_revocations(
    *, sessions: RevokedSessions, queue: RevocationQueue, grant_seconds: int, now: int
) -> int:
    """Tell every revocation that still matters, each time anew; return how many there are.

    So nothing is lost for longer than until the next time, whatever was lost. `now` is Unix
    seconds.

    Raises:
        UnavailableError: sessions or the queue do not answer; the next time repeats it.
    """
    since = still_matter_since(now=now, grant_seconds=grant_seconds)
    revocations = [
        revocation_of(session, grant_seconds=grant_seconds)
        for session in sessions.after(instant=since)
    ]
    if revocations:
        queue.send(revocations=revocations)
    return len(revocations)
