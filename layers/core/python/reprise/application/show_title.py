"""A title's own page, for a viewer who may see the title."""

from dataclasses import dataclass, replace

from reprise.application.catalog_ports import TitlePages
from reprise.application.places import title_or_raise
from reprise.application.ports import LivePlaces, TitleReader
from reprise.domain.catalog import Title
from reprise.domain.errors import NotFoundError
from reprise.domain.identity import Viewer
from reprise.domain.policy import Gate
from reprise.domain.title_page import TitlePage


@dataclass(frozen=True, slots=True)
class ShownTitle:
    """A page and what holds of its title in the viewer's region; `leaves_at` is Unix seconds."""

    page: TitlePage
    rating: str | None
    maturity_level: int | None
    leaves_at: int | None


def show_title(
    *,
    viewer: Viewer,
    video_id: str,
    catalog: TitleReader,
    pages: TitlePages,
    live: LivePlaces,
    now: int,
) -> ShownTitle:
    """Return the page of a title, rated as in the viewer's region.

    Raises:
        NotFoundError: the catalog does not know the title.
        ForbiddenError: the policy refuses it.
        UnauthenticatedError, RateLimitedError: the session does not pass.
        UnavailableError: a store does not answer, and no copy of the page is left.
    """
    viewer = replace(viewer, policy=live.gate(viewer=viewer))
    title = title_or_raise(catalog=catalog, video_id=video_id)
    Gate(facts=viewer.policy, now=now).check(title)
    page = pages.page(video_id=video_id)
    if page is None:
        raise NotFoundError("there is no such title")
    region = viewer.policy.region
    return ShownTitle(
        page=page,
        rating=_rating(title, region),
        maturity_level=title.level_in(region),
        leaves_at=title.leaves_at(region=region, now=now),
    )


def _rating(title: Title, region: str) -> str | None:
    """Ratings come strictest first, of each country and of all."""
    own = (rating.code for rating in title.ratings if rating.country == region)
    return next(own, title.rating)
