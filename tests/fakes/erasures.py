"""`LiveErasure` and `DurableErasure` in memory."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from reprise.application.profile_ports import Remains
from reprise.domain.errors import UnavailableError
from tests.builders import NOW_US

TABLES = ("user_watch_history", "latest_position", "watch_position_by_device")
NOTHING = Remains(item_ids=(), video_ids=(), at=0)


@dataclass
class FakeLiveErasure:
    """`places` maps a profile's items to their titles, `unsaved` are those that are not durable."""

    places: dict[str, dict[str, str]] = field(default_factory=dict)
    unsaved: dict[str, set[str]] = field(default_factory=dict)
    noted: dict[str, Remains] = field(default_factory=dict)
    fenced: list[str] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    down: bool = False

    def fence(self, *, profile_id: str) -> None:
        self._touch(profile_id)
        self.fenced.append(profile_id)

    def remains(self, *, profile_id: str) -> Remains:
        self._touch(profile_id)
        unsaved = self.unsaved.get(profile_id, set())
        known = self.places.get(profile_id, {})
        titles = {known[item_id] for item_id in unsaved if item_id in known}
        noted = self.noted.get(profile_id, NOTHING)
        return Remains(
            item_ids={*unsaved, *noted.item_ids}, video_ids={*titles, *noted.video_ids}, at=NOW_US
        )

    def note(
        self, *, profile_id: str, item_ids: Collection[str], video_ids: Collection[str]
    ) -> None:
        self._touch(profile_id)
        before = self.noted.get(profile_id, NOTHING)
        self.noted[profile_id] = Remains(
            item_ids={*before.item_ids, *item_ids}, video_ids={*before.video_ids, *video_ids}, at=0
        )

    def erase(self, *, profile_id: str, item_ids: Collection[str]) -> Mapping[str, int]:
        self._touch(profile_id)
        known = self.places.setdefault(profile_id, {})
        gone = [known.pop(item_id) for item_id in item_ids if item_id in known]
        self.noted.pop(profile_id, None)
        marks = len(self.unsaved.pop(profile_id, set()) & set(item_ids))
        return {"places": len(gone), "marks": marks, "rows": 0}

    def _touch(self, profile_id: str) -> None:
        self.touched.append(profile_id)
        if self.down:
            raise UnavailableError("live positions do not answer")


@dataclass
class FakeDurableErasure:
    """`rows` maps a profile to its (title, item) ids, each of which has a row in every table."""

    rows: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    asked: list[tuple[str, frozenset[str], int]] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    down: bool = False

    def items(self, *, profile_id: str) -> Collection[tuple[str, str]]:
        self._touch(profile_id)
        return set(self.rows.get(profile_id, ()))

    def erase(self, *, profile_id: str, video_ids: Collection[str], at: int) -> Mapping[str, int]:
        self._touch(profile_id)
        self.asked.append((profile_id, frozenset(video_ids), at))
        count = len(self.rows.pop(profile_id, ()))
        return dict.fromkeys(TABLES, count)

    def _touch(self, profile_id: str) -> None:
        self.touched.append(profile_id)
        if self.down:
            raise UnavailableError("the watch history does not answer")
