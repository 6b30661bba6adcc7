"""A screen of the account changes hands; whose it was keeps its place."""

from dataclasses import replace

from reprise.application.playback_ports import Playbacks, StreamLeases
from reprise.application.playbacks import all_taken, reservation_of
from reprise.domain.errors import NotFoundError
from reprise.domain.identity import Viewer
from reprise.domain.leases import Lease, screens_of


def take_over_screen(
    *,
    viewer: Viewer,
    playback_id: str,
    playbacks: Playbacks,
    leases: StreamLeases,
    now: int,
) -> None:
    """Free the screen of a playback and keep it for the next one of this session.

    Nobody else can have it meanwhile, for as long as a screen is held without a report. The other
    playback is refused at its next grant; its place is its profile's and stays where it is.

    Raises:
        UnauthenticatedError, RateLimitedError: the session does not pass.
        NotFoundError: the playback holds none of the account's screens.
        ScreensTakenError: more are in use than the plan has, as after a change of the plan.
        UnavailableError: live state does not answer.
    """
    entered, _ = playbacks.find(viewer=viewer, playback_id=playback_id)
    viewer = replace(viewer, policy=entered.policy)
    holders = leases.holders(account_id=viewer.account_id)
    if playback_id not in {lease.playback_id for lease in holders}:
        raise NotFoundError("nobody plays there any more")
    lease = Lease(
        playback_id=reservation_of(viewer, entered),
        profile_id=viewer.profile_id,
        device=entered.device,
        title="",
        since=now,
    )
    taken = leases.take(
        account_id=viewer.account_id,
        lease=lease,
        limit=screens_of(viewer.policy.plan),
        instead_of=playback_id,
    )
    if not taken.ok:
        raise all_taken(viewer, taken.holders)
