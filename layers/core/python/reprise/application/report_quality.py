"""Who may tell how well a playback went."""

from reprise.application.ports import LivePlaces
from reprise.domain.errors import UnavailableError
from reprise.domain.identity import Viewer


def report_quality(*, viewer: Viewer, live: LivePlaces) -> bool:
    """Return whether the session is known to be live; False where live state does not answer.

    What players tell while something is down is what operators need most, and it changes nothing:
    there the proved token alone is good enough.

    Raises:
        UnauthenticatedError, RateLimitedError: the session does not pass.
    """
    try:
        live.gate(viewer=viewer)
    except UnavailableError:
        return False
    return True
