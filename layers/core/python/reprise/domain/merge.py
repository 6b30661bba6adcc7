"""Who may move a viewer's place: the one rule, pure.

A stale, duplicate, late or accidental report never moves a place, and what did move it is written
down in the place's changes. In order: a report not newer than its playback's last is a duplicate;
the owner moves its place, backwards too; another playback takes the place only by a fresh act and
ten seconds really played; near the start only by a restart or a minute really played; an offline
replay only where nothing moved the place after it. `adapters/lua/merge.lua` is the same rule where
it has to be atomic; `tests/properties` hold the two against each other.
"""

from dataclasses import dataclass, replace

from reprise.domain.identity import Device
from reprise.domain.playstate import (
    NEAR_START_PLAYED_SECONDS,
    OFFLINE_LIMIT_US,
    PLAYBACKS_REMEMBERED,
    TAKE_OVER_SECONDS,
    Change,
    DevicePosition,
    ItemFacts,
    Merged,
    Outcome,
    Place,
    PlaybackMemory,
    Report,
    Snapshot,
    with_change,
)

MOVING_RULES = frozenset({"first", "owner", "took_over"})


@dataclass(frozen=True, slots=True)
class _Step:
    """One report about to be judged, clamped, with what the place remembers of its playback."""

    report: Report
    facts: ItemFacts
    device: Device
    now: int
    spent_act: int


def apply_report(
    *, place: Place | None, report: Report, facts: ItemFacts, device: Device, now: int
) -> Merged:
    """Merge one report into the place; `now` is the server's time in µs."""
    memory = place.playback(report.playback_id) if place else None
    if memory is not None and report.seq <= memory.last_seq:
        outcome = Outcome(place=place, moved=False, reason="duplicate", rule="duplicate")
        return Merged(outcome=outcome, place=place, stored=False)
    step = _Step(
        report=_clamped(report, facts=facts, now=now),
        facts=facts,
        device=device,
        now=now,
        spent_act=memory.spent_act if memory else 0,
    )
    rule = _owner_rule(place, step)
    if place is None or rule in MOVING_RULES:
        return _moved(place, step, rule)
    return _refused(place, step, rule)


def settle(
    *,
    live: Place,
    last: Report,
    last_device: Device,
    durable: Place | None,
    facts: ItemFacts,
    now: int,
) -> Merged:
    """Judge a place that was born while the durable store could not be asked.

    Its last report is judged again as if the durable place had been there, save for the intervals,
    which are kept already; either way `rev` and `changed_at` go past both, because clients saw the
    one and the store holds the other.
    """
    if durable is None:
        outcome = Outcome(place=live, moved=True, reason=None, rule="first")
        return Merged(outcome=outcome, place=live, stored=False)
    base = replace(durable, playbacks=_united(durable, live, last.playback_id))
    merged = apply_report(place=base, report=last, facts=facts, device=last_device, now=now)
    place = replace(
        merged.place or base,
        rev=max(durable.rev, live.rev) + 1,
        changed_at=max(now, durable.written_at + 1, live.written_at + 1),
        noted_at=0,
    )
    outcome = replace(merged.outcome, place=place)
    return replace(merged, outcome=outcome, place=place, stored=True, intervals=())


def _clamped(report: Report, *, facts: ItemFacts, now: int) -> Report:
    return replace(
        report,
        position=min(max(report.position, 0.0), facts.duration),
        event_time=min(max(report.event_time, now - OFFLINE_LIMIT_US), now),
    )


def _owner_rule(place: Place | None, step: _Step) -> str:
    if place is None:
        return "first"
    if place.owner == step.report.playback_id:
        return "owner"
    return _take_over_rule(place, step)


def _take_over_rule(place: Place, step: _Step) -> str:
    report = step.report
    if report.act <= step.spent_act:
        return "act_spent"
    if report.played_since_act < TAKE_OVER_SECONDS:
        return "too_brief"
    near_start = report.position < step.facts.shown_from
    meant = report.act_kind == "restart" or report.played_since_act >= NEAR_START_PLAYED_SECONDS
    if near_start and not meant:
        return "near_start"
    if report.offline and place.moved_at > report.event_time:
        return "superseded"
    return "took_over"


def _moved(place: Place | None, step: _Step, rule: str) -> Merged:
    report = step.report
    changed_at = max(step.now, place.written_at + 1) if place else step.now
    at = report.event_time if report.offline else changed_at
    moved_at = max(at, place.moved_at) if place else at
    standing = None if place is None or _opens_viewing(place, step, rule) else place
    was_completed = standing is not None and standing.completed
    completed = was_completed or report.position >= step.facts.completes_at
    told = standing is not None and standing.completion_is_told
    started_at = standing.viewing_started_at if standing else _viewing_start(moved_at, place)
    moved = Place(
        video_id=report.video_id,
        item_id=report.item_id,
        rev=place.rev + 1 if place else 1,
        changed_at=changed_at,
        moved_at=moved_at,
        viewed_at=moved_at,
        owner=report.playback_id,
        position=report.position,
        duration=step.facts.duration,
        state=report.state,
        completed=completed,
        hidden=_stays_hidden(place, step, rule),
        viewing_started_at=started_at,
        device=step.device,
        event_time=report.event_time,
        playbacks=_remember(place, step, max(step.spent_act, report.act), report.playback_id),
        before=_before(standing, completed=completed),
        changes=with_change(standing.changes if standing else (), _change(step, rule, moved=True)),
    )
    return Merged(
        outcome=Outcome(place=moved, moved=True, reason=None, rule=rule),
        place=moved,
        stored=True,
        closed=place.viewing() if place and standing is None else None,
        completed=started_at if completed and not told else None,
        intervals=_intervals(step),
        device_position=_device_position(step, updated_at=moved.written_at),
    )


def _refused(place: Place, step: _Step, rule: str) -> Merged:
    kept = replace(
        place,
        playbacks=_remember(place, step, step.spent_act, place.owner),
        changes=with_change(place.changes, _change(step, rule, moved=False)),
        noted_at=max(step.now, place.written_at + 1),
    )
    device = step.device if rule == "superseded" else None
    outcome = Outcome(place=kept, moved=False, reason=rule, rule=rule, device=device)
    return Merged(
        outcome=outcome,
        place=kept,
        stored=True,
        intervals=_intervals(step),
        device_position=_device_position(step, updated_at=kept.written_at),
    )


def _opens_viewing(place: Place, step: _Step, rule: str) -> bool:
    if not place.completed or step.report.position >= step.facts.completes_at:
        return False
    starts = step.report.act > step.spent_act and step.report.act_kind in {"start", "restart"}
    return rule == "took_over" or starts


def _viewing_start(moved_at: int, place: Place | None) -> int:
    """Whole milliseconds, as the history's clustering key keeps them, and never twice the same."""
    started_at = moved_at // 1000 * 1000
    return max(started_at, place.viewing_started_at + 1000) if place else started_at


def _stays_hidden(place: Place | None, step: _Step, rule: str) -> bool:
    if place is None or not place.hidden:
        return False
    fresh = rule == "took_over" or step.report.act > step.spent_act
    late = step.report.offline and step.report.event_time < place.moved_at
    return late or not fresh


def _before(standing: Place | None, *, completed: bool) -> Snapshot | None:
    if standing is None:
        return None
    return standing.snapshot() if completed and not standing.completed else standing.before


def _change(step: _Step, rule: str, *, moved: bool) -> Change:
    return Change(
        at=step.now // 1000,
        position=step.report.position,
        device=step.device,
        moved=moved,
        rule=rule,
        playback_id=step.report.playback_id,
    )


def _remember(
    place: Place | None, step: _Step, spent_act: int, owner: str
) -> tuple[PlaybackMemory, ...]:
    """Bring a playback's memory up to date; the oldest that does not own the place goes first."""
    playback_id = step.report.playback_id
    others = [p for p in (place.playbacks if place else ()) if p.playback_id != playback_id]
    if len(others) >= PLAYBACKS_REMEMBERED:
        del others[1 if others[0].playback_id == owner else 0]
    return (*others, PlaybackMemory(playback_id, step.report.seq, spent_act))


def _united(durable: Place, live: Place, judged: str) -> tuple[PlaybackMemory, ...]:
    """Both memories, the durable first; of the playback being judged only the durable one's."""
    newer = {p.playback_id: p for p in live.playbacks if p.playback_id != judged}
    known = [_further(p, newer.pop(p.playback_id, p)) for p in durable.playbacks]
    return (*known, *newer.values())[-PLAYBACKS_REMEMBERED:]


def _further(one: PlaybackMemory, other: PlaybackMemory) -> PlaybackMemory:
    return PlaybackMemory(
        playback_id=one.playback_id,
        last_seq=max(one.last_seq, other.last_seq),
        spent_act=max(one.spent_act, other.spent_act),
    )


def _intervals(step: _Step) -> tuple[tuple[float, float, str], ...]:
    end_of_item = step.facts.duration
    clipped = (
        (min(start, end_of_item), min(end, end_of_item)) for start, end in step.report.intervals
    )
    return tuple((start, end, step.report.playback_id) for start, end in clipped if start < end)


def _device_position(step: _Step, *, updated_at: int) -> DevicePosition:
    return DevicePosition(
        video_id=step.report.video_id,
        item_id=step.report.item_id,
        device=step.device,
        position=step.report.position,
        state=step.report.state,
        updated_at=updated_at,
    )
