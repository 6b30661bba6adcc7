"""Take a title out of my list."""

from reprise.application.my_list_ports import MyLists
from reprise.application.ports import LivePlaces
from reprise.domain.identity import Viewer


def remove_from_my_list(*, viewer: Viewer, video_id: str, live: LivePlaces, lists: MyLists) -> None:
    """Take it out where it is in the list; the answer is the same where it is not.

    The title is not looked at: one that the viewer may not see any more can be taken out too, and
    nobody learns from it which titles there are.

    Raises:
        UnauthenticatedError, RateLimitedError: the session does not pass.
        UnavailableError: a store does not answer.
    """
    live.gate(viewer=viewer)
    lists.remove(profile_id=viewer.profile_id, video_id=video_id)
