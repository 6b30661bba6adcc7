"""The continue-watching row: one read while it is ready, rebuilt by one caller when it is not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from reprise.application.ports import (
    DurablePlaces,
    LivePlaces,
    RowAnswer,
    RowCache,
    TitleReader,
)
from reprise.domain.errors import UnavailableError
from reprise.domain.identity import Viewer
from reprise.domain.playstate import Place
from reprise.domain.policy import Gate
from reprise.domain.row import (
    Placed,
    Row,
    continue_watching,
    could_be_shown,
    newest,
    worth_keeping,
)

FILL_ATTEMPTS = 3
WAITS = 60
WAIT_SECONDS = 0.025
"""Callers that are not the one to rebuild look again every 25 ms, for 1.5 s."""


class DurableAwayError(Exception):
    """The durable history does not answer; the row may still be known otherwise."""


def list_continue_watching(
    *,
    viewer: Viewer,
    catalog: TitleReader,
    rows: RowCache,
    live: LivePlaces,
    durable: DurablePlaces,
    now: int,
    pause: Callable[[float], None],
) -> Row:
    """Return the row, applying policy, region and catalog as they are now (`now`: Unix seconds).

    While the durable history is away, a known row is served as stale; an empty or partial one is
    never taken for the truth.

    Raises:
        UnauthenticatedError, RateLimitedError: the session does not pass.
        UnavailableError: there is no row and no way to make one.
    """
    answer = rows.read(viewer=viewer)
    viewer = replace(viewer, policy=answer.policy)
    places, stale = answer.places, False
    if places is None or answer.expired:
        rebuild = _Rebuild(catalog=catalog, rows=rows, live=live, durable=durable)
        places, stale = rebuild.row(viewer=viewer, answer=answer, pause=pause)
    titles = catalog.titles(video_ids={place.video_id for place in places})
    gate = Gate(facts=viewer.policy, now=now)
    entries = continue_watching(places=places, titles=titles, gate=gate)
    return Row(entries=entries, stale=stale)


@dataclass(frozen=True, slots=True)
class _Rebuild:
    """How a row that is missing or past its freshness comes back, by whichever caller leads."""

    catalog: TitleReader
    rows: RowCache
    live: LivePlaces
    durable: DurablePlaces

    def row(
        self, *, viewer: Viewer, answer: RowAnswer, pause: Callable[[float], None]
    ) -> tuple[Sequence[Placed], bool]:
        """Return the places, and whether they are stale."""
        profile_id = viewer.profile_id
        for _ in range(WAITS):
            token = self.rows.begin_fill(profile_id=profile_id)
            try:
                again = self.rows.read(viewer=viewer, counted=False)
                if again.places is not None and not (again.expired and token):
                    return again.places, again.expired
                if token:
                    return self._fill(profile_id), False
            except DurableAwayError:
                return self._stale(profile_id, answer), True
            finally:
                if token:
                    self.rows.end_fill(profile_id=profile_id, token=token)
            pause(WAIT_SECONDS)
        raise UnavailableError("the row is being rebuilt; ask again")

    def _fill(self, profile_id: str) -> Sequence[Place]:
        """Merge the durable places with the live ones; keep the result unless it was overtaken."""
        places: Sequence[Place] = ()
        for _ in range(FILL_ATTEMPTS):
            unsaved = self.live.live(profile_id=profile_id)
            groups = could_be_shown(newest(self._stored(profile_id), unsaved.places))
            titles = self.catalog.titles(video_ids={group[0].video_id for group in groups})
            places = worth_keeping(groups, titles)
            if self.rows.fill(profile_id=profile_id, places=places, version=unsaved.version):
                break
        return places

    def _stored(self, profile_id: str) -> Sequence[Place]:
        try:
            return self.durable.places(profile_id=profile_id)
        except UnavailableError as error:
            raise DurableAwayError from error

    def _stale(self, profile_id: str, answer: RowAnswer) -> Sequence[Placed]:
        known = newest(answer.places or (), self.live.live(profile_id=profile_id).places)
        if not known:
            raise UnavailableError("the watch history does not answer")
        return known
