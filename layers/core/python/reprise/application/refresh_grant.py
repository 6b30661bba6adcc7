"""The next grant of a playback, for whoever may still play it."""

from dataclasses import dataclass, replace

from reprise.application.playback_ports import Playbacks, StreamLeases
from reprise.application.playbacks import Grants, playable, shown_name, take_screen
from reprise.application.ports import TitleReader
from reprise.domain.errors import NotFoundError
from reprise.domain.grants import SignedGrant
from reprise.domain.identity import Viewer
from reprise.domain.leases import Lease


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A grant; `leased` is False where nobody could say whether a screen is free."""

    grant: SignedGrant
    leased: bool


def refresh_grant(
    *,
    viewer: Viewer,
    playback_id: str,
    playbacks: Playbacks,
    catalog: TitleReader,
    leases: StreamLeases,
    grants: Grants,
    now: int,
) -> Refreshed:
    """Check session, policy, region and plan as they are now, and keep or take back the screen.

    A screen that was lost during a long pause is taken again where one is free. The grant is made
    out to the playback's own holder, whichever session of the profile asks: its URLs stay good.

    Raises:
        UnauthenticatedError, RateLimitedError: the session does not pass.
        NotFoundError: the profile has no such playback, or what it plays is gone.
        ForbiddenError: the policy refuses the title by now, or every screen is in use.
        UnavailableError: live state does not answer; half of the last grant is still to run.
    """
    entered, playback = playbacks.find(viewer=viewer, playback_id=playback_id)
    if playback is None:
        raise NotFoundError("there is no such playback")
    viewer = replace(viewer, policy=entered.policy)
    title, item = playable(
        viewer=viewer,
        video_id=playback.video_id,
        episode_id=playback.episode_id,
        catalog=catalog,
        now=now,
    )
    grant = grants.of(title=title, holder=playback.holder, now=now)
    lease = Lease(
        playback_id=playback_id,
        profile_id=viewer.profile_id,
        device=entered.device,
        title=shown_name(title, item),
        since=now,
    )
    return Refreshed(grant=grant, leased=take_screen(viewer=viewer, lease=lease, leases=leases))
