"""`TitlePages` in memory."""

from reprise.domain.catalog import Title
from reprise.domain.errors import UnavailableError
from reprise.domain.title_page import Artwork, Edition, Markers, PageEpisode, TitlePage


class FakeTitlePages:
    """Holds pages, which tests change; `asked` counts questions, `down` makes it fail."""

    def __init__(self, *pages: TitlePage) -> None:
        self.stored = {page.id: page for page in pages}
        self.asked = 0
        self.down = False

    def page(self, *, video_id: str) -> TitlePage | None:
        self.asked += 1
        if self.down:
            raise UnavailableError("the account and catalog store does not answer")
        return self.stored.get(video_id)


def page_of(title: Title) -> TitlePage:
    """Return the page of a title, with everything that a page adds."""
    cuts = {
        item.id: (
            Edition(
                "main",
                item.duration,
                Markers(item.intro_start, item.intro_end, item.credits_start),
            ),
        )
        for item in title.items
    }
    return TitlePage(
        id=title.id,
        type=title.type,
        title=title.title,
        original_title="Der stille Hafen",
        description="A harbour, and nobody makes a sound.",
        genres=("Drama", "Mystery"),
        release_year=2024,
        language="de",
        artwork=(Artwork("poster", "quiet", title.artwork_url),),
        editions=() if title.is_series else cuts[title.id],
        episodes=tuple(
            PageEpisode(i.id, i.season, i.episode, i.title, "", i.aired_at, cuts[i.id])
            for i in title.items
            if title.is_series
        ),
    )
