"""What starting a playback and going on with it share: what may be played, grants, screens."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reprise.application.places import item_or_raise, title_or_raise
from reprise.application.playback_ports import Entered, GrantSigner, StreamLeases
from reprise.application.ports import TitleReader
from reprise.domain.catalog import Item, Title
from reprise.domain.errors import NotFoundError, UnavailableError
from reprise.domain.grants import SignedGrant, grant_of_title
from reprise.domain.identity import Viewer
from reprise.domain.leases import Lease, ScreensTakenError, screens_of
from reprise.domain.policy import UNLIMITED_MATURITY, Gate


@dataclass(frozen=True, slots=True)
class Grants:
    """How grants are made: for files under `media_url`, good for so many seconds."""

    signer: GrantSigner
    media_url: str
    seconds: int

    def of(self, *, title: Title, holder: str, now: int) -> SignedGrant:
        """Return a holder's grant of all files of a title from `now` on (Unix seconds)."""
        return self.signer.sign(
            grant=grant_of_title(
                media_url=self.media_url,
                holder=holder,
                title_id=title.id,
                now=now,
                seconds=self.seconds,
            )
        )


def playable(
    *, viewer: Viewer, video_id: str, episode_id: str | None, catalog: TitleReader, now: int
) -> tuple[Title, Item]:
    """Return what the viewer's policy lets play.

    Raises:
        NotFoundError: the catalog does not know it, or has only announced it.
        ForbiddenError: the policy refuses the title.
        UnavailableError: the catalog does not answer.
    """
    title = title_or_raise(catalog=catalog, video_id=video_id)
    Gate(facts=viewer.policy, now=now).check(title)
    item = item_or_raise(title=title, episode_id=episode_id)
    if item.aired_at > now:
        raise NotFoundError("the episode is still to come")
    return title, item


def reservation_of(viewer: Viewer, entered: Entered) -> str:
    """Return the id under which a session holds a screen that its next playback takes.

    It is its last playback, also where that was refused, so that a player which starts again takes
    its own screen and not a second one.
    """
    return entered.current or viewer.session_id


def take_screen(
    *,
    viewer: Viewer,
    lease: Lease,
    leases: StreamLeases,
    instead_of: str | None = None,
) -> bool:
    """Take a screen of the account's plan; False where nobody answers, which stops no viewer.

    Raises:
        ScreensTakenError: all are in use, by others.
    """
    try:
        taken = leases.take(
            account_id=viewer.account_id,
            lease=lease,
            limit=screens_of(viewer.policy.plan),
            instead_of=instead_of,
        )
    except UnavailableError:
        return False
    if not taken.ok:
        raise all_taken(viewer, taken.holders)
    return True


def all_taken(viewer: Viewer, holders: Sequence[Lease]) -> ScreensTakenError:
    """Return the refusal that names who plays; what they play is for profiles without a limit."""
    policy = viewer.policy
    if policy.kids or policy.maturity_level < UNLIMITED_MATURITY:
        holders = [replace(lease, title="") for lease in holders]
    return ScreensTakenError(holders)


def shown_name(title: Title, item: Item) -> str:
    """Return what is told of a playback to the others of the account."""
    return f"{title.title}: {item.title}" if title.is_series else title.title
