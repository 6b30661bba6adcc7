"""`RevocationQueue` in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reprise.domain.errors import UnavailableError
from reprise.domain.revocations import Revocation


@dataclass(slots=True)
class FakeRevocationQueue:
    down: bool = False
    told: list[Revocation] = field(default_factory=list)

    def send(self, *, revocations: Sequence[Revocation]) -> None:
        if self.down:
            raise UnavailableError("the fake queue is down")
        self.told.extend(revocations)
