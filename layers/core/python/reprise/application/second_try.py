"""Whose failure it is: the store's, or the item's own.

A write that failed says nothing by itself: stores go down, for all items or for the partitions of
some, and throttle whoever asks too much. It counts against an item only where the store proves well
around it: a control write into the item's own partitions succeeds, the item fails once more, and
the control succeeds once more. So an outage, whole or partial, counts for nobody, and a claim that
is nothing but poison counts for all of it.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from reprise.application.ports import DurablePlaces
from reprise.domain.errors import UnavailableError
from reprise.domain.flush import is_exhausted
from reprise.domain.playstate import DirtyItem

PIECES = 4
"""Items are tried again in so many pieces, so that one that takes its neighbours down with it is
soon among few: of a full claim it stands alone at the fourth flush."""

type Key = tuple[str, str]
type Failures = dict[Key, Exception]


def key_of(item: DirtyItem) -> Key:
    return item.profile_id, item.item_id


def write_all(durable: DurablePlaces, items: Sequence[DirtyItem], *, now: int) -> Failures:
    """Write items; a store that does not answer at all has failed each of them."""
    if not items:
        return {}
    try:
        return dict(durable.write(items=items, now=now))
    except UnavailableError as error:
        return {key_of(item): error for item in items}


@dataclass(slots=True)
class SecondTry:
    """Items whose write failed. Afterwards `failures` has what still is not written, and `own` the
    keys of those whose failure is their own."""

    durable: DurablePlaces
    now: int
    has_time: Callable[[], bool]
    failures: Failures
    own: set[Key]

    def run(self, items: Sequence[DirtyItem]) -> None:
        """Try again what the store has failed, piece by piece while there is time.

        An item at its last attempt is also tried all alone: whatever its neighbours did to it, no
        item is set aside that can be written. What time does not suffice for counts for nobody.
        """
        self.own |= {key for key, error in self.failures.items() if not _may_pass(error)}
        suspects = self._in_sound_partitions(
            [item for item in items if _may_pass(self.failures.get(key_of(item)))]
        )
        size = max(1, -(-len(suspects) // PIECES))
        for start in range(0, len(suspects), size):
            self._try_again(suspects[start : start + size])
        if size > 1:
            self._try_last_ones_alone(suspects)

    def _try_last_ones_alone(self, suspects: Sequence[DirtyItem]) -> None:
        for item in suspects:
            if is_exhausted(item) and key_of(item) in self.own:
                self.own.discard(key_of(item))
                self._try_again([item])

    def _try_again(self, items: Sequence[DirtyItem]) -> None:
        if not self.has_time():
            return
        again = write_all(self.durable, items, now=self.now)
        for item in items:
            del self.failures[key_of(item)]
        self.failures |= again
        failed = [item for item in items if key_of(item) in again]
        passing = [item for item in failed if _may_pass(again[key_of(item)])]
        self.own |= {key_of(item) for item in failed if item not in passing}
        self.own |= {key_of(item) for item in self._in_sound_partitions(passing)}

    def _in_sound_partitions(self, items: Sequence[DirtyItem]) -> Sequence[DirtyItem]:
        if not items or not self.has_time():
            return ()
        try:
            sound: Collection[Key] = self.durable.takes_writes(items=items)
        except UnavailableError:
            return ()
        return [item for item in items if key_of(item) in sound]


def _may_pass(error: Exception | None) -> bool:
    return isinstance(error, UnavailableError)
