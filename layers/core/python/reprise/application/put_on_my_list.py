"""Put a title on my list, or drag it to another position."""

from collections.abc import Collection

from reprise.application.listed_titles import ListedTitle, listed_titles
from reprise.application.my_list_ports import MyLists
from reprise.application.places import allowed_title
from reprise.application.ports import LivePlaces, TitleReader
from reprise.application.region_ports import RegionContent
from reprise.domain.errors import NotFoundError
from reprise.domain.identity import Viewer
from reprise.domain.my_list import orders_to_write
from reprise.domain.policy import Gate


def put_on_my_list(
    *,
    viewer: Viewer,
    video_id: str,
    position: int | None,
    catalog: TitleReader,
    live: LivePlaces,
    lists: MyLists,
    regions: RegionContent,
    now: int,
) -> ListedTitle:
    """Return the title where it now is: at `position` among those that the viewer is shown.

    Without a position a new title goes to the front, and one in the list stays. Doing it again
    changes nothing. `now` is Unix seconds.

    Raises:
        NotFoundError: the catalog does not know the title.
        ForbiddenError: the policy refuses it.
        ConflictError: the list is full.
        UnauthenticatedError, RateLimitedError: the session does not pass.
        UnavailableError: a store does not answer; nothing is written.
    """
    viewer, title = allowed_title(
        viewer=viewer, video_id=video_id, catalog=catalog, live=live, now=now
    )
    gate = Gate(facts=viewer.policy, now=now)
    hidden: Collection[str] = ()
    if position is not None:
        before = lists.read(profile_id=viewer.profile_id).entries
        shown = listed_titles(before, gate=gate, catalog=catalog, regions=regions)
        hidden = {entry.video_id for entry in before} - {each.title.id for each in shown}
    entries = lists.put(
        profile_id=viewer.profile_id,
        video_id=video_id,
        rule=lambda entries: orders_to_write(entries, video_id, position=position, hidden=hidden),
    )
    listed = listed_titles(entries, gate=gate, catalog=catalog, regions=regions)
    found = next((each for each in listed if each.title.id == title.id), None)
    if found is None:
        raise NotFoundError("there is no such title")
    return found
