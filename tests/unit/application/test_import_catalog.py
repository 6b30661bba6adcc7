"""A catalog is written as a whole, or not at all with everything that is wrong."""

import pytest

from reprise.application.catalog_ports import Changes
from reprise.application.import_catalog import BadCatalogError, import_catalog
from reprise.domain.catalog_draft import CatalogDraft, Problem
from reprise.domain.errors import UnavailableError
from tests.catalog_drafts import draft_catalog, draft_film, draft_series
from tests.fakes.catalog_store import FakeCatalogCopies, FakeCatalogStore


class World:
    def __init__(self) -> None:
        self.store = FakeCatalogStore()
        self.copies = FakeCatalogCopies()

    def load(self, draft: CatalogDraft, *found: Problem, dry_run: bool = False) -> Changes:
        return import_catalog(
            draft=draft, found=found, store=self.store, copies=self.copies, dry_run=dry_run
        )


@pytest.fixture
def world() -> World:
    return World()


def test_a_sound_catalog_is_written_and_its_readers_see_it(world: World) -> None:
    draft = draft_catalog(draft_film(), draft_series())
    assert world.load(draft).added == draft.title_ids
    assert set(world.store.titles) == set(draft.title_ids) == set(world.copies.renewed)


def test_what_is_wrong_is_said_together_and_nothing_is_written(world: World) -> None:
    unreadable = Problem("row 9", "year", "must be a whole number")
    with pytest.raises(BadCatalogError) as refused:
        world.load(draft_catalog(draft_film(), draft_series(genres=("noir",))), unreadable)
    assert [problem.where for problem in refused.value.problems] == ["row 9", "titles[1]"]
    assert str(refused.value) == "the catalog has 2 problems"
    assert (world.store.titles, world.copies.renewed) == ({}, [])


def test_a_catalog_is_judged_by_what_is_there_already(world: World) -> None:
    world.load(draft_catalog(draft_film()))
    world.load(draft_catalog(draft_series(), systems=(), genres={}))
    with pytest.raises(BadCatalogError):
        world.load(draft_catalog(draft_film(type="series"), systems=(), genres={}))


def test_a_dry_run_says_what_would_change_and_changes_nothing(world: World) -> None:
    draft = draft_catalog(draft_film())
    assert world.load(draft, dry_run=True).added == draft.title_ids
    assert (world.store.titles, world.copies.renewed) == ({}, [])


def test_repeating_an_import_mends_copies_that_were_not_renewed(world: World) -> None:
    draft = draft_catalog(draft_film())
    world.copies.down = True
    with pytest.raises(UnavailableError):
        world.load(draft)
    world.copies.down = False
    assert world.load(draft).unchanged == draft.title_ids
    assert world.copies.renewed == draft.title_ids


def test_titles_that_an_import_only_touches_are_renewed_too(world: World) -> None:
    film = draft_film()
    world.load(draft_catalog(film))
    world.copies.renewed.clear()
    changes = world.load(draft_catalog(draft_series(), genres={"drama": "Dramas"}))
    assert changes.also_touched == [film.id]
    assert film.id in world.copies.renewed
