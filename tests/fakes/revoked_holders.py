"""`RevokedHolders` in memory."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from reprise.domain.errors import UnavailableError


@dataclass(slots=True)
class FakeRevokedHolders:
    """`changes` counts how often somebody changed it."""

    down: bool = False
    holders: dict[str, int] = field(default_factory=dict)
    changes: int = 0

    def all(self) -> Mapping[str, int]:
        self._answer()
        return dict(self.holders)

    def change(self, *, put: Mapping[str, int], forget: Collection[str]) -> None:
        self._answer()
        self.changes += 1
        for holder in forget:
            self.holders.pop(holder, None)
        self.holders |= put

    def _answer(self) -> None:
        if self.down:
            raise UnavailableError("the edge's store does not answer")
