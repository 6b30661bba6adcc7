"""A completion counts once, however often it is told."""

from uuid import uuid4

import pytest

from reprise.application.note_completions import note_completions
from reprise.domain.errors import UnavailableError
from reprise.domain.preferences import Completions, GenrePreference
from tests.fakes.preferences import FakePreferences

PROFILE, FILM = str(uuid4()), str(uuid4())


@pytest.fixture
def preferences() -> FakePreferences:
    return FakePreferences(profile_ids=[PROFILE], genres={FILM: ["drama"]})


def completions(*viewings: int) -> Completions:
    return Completions(
        profile_id=PROFILE, video_id=FILM, item_id=FILM, duration=60.0, viewings=viewings
    )


def test_what_is_told_again_is_no_news(preferences: FakePreferences) -> None:
    assert note_completions(completions=completions(1), preferences=preferences) == 1
    assert note_completions(completions=completions(1, 2), preferences=preferences) == 1
    assert preferences.of(profile_id=PROFILE) == [GenrePreference("drama", 2, 120.0)]


def test_a_change_that_completed_nothing_asks_the_store_nothing(
    preferences: FakePreferences,
) -> None:
    preferences.down = True
    assert note_completions(completions=completions(), preferences=preferences) == 0


def test_a_store_that_is_away_is_told_to_whoever_delivers(preferences: FakePreferences) -> None:
    preferences.down = True
    with pytest.raises(UnavailableError):
        note_completions(completions=completions(1), preferences=preferences)
