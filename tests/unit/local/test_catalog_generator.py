"""The invented catalog looks like a real one, and is the same every time."""

from datetime import UTC, datetime

import pytest

from reprise.adapters.catalog_json import read_json
from reprise.domain.catalog_draft import CatalogDraft, KnownCatalog, problems_of
from reprise_local.catalog_generator import generate, key_of, to_text

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
DAY = 86_400


@pytest.fixture(scope="module")
def draft() -> CatalogDraft:
    reading = read_json(to_text(generate(count=300, seed=7)), now=NOW)
    assert reading.problems == []
    return reading.draft


def test_the_same_seed_makes_the_same_catalog_and_another_another() -> None:
    text = to_text(generate(count=20, seed=7))
    assert text == to_text(generate(count=20, seed=7))
    assert text != to_text(generate(count=20, seed=8))


def test_it_is_sound_by_itself(draft: CatalogDraft) -> None:
    assert list(problems_of(draft, known=KnownCatalog({}, (), {}))) == []
    assert len({title.title for title in draft.titles}) == len(draft.titles) == 300


def test_it_has_films_and_series_with_specials_and_episodes_to_come(draft: CatalogDraft) -> None:
    series = [title for title in draft.titles if title.is_series]
    items = [item for title in series for item in title.items]
    assert 60 <= len(series) <= 120
    assert any(item.season == 0 for item in items)
    assert any(item.season >= 3 for item in items)
    assert any(SECONDS < item.aired_at < SECONDS + 60 * DAY for item in items)
    assert {e.name for t in draft.titles for i in t.items for e in i.editions} == {
        *("main", "directors-cut", "extended")
    }
    editions = [edition for item in items for edition in item.editions]
    assert any(edition.markers.intro_start is None for edition in editions)
    assert any(edition.markers.credits_start is None for edition in editions)


def test_every_genre_level_and_country_is_there_and_some_ratings_nobody_mapped(
    draft: CatalogDraft,
) -> None:
    levels = {system.code: system.levels for system in draft.systems}
    used = {levels[s][code] for t in draft.titles for s, code in t.ratings.items()}
    assert used == {None, 1, 2, 3, 4, 5}
    assert len({system.country for system in draft.systems}) >= 6
    assert {genre for title in draft.titles for genre in title.genres} == set(draft.genres)
    assert any(not title.ratings for title in draft.titles)
    assert len({title.plans for title in draft.titles}) == 3


def test_windows_are_open_over_to_come_and_ending_in_three_days(draft: CatalogDraft) -> None:
    windows = [window for title in draft.titles for window in title.windows]
    assert any(window.ends_at == SECONDS + 3 * DAY for window in windows)
    assert any(window.ends_at and window.ends_at < SECONDS for window in windows)
    assert any(window.starts_at > SECONDS for window in windows)
    assert any(window.ends_at is None and window.starts_at < SECONDS for window in windows)
    assert len({window.region for window in windows}) == 8


def test_artwork_has_variants_and_other_names_are_there(draft: CatalogDraft) -> None:
    assert {art.kind for title in draft.titles for art in title.artwork} == {
        *("poster", "hero", "still")
    }
    assert all(title.artwork[0].kind == "poster" for title in draft.titles)
    assert any(len(title.artwork) >= 5 for title in draft.titles)
    assert any(title.original_title for title in draft.titles)
    assert any(title.aliases for title in draft.titles)


def test_a_key_is_made_of_a_name() -> None:
    assert key_of("Amélie's Salt-Map, Part 2!") == "amelies-salt-map-part-2"
