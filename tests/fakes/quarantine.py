"""`QuarantineQueue` in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from reprise.application.ports import QuarantinedItem
from reprise.domain.errors import UnavailableError
from reprise.domain.flush import DamagedItem
from reprise.domain.playstate import DirtyItem


@dataclass(slots=True)
class FakeQuarantine:
    """`too_large` forgets the items' states, as the queue does with what it can't carry."""

    down: bool = False
    too_large: bool = False
    messages: dict[str, QuarantinedItem] = field(default_factory=dict)
    reasons: dict[tuple[str, str], str] = field(default_factory=dict)
    _sent: int = 0

    def put(self, *, items: Sequence[DirtyItem], reason: Mapping[tuple[str, str], str]) -> None:
        if self.down:
            raise UnavailableError("the fake quarantine is down")
        self.reasons |= reason
        for item in items:
            self._sent += 1
            message = QuarantinedItem(
                receipt=str(self._sent),
                profile_id=item.profile_id,
                item_id=item.item_id,
                item=item,
            )
            self.messages[message.receipt] = (
                replace(message, item=None) if self.too_large else message
            )

    def put_damaged(self, *, items: Sequence[DamagedItem]) -> None:
        if self.down:
            raise UnavailableError("the fake quarantine is down")
        for item in items:
            self._sent += 1
            self.reasons[item.profile_id, item.item_id] = item.reason
            self.messages[str(self._sent)] = QuarantinedItem(
                receipt=str(self._sent),
                profile_id=item.profile_id,
                item_id=item.item_id,
                item=None,
                damaged=True,
            )

    def take(self, *, limit: int) -> Sequence[QuarantinedItem]:
        return list(self.messages.values())[:limit]

    def discard(self, *, receipts: Sequence[str]) -> None:
        for receipt in receipts:
            del self.messages[receipt]
