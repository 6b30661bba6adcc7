"""Another chance for poison items: from the live state if there is one, else the message."""

from dataclasses import dataclass, field

import pytest

from reprise.application.ports import PoisonError
from reprise.application.redrive_quarantined import RedriveReport, redrive_quarantined
from reprise.domain.flush import event_of
from reprise.domain.playstate import DirtyItem
from tests import flush_builders as make
from tests.fakes.dirty_buffer import FakeDirtyBuffer
from tests.fakes.flush_queue import FakeFlushQueue
from tests.fakes.places import FakePlaces
from tests.fakes.profile_register import FakeRegister
from tests.fakes.publisher import FakePublisher
from tests.fakes.quarantine import FakeQuarantine


@dataclass(slots=True)
class World:
    buffer: FakeDirtyBuffer = field(default_factory=lambda: FakeDirtyBuffer(now_us=make.NOW_US))
    durable: FakePlaces = field(default_factory=FakePlaces)
    publisher: FakePublisher = field(default_factory=FakePublisher)
    quarantine: FakeQuarantine = field(default_factory=FakeQuarantine)
    queue: FakeFlushQueue = field(default_factory=FakeFlushQueue)
    profiles: FakeRegister = field(default_factory=FakeRegister)

    def redrive(self) -> RedriveReport:
        return redrive_quarantined(
            buffer=self.buffer,
            durable=self.durable,
            publisher=self.publisher,
            quarantine=self.quarantine,
            queue=self.queue,
            profiles=self.profiles,
            limit=10,
            now_us=self.buffer.now_us,
        )

    def set_aside(self) -> DirtyItem:
        self.buffer.store(make.make_item())
        (item,) = self.buffer.claim(buckets=range(1024), dirty_before=None, limit=1)
        self.quarantine.put(items=[item], reason={})
        self.buffer.quarantine(items=[item])
        return item

    def set_damaged_aside(self) -> DirtyItem:
        item = make.make_item()
        self.buffer.store(item)
        self.buffer.unreadable[item.profile_id, item.item_id] = "no place"
        self.buffer.claim(buckets=range(1024), dirty_before=None, limit=1)
        damaged = self.buffer.take_damaged()
        self.quarantine.put_damaged(items=damaged)
        self.buffer.quarantine(items=damaged)
        return item


@pytest.fixture
def world() -> World:
    return World()


def test_an_empty_quarantine_has_nothing_to_redrive(world: World) -> None:
    assert world.redrive() == RedriveReport(redriven=0, restored=0, gone=0, kept=0)


def test_an_empty_quarantine_asks_for_nobody(world: World) -> None:
    world.redrive()
    assert world.profiles.asked == 0


def test_what_is_of_an_erased_profile_is_dropped_and_written_nowhere(world: World) -> None:
    item = world.set_aside()
    world.buffer.states.clear()
    world.profiles.erased.add(item.profile_id)
    assert world.redrive() == RedriveReport(redriven=0, restored=0, gone=1, kept=0)
    assert not world.durable.stored
    assert not world.publisher.events
    assert not world.queue.orders
    assert not world.quarantine.messages


def test_a_quarantined_item_is_dirty_again_and_flushed_at_once(world: World) -> None:
    item = world.set_aside()
    assert world.redrive() == RedriveReport(redriven=1, restored=0, gone=0, kept=0)
    assert list(world.buffer.dirty) == [(item.profile_id, item.item_id)]
    assert [order.item_ids for order in world.queue.orders] == [(item.item_id,)]
    assert not world.quarantine.messages


def test_an_item_without_live_state_is_written_from_its_message(world: World) -> None:
    item = world.set_aside()
    world.buffer.states.clear()
    assert world.redrive().restored == 1
    assert list(world.durable.stored.values()) == [item.place]
    assert [event.event_id for event in world.publisher.events] == [event_of(item).event_id]
    assert not world.quarantine.messages


def test_a_state_days_old_replaces_nothing_newer(world: World) -> None:
    item = world.set_aside()
    world.buffer.states.clear()
    newer = make.make_place(rev=9, changed_at=make.NOW_US + 1)
    world.durable.stored[(item.profile_id, make.VIDEO, item.item_id)] = newer
    world.redrive()
    assert list(world.durable.stored.values()) == [newer]


def test_what_still_fails_stays_in_the_queue(world: World) -> None:
    item = world.set_aside()
    world.buffer.states.clear()
    world.durable.failures[(item.profile_id, item.item_id)] = PoisonError("still")
    assert world.redrive() == RedriveReport(redriven=0, restored=0, gone=0, kept=1)
    assert len(world.quarantine.messages) == 1


def test_what_can_not_be_published_stays_in_the_queue(world: World) -> None:
    item = world.set_aside()
    world.buffer.states.clear()
    world.publisher.refused.add(event_of(item).event_id)
    assert world.redrive().kept == 1


def test_a_notice_without_state_and_without_live_state_is_dropped(world: World) -> None:
    world.quarantine.too_large = True
    world.set_aside()
    world.buffer.states.clear()
    assert world.redrive().gone == 1
    assert not world.quarantine.messages


def test_what_is_damaged_still_stays_in_the_queue_with_a_note(world: World) -> None:
    item = world.set_damaged_aside()
    note = f"{item.profile_id}:{item.item_id} no place"
    expected = RedriveReport(redriven=0, restored=0, gone=0, kept=1, notes=[note])
    assert world.redrive() == expected
    assert world.redrive() == expected
    assert world.buffer.quarantined == {(item.profile_id, item.item_id)}
    assert not world.queue.orders


def test_damage_that_was_mended_is_flushed(world: World) -> None:
    item = world.set_damaged_aside()
    world.buffer.unreadable.clear()
    assert world.redrive() == RedriveReport(redriven=1, restored=0, gone=0, kept=0)
    assert list(world.buffer.dirty) == [(item.profile_id, item.item_id)]
    assert not world.quarantine.messages


def test_damage_that_a_newer_report_replaced_and_flushed_is_nothing_to_redrive(
    world: World,
) -> None:
    world.set_damaged_aside()
    world.buffer.store(make.make_item())
    items = world.buffer.claim(buckets=range(1024), dirty_before=None, limit=1)
    world.buffer.acknowledge(items=items)
    assert world.redrive() == RedriveReport(redriven=0, restored=0, gone=1, kept=0)
    assert not world.quarantine.messages


def test_the_raw_fields_of_a_damaged_state_that_is_gone_are_kept(world: World) -> None:
    world.set_damaged_aside()
    world.buffer.states.clear()
    report = world.redrive()
    assert (report.kept, len(report.notes)) == (1, 1)
    assert len(world.quarantine.messages) == 1
