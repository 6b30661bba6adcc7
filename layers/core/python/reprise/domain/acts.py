"""Acts of the account on a place: hide, watched and not watched by hand. They always win."""

from dataclasses import replace

from reprise.domain.identity import Device
from reprise.domain.playstate import (
    NO_OWNER,
    Change,
    ItemFacts,
    Merged,
    Outcome,
    Place,
    with_change,
)


def hide(*, place: Place, device: Device, now: int) -> Merged:
    """Take the place out of the row, keeping position and history, until a later act."""
    if place.hidden:
        return _unchanged(place, "hidden")
    return _changed(replace(place, hidden=True), device, now, "hidden")


def mark_watched(
    *, place: Place | None, video_id: str, item_id: str, facts: ItemFacts, device: Device, now: int
) -> Merged:
    """Complete the viewing by hand; the place that stood can be restored by `unmark_watched`."""
    if place is not None and place.completed:
        return _unchanged(place, "watched")
    marked = replace(
        place or _blank(video_id, item_id, facts, device, now),
        owner=NO_OWNER,
        position=facts.duration,
        duration=facts.duration,
        state="stopped",
        completed=True,
        before=place.snapshot() if place else None,
    )
    merged = _changed(marked, device, now, "watched")
    if place is not None and place.completion_is_told:
        return merged
    return replace(merged, completed=marked.viewing_started_at)


def unmark_watched(*, place: Place | None, device: Device, now: int) -> Merged:
    """Restore the place that stood before it completed; nothing where it is not completed."""
    if place is None or not place.completed:
        return _unchanged(place, "unwatched")
    before = place.before
    if before is None:
        restored = replace(place, owner=NO_OWNER, position=0.0, state="stopped", completed=False)
        restored = replace(restored, before=restored.snapshot())
    else:
        restored = replace(
            place,
            owner=before.owner,
            position=before.position,
            state=before.state,
            completed=False,
            hidden=before.hidden,
            device=before.device,
            event_time=before.event_time,
        )
    return _changed(restored, device, now, "unwatched")


def _unchanged(place: Place | None, rule: str) -> Merged:
    outcome = Outcome(place=place, moved=False, reason=None, rule=rule)
    return Merged(outcome=outcome, place=place, stored=False)


def _changed(place: Place, device: Device, now: int, rule: str) -> Merged:
    changed_at = max(now, place.written_at + 1)
    change = Change(
        at=now // 1000,
        position=place.position,
        device=device,
        moved=True,
        rule=rule,
        playback_id=NO_OWNER,
    )
    changed = replace(
        place,
        rev=place.rev + 1,
        changed_at=changed_at,
        moved_at=max(changed_at, place.moved_at),
        changes=with_change(place.changes, change),
        noted_at=0,
    )
    outcome = Outcome(place=changed, moved=True, reason=None, rule=rule)
    return Merged(outcome=outcome, place=changed, stored=True)


def _blank(video_id: str, item_id: str, facts: ItemFacts, device: Device, now: int) -> Place:
    return Place(
        video_id=video_id,
        item_id=item_id,
        rev=0,
        changed_at=now - 1,
        moved_at=now,
        viewed_at=now,
        owner=NO_OWNER,
        position=0.0,
        duration=facts.duration,
        state="stopped",
        completed=False,
        hidden=False,
        viewing_started_at=now // 1000 * 1000,
        device=device,
        event_time=now,
    )
