"""`Preferences` in memory."""

from collections.abc import Iterable, Mapping, Sequence

from reprise.domain.errors import UnavailableError
from reprise.domain.preferences import Completions, GenrePreference


class FakePreferences:
    """`genres` are those of each title; `down` makes every method fail."""

    def __init__(
        self, *, profile_ids: Iterable[str], genres: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self.down = False
        self.profile_ids = set(profile_ids)
        self.noted: dict[tuple[str, str, int], tuple[str, float]] = {}
        self._genres = genres or {}

    def note(self, *, completions: Completions) -> int:
        self._answer()
        if completions.profile_id not in self.profile_ids:
            return 0
        keys = {(completions.profile_id, completions.item_id, at) for at in completions.viewings}
        news = keys - self.noted.keys()
        self.noted |= dict.fromkeys(news, (completions.video_id, completions.duration))
        return len(news)

    def of(self, *, profile_id: str) -> Sequence[GenrePreference]:
        self._answer()
        found: dict[str, tuple[int, float]] = {}
        for (who, _, _), (video_id, duration) in self.noted.items():
            for genre in self._genres.get(video_id, ()) if who == profile_id else ():
                completions, seconds = found.get(genre, (0, 0.0))
                found[genre] = completions + 1, seconds + duration
        liked = [GenrePreference(genre, *counted) for genre, counted in found.items()]
        return sorted(liked, key=lambda each: (-each.completions, -each.seconds, each.genre_id))

    def forget(self, profile_id: str) -> None:
        """Delete the profile."""
        self.profile_ids.discard(profile_id)
        self.noted = {key: what for key, what in self.noted.items() if key[0] != profile_id}

    def _answer(self) -> None:
        if self.down:
            raise UnavailableError("the account and catalog store does not answer")
