"""Who may tell how well a playback went, and of which title it was."""

from dataclasses import dataclass

from reprise.application.playback_ports import Playbacks
from reprise.domain.errors import UnavailableError
from reprise.domain.identity import Viewer
from reprise.domain.playback import Playback


@dataclass(frozen=True, slots=True)
class Heard:
    """`proved` is False where nobody could say whether the session is live.

    `playback` is what the profile's playback of that id plays, None where it has none: what a
    player says that it plays is only its word.
    """

    proved: bool
    playback: Playback | None


def report_quality(*, viewer: Viewer, playback_id: str, playbacks: Playbacks) -> Heard:
    """Prove who tells it, and join it to the playback.

    What players tell while something is down is what operators need most, and it changes nothing:
    there the proved token alone is good enough.

    Raises:
        UnauthenticatedError, RateLimitedError: the session does not pass.
    """
    try:
        _, playback = playbacks.find(viewer=viewer, playback_id=playback_id)
    except UnavailableError:
        return Heard(proved=False, playback=None)
    return Heard(proved=True, playback=playback)
