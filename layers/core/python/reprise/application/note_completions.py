"""Turn a completion into what a profile likes, once however often it is told."""

from reprise.application.preference_ports import Preferences
from reprise.domain.preferences import Completions


def note_completions(*, completions: Completions, preferences: Preferences) -> int:
    """Return how many of these viewings were news.

    Raises:
        UnavailableError: nothing was counted; tell it again.
    """
    if not completions.viewings:
        return 0
    return preferences.note(completions=completions)
