"""What can be watched: titles, their episodes, where they complete and what comes next."""

from collections.abc import Collection
from dataclasses import dataclass, field

from reprise.domain.playstate import ItemFacts

MINIMUM_SHOWN_FRACTION = 0.05
MINIMUM_SHOWN_SECONDS = 60.0
COMPLETION_FRACTION = 0.95
COMPLETION_SECONDS_BEFORE_END = 120.0


@dataclass(frozen=True, slots=True)
class Item:
    """A film, or one episode of a series: the thing a place belongs to.

    `id` is the title's own for a film, the episode's for an episode. `season`, `episode` are 0 for
    a film. Durations and markers are media seconds; `aired_at` is Unix seconds.
    """

    id: str
    title: str
    duration: float
    season: int = 0
    episode: int = 0
    credits_start: float | None = None
    intro_start: float | None = None
    intro_end: float | None = None
    aired_at: int = 0

    @property
    def completes_at(self) -> float:
        """Second at which a viewing of this item is complete (playstate, rule 5).

        The credits marker where there is one, else the earlier of 95 % and 120 s before the end.
        In items shorter than 240 s the second would lie in the first half, so only 95 % counts.
        """
        if self.credits_start is not None:
            return min(self.credits_start, self.duration)
        by_fraction = self.duration * COMPLETION_FRACTION
        by_seconds = self.duration - COMPLETION_SECONDS_BEFORE_END
        return min(by_fraction, by_seconds) if by_seconds >= self.duration / 2 else by_fraction

    @property
    def shown_from(self) -> float:
        """Second below which a place is near the start (playstate, rule 4).

        Never past where the item completes: the end of a short one is not near its start.
        """
        near_start = max(self.duration * MINIMUM_SHOWN_FRACTION, MINIMUM_SHOWN_SECONDS)
        return min(near_start, self.completes_at)

    @property
    def facts(self) -> ItemFacts:
        """What the merge rule needs of this item."""
        return ItemFacts(
            duration=self.duration, completes_at=self.completes_at, shown_from=self.shown_from
        )


@dataclass(frozen=True, slots=True)
class Window:
    """Availability in a region, Unix seconds; `ends_at` None is open-ended."""

    region: str
    starts_at: int
    ends_at: int | None

    def is_open(self, *, now: int) -> bool:
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True, slots=True)
class Rating:
    """What a country's system says of a title; `level` is None until someone maps its code."""

    country: str
    code: str
    level: int | None


@dataclass(frozen=True, slots=True)
class Title:
    """A film or a series as the catalog knows it.

    `items` holds the film itself, or all episodes ordered by (season, episode). `maturity_level`
    is the strictest of all its ratings and None where any is unknown, which the policy treats as
    blocked for a limited profile; `level_in` says what holds in a country.
    """

    id: str
    type: str
    title: str
    rating: str | None
    maturity_level: int | None
    artwork_url: str
    windows: tuple[Window, ...]
    items: tuple[Item, ...]
    plans: tuple[str, ...] = field(default=("basic", "standard", "premium"))
    ratings: tuple[Rating, ...] = ()

    def level_in(self, country: str) -> int | None:
        """Return the maturity level by the country's own rating, or the strictest of any country.

        None is unknown, and stricter than any: a country's unmapped rating is not made up for by
        another's.
        """
        level = 0
        for rating in self.ratings:
            if rating.country != country:
                continue
            if rating.level is None:
                return None
            level = max(level, rating.level)
        return level or self.maturity_level

    @property
    def is_series(self) -> bool:
        return self.type == "series"

    def item(self, episode_id: str | None) -> Item | None:
        """Return the film (for None) or that episode; None where it does not fit this title."""
        wanted = episode_id if self.is_series else self.id
        if not self.is_series and episode_id is not None:
            return None
        return next((item for item in self.items if item.id == wanted), None)

    def leaves_at(self, *, region: str, now: int) -> int | None:
        """Return the Unix second at which the title ends in this region; `now` is Unix seconds.

        None where it is not available now or its end is open. A window that begins where or before
        another ends carries on, so nothing leaves that is back at once.
        """
        end = None
        for window in sorted(self.windows, key=lambda window: window.starts_at):
            if window.region != region or window.starts_at > (now if end is None else end):
                continue
            if window.ends_at is None:
                return None
            if window.ends_at > now:
                end = max(window.ends_at, end or 0)
        return end

    def aired_items(self, *, now: int) -> tuple[Item, ...]:
        """Items whose first showing is not in the future; `now` is Unix seconds."""
        return tuple(item for item in self.items if item.aired_at <= now)

    def next_after(self, item_id: str, *, now: int, skipping: Collection[str] = ()) -> Item | None:
        """Return the next aired episode, in the same season or the next one that has any.

        Specials (season 0) lead only to the next special, and `skipping` is left out. None after
        the last, and for films.
        """
        if not self.is_series:
            return None
        aired = self.aired_items(now=now)
        current = next((item for item in self.items if item.id == item_id), None)
        if current is None:
            return None
        later = (
            item
            for item in aired
            if (item.season, item.episode) > (current.season, current.episode)
            and (current.season != 0 or item.season == 0)
            and item.id not in skipping
        )
        return next(later, None)
