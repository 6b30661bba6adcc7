"""`ProfileRegister` in memory: everybody is there but who was erased."""

from collections.abc import Collection
from dataclasses import dataclass, field


@dataclass
class FakeRegister:
    """`asked` counts the questions."""

    erased: set[str] = field(default_factory=set)
    asked: int = 0

    def existing(self, *, profile_ids: Collection[str]) -> Collection[str]:
        self.asked += 1
        return set(profile_ids) - self.erased
