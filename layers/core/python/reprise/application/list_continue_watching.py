"""The continue-watching row: one read while it is ready, rebuilt by one caller when it is not."""

from collections.abc import Callable, Sequence
from dataclasses import replace

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
from reprise.domain.row import Row, continue_watching, newest, worth_keeping

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
        places, stale = _rebuilt(
            viewer=viewer, answer=answer, rows=rows, live=live, durable=durable, pause=pause
        )
    titles = catalog.titles(video_ids={place.video_id for place in places})
    gate = Gate(facts=viewer.policy, now=now)
    entries = continue_watching(places=places, titles=titles, gate=gate)
    return Row(entries=entries, stale=stale)


def _rebuilt(
    *,
    viewer: Viewer,
    answer: RowAnswer,
    rows: RowCache,
    live: LivePlaces,
    durable: DurablePlaces,
    pause: Callable[[float], None],
) -> tuple[Sequence[Place], bool]:
    profile_id = viewer.profile_id
    for _ in range(WAITS):
        leads = rows.begin_fill(profile_id=profile_id)
        try:
            again = rows.read(viewer=viewer, counted=False)
            if again.places is not None and not (again.expired and leads):
                return again.places, False
            if leads:
                return _fill(profile_id, rows, live, durable), False
        except DurableAwayError:
            return _stale(profile_id, answer, live)
        finally:
            if leads:
                rows.end_fill(profile_id=profile_id)
        pause(WAIT_SECONDS)
    raise UnavailableError("the row is being rebuilt; ask again")


def _fill(
    profile_id: str, rows: RowCache, live: LivePlaces, durable: DurablePlaces
) -> Sequence[Place]:
    """Merge the durable places with the live ones; keep the result unless it was overtaken."""
    places: Sequence[Place] = ()
    for _ in range(FILL_ATTEMPTS):
        unsaved = live.live(profile_id=profile_id)
        try:
            stored = durable.places(profile_id=profile_id)
        except UnavailableError as error:
            raise DurableAwayError from error
        places = worth_keeping(newest(stored, unsaved.places))
        if rows.fill(profile_id=profile_id, places=places, version=unsaved.version):
            break
    return places


def _stale(profile_id: str, answer: RowAnswer, live: LivePlaces) -> tuple[Sequence[Place], bool]:
    known = newest(answer.places or (), live.live(profile_id=profile_id).places)
    if not known:
        raise UnavailableError("the watch history does not answer")
    return known, True
