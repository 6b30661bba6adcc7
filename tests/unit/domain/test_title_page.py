"""What a title's page is made of."""

from reprise.domain.title_page import Edition, PageEpisode, TitlePage
from tests.builders import make_film, make_series
from tests.fakes.title_pages import page_of


def test_a_films_page_plays_its_main_edition() -> None:
    page = page_of(make_film())
    longer = Edition("directors-cut", 9000.0)
    assert not page.is_series
    assert page.main == page.editions[0]
    assert main_of(longer, page.editions[0]) == page.editions[0]
    assert main_of(longer) is None


def main_of(*editions: Edition) -> Edition | None:
    return PageEpisode("e", 1, 1, "One", "", 0, editions).main


def test_a_series_page_has_its_episodes_by_season_specials_first() -> None:
    page: TitlePage = page_of(make_series(seasons=(2, 1)))
    special = PageEpisode("s", 0, 1, "Special", "", 0, ())
    seasons = list(with_episodes(page, special, *page.episodes).seasons())
    assert page.is_series
    assert [(season, len(episodes)) for season, episodes in seasons] == [(0, 1), (1, 2), (2, 1)]
    assert seasons[0][1] == (special,)


def with_episodes(page: TitlePage, *episodes: PageEpisode) -> TitlePage:
    return TitlePage(
        **{name: getattr(page, name) for name in page.__slots__ if name != "episodes"},
        episodes=episodes,
    )
