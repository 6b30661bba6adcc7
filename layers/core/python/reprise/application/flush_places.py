"""Make dirty places durable: claim, settle, write, publish, and only then acknowledge.

Killed after any step, a flusher loses nothing: what it did not acknowledge is still marked, its
lease runs out, and doing it again is harmless, because rows carry the place's own timestamp and
events the id of their frozen outbox.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from reprise.application.ports import (
    DirtyBuffer,
    DurablePlaces,
    EventPublisher,
    PoisonError,
    QuarantineQueue,
)
from reprise.application.second_try import Failures, Key, SecondTry, key_of, write_all
from reprise.domain.errors import UnavailableError
from reprise.domain.flush import (
    ITEMS_PER_CLAIM,
    URGENT_ROUNDS,
    FlushOrder,
    age_seconds,
    dirty_before,
    event_of,
    is_exhausted,
    rows_of,
)
from reprise.domain.playstate import DirtyItem

STOP_WITH_SECONDS_LEFT = 10.0
"""No further claim starts with less: a batch whose writes all time out may just fit in it."""

GIVE_UP_AFTER = 1_000
"""Failed items that a range may have; with more of them it is not the items that are sick."""


@dataclass(slots=True)
class FlushReport:
    """What one order came to. `retry` asks for the order to be delivered again."""

    durable: int = 0
    rows: int = 0
    clean: int = 0
    failed: int = 0
    quarantined: int = 0
    oldest_age_seconds: float = 0.0
    worst_lag_seconds: float = 0.0
    retry: bool = False


def flush_places(
    *,
    order: FlushOrder,
    buffer: DirtyBuffer,
    durable: DurablePlaces,
    publisher: EventPublisher,
    quarantine: QuarantineQueue,
    now_us: Callable[[], int],
    time_left: Callable[[], float],
) -> FlushReport:
    """Carry out one order until nothing it names is dirty or `time_left` (seconds) runs short.

    Items that fail are kept until the end and given back then, so that the same flush does not meet
    them again.

    Raises:
        UnavailableError: the buffer does not answer; leases run out by themselves.
    """
    named = order.profile_id is not None
    flush = _Flush(
        buffer=buffer,
        durable=durable,
        publisher=publisher,
        quarantine=quarantine,
        now_us=now_us,
        has_time=lambda: time_left() > STOP_WITH_SECONDS_LEFT,
        failures_allowed=0 if named else GIVE_UP_AFTER,
    )
    claim = _claims(order=order, buffer=buffer, started_us=now_us())
    try:
        while not flush.gave_up and flush.has_time():
            items = claim()
            damaged = flush.set_damaged_aside()
            if items:
                flush.batch(items)
            elif not damaged:
                break
        else:
            flush.report.retry |= flush.report.failed == 0 or not named
    finally:
        flush.give_back()
    return flush.report


def _claims(
    *, order: FlushOrder, buffer: DirtyBuffer, started_us: int
) -> Callable[[], Sequence[DirtyItem]]:
    if order.profile_id is None:
        buckets = range(order.first_bucket, order.last_bucket + 1)
        before = dirty_before(order=order, started_us=started_us)
        return lambda: buffer.claim(buckets=buckets, dirty_before=before, limit=ITEMS_PER_CLAIM)
    profile_id = order.profile_id
    rounds = iter(range(URGENT_ROUNDS))

    def claim_named() -> Sequence[DirtyItem]:
        if next(rounds, None) is None:
            return ()
        return buffer.claim_items(profile_id=profile_id, item_ids=order.item_ids)

    return claim_named


@dataclass(slots=True)
class _Flush:
    """One order being carried out: its ports, its report, and the items it will give back."""

    buffer: DirtyBuffer
    durable: DurablePlaces
    publisher: EventPublisher
    quarantine: QuarantineQueue
    now_us: Callable[[], int]
    has_time: Callable[[], bool]
    failures_allowed: int
    report: FlushReport = field(default_factory=FlushReport)
    gave_up: bool = False
    _failed_themselves: dict[Key, DirtyItem] = field(default_factory=dict)
    _bystanders: dict[Key, DirtyItem] = field(default_factory=dict)

    def batch(self, items: Sequence[DirtyItem]) -> None:
        """Carry one claim through every step; `acknowledge` is the last, and only of the done."""
        oldest = min(item.dirty_since for item in items)
        age = age_seconds(oldest_us=oldest, now_us=self.now_us())
        self.report.oldest_age_seconds = max(self.report.oldest_age_seconds, age)
        settled, failures = self._settle(items)
        own = self._write(settled, failures)
        failures |= self._publish(_without(settled, failures))
        done = _without(settled, failures)
        if done:
            self.report.clean += self.buffer.acknowledge(items=done)
            self._measure(done)
        newest = {key_of(item): item for item in (*items, *settled)}
        self._sort_out(list(newest.values()), failures, own)
        down = bool(failures) and not done and not own
        self.gave_up = down or self.report.failed > self.failures_allowed

    def set_damaged_aside(self) -> int:
        """Tell of what can't be read, then set it aside; return how many there were.

        Where nobody can be told, they stay leased until that runs out.
        """
        damaged = self.buffer.take_damaged()
        if damaged:
            try:
                self.quarantine.put_damaged(items=damaged)
            except UnavailableError:
                self.report.retry = True
                return len(damaged)
            self.buffer.quarantine(items=damaged)
            self.report.quarantined += len(damaged)
        return len(damaged)

    def give_back(self) -> None:
        """Make everything that failed dirty again, without waiting for its lease to run out."""
        self.set_damaged_aside()
        if self._failed_themselves:
            self.buffer.release(items=list(self._failed_themselves.values()), counted=True)
        if self._bystanders:
            self.buffer.release(items=list(self._bystanders.values()), counted=False)

    def _settle(self, items: Sequence[DirtyItem]) -> tuple[list[DirtyItem], Failures]:
        """Hold places that were born while the durable store was away to what it has."""
        settled: list[DirtyItem] = []
        failures: Failures = {}
        for item in items:
            try:
                current = self._settled(item) if item.provisional else item
            except (UnavailableError, PoisonError) as error:
                failures[key_of(item)] = error
            else:
                if current is None:
                    self._bystanders[key_of(item)] = item
                else:
                    settled.append(current)
        return settled, failures

    def _settled(self, item: DirtyItem) -> DirtyItem | None:
        stored = self.durable.place(
            profile_id=item.profile_id, video_id=item.place.video_id, item_id=item.item_id
        )
        return self.buffer.settle(item=item, durable=stored)

    def _write(self, items: Sequence[DirtyItem], failures: Failures) -> set[Key]:
        """Write, add what failed to `failures`, and return whose failure is the item's own."""
        now = self.now_us()
        poison = {key for key, error in failures.items() if isinstance(error, PoisonError)}
        second = SecondTry(
            durable=self.durable,
            now=now,
            has_time=self.has_time,
            failures=write_all(self.durable, items, now=now),
            own=poison,
        )
        second.run(items)
        failures |= second.failures
        return second.own

    def _publish(self, items: Sequence[DirtyItem]) -> Failures:
        if not items:
            return {}
        events = {event_of(item).event_id: item for item in items}
        try:
            failed = self.publisher.publish(events=[event_of(item) for item in items])
        except UnavailableError as error:
            return {key_of(item): error for item in items}
        return {key_of(events[event_id]): UnavailableError("not published") for event_id in failed}

    def _measure(self, done: Sequence[DirtyItem]) -> None:
        now = self.now_us()
        self.report.durable += len(done)
        self.report.rows += sum(rows_of(item) for item in done)
        oldest = min(item.dirty_since for item in done)
        lag = age_seconds(oldest_us=oldest, now_us=now)
        self.report.worst_lag_seconds = max(self.report.worst_lag_seconds, lag)

    def _sort_out(
        self, items: Sequence[DirtyItem], failures: Mapping[Key, Exception], own: set[Key]
    ) -> None:
        """Set aside what no retry can save; only its own failures count against an item."""
        failed = [item for item in items if key_of(item) in failures]
        self.report.failed += len(failed)
        poison: dict[Key, str] = {}
        for item in failed:
            error = failures[key_of(item)]
            if isinstance(error, PoisonError) or (key_of(item) in own and is_exhausted(item)):
                poison[key_of(item)] = str(error)
            elif key_of(item) in own:
                self._failed_themselves[key_of(item)] = item
            else:
                self._bystanders[key_of(item)] = item
        self.report.retry = self.report.retry or len(poison) < len(failed)
        self._set_aside([item for item in failed if key_of(item) in poison], poison)

    def _set_aside(self, items: Sequence[DirtyItem], reason: Mapping[Key, str]) -> None:
        """Tell first, then set aside: killed in between, an item is told of twice, never lost."""
        if not items:
            return
        try:
            self.quarantine.put(items=items, reason=reason)
        except UnavailableError:
            self._failed_themselves |= {key_of(item): item for item in items}
            self.report.retry = True
            return
        self.buffer.quarantine(items=items)
        self.report.quarantined += len(items)


def _without(items: Sequence[DirtyItem], failures: Failures) -> list[DirtyItem]:
    return [item for item in items if key_of(item) not in failures]
