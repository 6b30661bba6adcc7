"""Press play: what may be played is described first, then a screen is taken and the grant made.

The two are apart because a player that has the description already must not hold a second screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reprise.application.playback_ports import (
    Entered,
    Playbacks,
    Publications,
    StreamLeases,
)
from reprise.application.playbacks import (
    Grants,
    playable,
    reservation_of,
    shown_name,
    take_screen,
)
from reprise.application.ports import DurablePlaces, TitleReader
from reprise.domain.catalog import Item, Title
from reprise.domain.errors import NotFoundError, UnavailableError
from reprise.domain.grants import SignedGrant, holder_of
from reprise.domain.identity import Viewer
from reprise.domain.leases import Lease
from reprise.domain.media import Media, Rendition
from reprise.domain.playback import Playback, Spot, resume_position


@dataclass(frozen=True, slots=True)
class Offer:
    """What a viewer may play of an item, and from where.

    `entered` is None where live state does not answer: `viewer` is then what the token proves.
    `resume_known` is False where the place could not be looked up, or only an older copy of it.
    `missing` names qualities of the plan that were published and are lost.
    """

    viewer: Viewer
    entered: Entered | None
    title: Title
    item: Item
    media: Media
    renditions: Sequence[Rendition]
    missing: Sequence[str]
    resume_position: float
    resume_known: bool
    next: Item | None

    @property
    def holder(self) -> str:
        """Whom a grant of it is made out to."""
        return holder_of(self.viewer.session_id)


@dataclass(frozen=True, slots=True)
class Started:
    """A playback; `leased` is False where nobody could say whether a screen is free."""

    playback_id: str
    grant: SignedGrant
    leased: bool


def offer_playback(
    *,
    viewer: Viewer,
    video_id: str,
    episode_id: str | None,
    playbacks: Playbacks,
    catalog: TitleReader,
    publications: Publications,
    durable: DurablePlaces,
    now: int,
) -> Offer:
    """Describe what the viewer may play; `now` is Unix seconds.

    While live state is away the token's own policy counts, which is at most minutes old.

    Raises:
        UnauthenticatedError, RateLimitedError: the session does not pass.
        NotFoundError: there is no such title or episode, or nothing of it is published.
        ForbiddenError: the policy refuses the title.
        UnavailableError: neither a copy nor the source of the catalog answers.
    """
    entered, spot = _enter(viewer, episode_id or video_id, playbacks)
    if entered is not None:
        viewer = replace(viewer, policy=entered.policy)
    title, item = playable(
        viewer=viewer, video_id=video_id, episode_id=episode_id, catalog=catalog, now=now
    )
    media = publications.media(item_id=item.id)
    renditions = media.allowed(viewer.policy.plan) if media else ()
    if media is None or not renditions:
        raise NotFoundError("nothing of it can be played yet")
    known = entered is not None
    if spot is None:
        spot, answered = _durable_spot(viewer, title, item, durable)
        known = known and answered
    return Offer(
        viewer=viewer,
        entered=entered,
        title=title,
        item=item,
        media=media,
        renditions=renditions,
        missing=media.missing(viewer.policy.plan),
        resume_position=resume_position(spot, item=item),
        resume_known=known,
        next=title.next_after(item.id, now=now),
    )


def start_playback(
    *,
    offer: Offer,
    playback_id: str,
    playbacks: Playbacks,
    leases: StreamLeases,
    grants: Grants,
    now: int,
) -> Started:
    """Take a screen for the new playback and make its grant.

    The grant comes first: no screen is held for an answer that can't be given.

    Raises:
        ScreensTakenError: every screen of the plan is in use.
        UnavailableError: the keys of grants can't be had.
    """
    grant = grants.of(title=offer.title, holder=offer.holder, now=now)
    leased = False
    if offer.entered is not None:
        viewer, entered = offer.viewer, offer.entered
        leased = _begun(viewer, offer, playback_id, playbacks) and take_screen(
            viewer=viewer,
            lease=Lease(
                playback_id=playback_id,
                profile_id=viewer.profile_id,
                device=entered.device,
                title=shown_name(offer.title, offer.item),
                since=now,
            ),
            leases=leases,
            instead_of=reservation_of(viewer, entered),
        )
    return Started(playback_id=playback_id, grant=grant, leased=leased)


def _enter(
    viewer: Viewer, item_id: str, playbacks: Playbacks
) -> tuple[Entered | None, Spot | None]:
    try:
        return playbacks.enter(viewer=viewer, item_id=item_id)
    except UnavailableError:
        return None, None


def _durable_spot(
    viewer: Viewer, title: Title, item: Item, durable: DurablePlaces
) -> tuple[Spot | None, bool]:
    """Return where the history says that the item stands, and whether it answered."""
    try:
        place = durable.place(profile_id=viewer.profile_id, video_id=title.id, item_id=item.id)
    except UnavailableError:
        return None, False
    return (None if place is None else Spot(place.position, place.completed)), True


def _begun(viewer: Viewer, offer: Offer, playback_id: str, playbacks: Playbacks) -> bool:
    playback = Playback(playback_id, offer.title.id, offer.item.id, offer.holder)
    try:
        playbacks.begin(viewer=viewer, playback=playback)
    except UnavailableError:
        return False
    return True
