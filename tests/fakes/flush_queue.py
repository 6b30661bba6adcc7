"""`FlushQueue` in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reprise.domain.errors import UnavailableError
from reprise.domain.flush import FlushOrder


@dataclass(slots=True)
class FakeFlushQueue:
    down: bool = False
    orders: list[FlushOrder] = field(default_factory=list)

    def send(self, *, orders: Sequence[FlushOrder]) -> None:
        if self.down:
            raise UnavailableError("the fake queue is down")
        self.orders.extend(orders)
