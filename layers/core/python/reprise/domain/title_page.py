"""A title as its own page shows it: everything that listing and playing it do not need.

It holds no policy: who may see it, until when and by which rating is the `Title`'s business.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

MAIN_EDITION = "main"


@dataclass(frozen=True, slots=True)
class Markers:
    """Media seconds; None where nobody marked them."""

    intro_start: float | None = None
    intro_end: float | None = None
    credits_start: float | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """One cut of a film or an episode. The one named `main` is what plays."""

    name: str
    duration: float
    markers: Markers = Markers()


@dataclass(frozen=True, slots=True)
class PageEpisode:
    """An episode; one that is only announced has no edition yet. `aired_at` is Unix seconds."""

    id: str
    season: int
    episode: int
    title: str
    description: str
    aired_at: int
    editions: tuple[Edition, ...]

    @property
    def main(self) -> Edition | None:
        return main_edition(self.editions)


@dataclass(frozen=True, slots=True)
class Artwork:
    """A picture: `kind` is poster, hero or still, `variant` what an experiment chooses among."""

    kind: str
    variant: str
    url: str


@dataclass(frozen=True, slots=True)
class TitlePage:
    """A film with its editions, or a series with its episodes ordered by (season, episode)."""

    id: str
    type: str
    title: str
    original_title: str
    description: str
    genres: tuple[str, ...]
    release_year: int
    language: str
    artwork: tuple[Artwork, ...]
    editions: tuple[Edition, ...]
    episodes: tuple[PageEpisode, ...]

    @property
    def is_series(self) -> bool:
        return self.type == "series"

    @property
    def main(self) -> Edition | None:
        return main_edition(self.editions)

    def seasons(self) -> Iterator[tuple[int, tuple[PageEpisode, ...]]]:
        """Yield each season's number and episodes, specials (season 0) first."""
        for season, episodes in groupby(self.episodes, key=lambda episode: episode.season):
            yield season, tuple(episodes)


def main_edition(editions: tuple[Edition, ...]) -> Edition | None:
    return next((edition for edition in editions if edition.name == MAIN_EDITION), None)
