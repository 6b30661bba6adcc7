"""`Playbacks` in memory, behind the sessions and beside the places of `FakeLivePlaces`."""

from collections.abc import Callable

from reprise.application.playback_ports import Entered
from reprise.domain.errors import UnavailableError
from reprise.domain.identity import Viewer
from reprise.domain.playback import REMEMBERED_SECONDS, Playback, Spot
from tests.fakes.live_places import FakeLivePlaces


class FakePlaybacks:
    """Remembers playbacks by profile until `clock` (seconds) passes them; fails where `live` does.

    `forgets` makes `begin` fail alone.
    """

    def __init__(self, live: FakeLivePlaces, *, clock: Callable[[], float] = lambda: 0.0) -> None:
        self.forgets = False
        self._live = live
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[Playback, float]] = {}
        self._current: dict[str, str] = {}

    def enter(self, *, viewer: Viewer, item_id: str) -> tuple[Entered, Spot | None]:
        entered = self._pass(viewer)
        state = self._live.states.get((viewer.profile_id, item_id))
        place = state.place if state else None
        return entered, Spot(place.position, place.completed) if place else None

    def find(self, *, viewer: Viewer, playback_id: str) -> tuple[Entered, Playback | None]:
        entered = self._pass(viewer)
        key = (viewer.profile_id, playback_id)
        playback, until = self._known.get(key, (None, 0.0))
        if playback is None or until <= self._clock():
            return entered, None
        self._remember(key, playback)
        return entered, playback

    def begin(self, *, viewer: Viewer, playback: Playback) -> None:
        self._live.answer()
        if self.forgets:
            raise UnavailableError("live positions do not answer")
        self._remember((viewer.profile_id, playback.id), playback)
        self._current[viewer.session_id] = playback.id

    def _remember(self, key: tuple[str, str], playback: Playback) -> None:
        self._known[key] = playback, self._clock() + REMEMBERED_SECONDS

    def _pass(self, viewer: Viewer) -> Entered:
        session = self._live.pass_gate(viewer, cost=1)
        current = self._current.get(viewer.session_id)
        return Entered(policy=session.policy, device=session.device, current=current)
