"""`RowCache` in memory, over the ready rows that the fake live places bring up to date."""

from collections.abc import Callable, Sequence

from reprise.application.ports import RowAnswer
from reprise.domain.identity import Viewer
from reprise.domain.playstate import Place
from reprise.domain.row import RowPlace
from tests.builders import NOW_US
from tests.fakes.live_places import FakeLivePlaces, ReadyRow, bare_place


def row_place(place: Place) -> RowPlace:
    """What a ready row keeps of a place."""
    return RowPlace(
        video_id=place.video_id,
        item_id=place.item_id,
        rev=place.rev,
        moved_at=place.moved_at,
        position=place.position,
        completed=place.completed,
        hidden=place.hidden,
        device=place.device,
    )


class FakeRowCache:
    """Ready rows. `clock` is in Unix seconds; `fills` counts the rows that were stored; `filling`
    holds the token of who rebuilds a profile's."""

    def __init__(
        self,
        live: FakeLivePlaces,
        *,
        ttl_seconds: int = 3600,
        clock: Callable[[], float] = lambda: NOW_US / 1e6,
    ) -> None:
        self._live = live
        self._ttl = ttl_seconds
        self._clock = clock
        self.filling: dict[str, str] = {}
        self.fills = 0
        self._begun = 0

    def read(self, *, viewer: Viewer, counted: bool = True) -> RowAnswer:
        policy = self._live.pass_gate(viewer, cost=int(counted)).policy
        row = self._live.rows.get(viewer.profile_id)
        if row is None:
            return RowAnswer(policy=policy, places=None, expired=False)
        expired = row.fresh_until <= self._clock()
        return RowAnswer(
            policy=policy, places=list(map(row_place, row.places.values())), expired=expired
        )

    def begin_fill(self, *, profile_id: str) -> str | None:
        self._live.answer()
        if profile_id in self.filling:
            return None
        self._begun += 1
        return self.filling.setdefault(profile_id, f"fill {self._begun}")

    def fill(self, *, profile_id: str, places: Sequence[Place], version: int) -> bool:
        self._live.answer()
        if self._live.versions.get(profile_id, 0) != version:
            return False
        kept = {place.item_id: bare_place(place) for place in places}
        self._live.rows[profile_id] = ReadyRow(kept, int(self._clock()) + self._ttl)
        self.fills += 1
        return True

    def end_fill(self, *, profile_id: str, token: str) -> None:
        self._live.answer()
        if self.filling.get(profile_id) == token:
            del self.filling[profile_id]
