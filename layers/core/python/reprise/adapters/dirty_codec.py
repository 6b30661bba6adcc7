"""The rest of a live place's hash: what only the flusher and reads of unsaved viewings look at.

Beside the place's own fields stand the buffer's: `v` version, `since`, `att` attempts, `prov`,
`d:<device id>` per device, `out` the open outbox, and while a flusher works on it `batch` with
`bout`, the frozen outbox; `ni` counts the intervals of the open one. Outbox entries are
`["i", start, end, playback]` watched intervals, with how many were joined and how many seconds lost
behind it where there are any (`domain/outbox.py`),
`["c", "started µs"]` completions and `["v", {…}]` viewings that ended.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reprise.adapters import stored_text as stored
from reprise.adapters.place_codec import (
    MALFORMED,
    CorruptPlaceError,
    changes_of,
    changes_to_lists,
    device_of,
    place_from_hash,
    place_to_hash,
)
from reprise.domain.identity import Device
from reprise.domain.outbox import KEPT
from reprise.domain.playstate import DevicePosition, DirtyItem, Place, Viewing


def member_of(*, profile_id: str, item_id: str) -> str:
    """Return the member that stands for an item in the dirty, claimed and quarantined sets."""
    return f"{profile_id}:{item_id}"


def split_member(member: str) -> tuple[str, str]:
    profile_id, _, item_id = member.partition(":")
    return profile_id, item_id


def dirty_from_hash(member: str, fields: Mapping[str, str]) -> DirtyItem:
    """Return what a flusher claimed: the place, its frozen outbox and its devices' positions.

    Raises:
        CorruptPlaceError: a field is missing or is not what it should be.
    """
    profile_id, item_id = split_member(member)
    place = place_from_hash(fields, item_id=item_id)
    try:
        outbox = _entries(fields.get("bout"))
        return DirtyItem(
            profile_id=profile_id,
            item_id=item_id,
            place=place,
            version=int(fields["v"]),
            batch=int(fields["batch"]),
            dirty_since=int(fields["since"]),
            attempts=int(fields.get("att") or 0),
            provisional=fields.get("prov", "") == "1",
            devices=tuple(_devices(fields, place=place)),
            closed_viewings=tuple(_viewings(outbox, place=place)),
            intervals=tuple(
                (stored.seconds(entry[1]), stored.seconds(entry[2]), stored.text(entry[3]))
                for entry in outbox
                if entry[0] == "i"
            ),
            completions=tuple(int(entry[1]) for entry in outbox if entry[0] == "c"),
        )
    except MALFORMED as error:
        raise CorruptPlaceError(f"no dirty item: {error!r}") from error


def damage_of(member: str, fields: Mapping[str, str]) -> str | None:
    """Return what keeps a hash from being flushed; one that nobody has claimed yet counts as whole.

    Its open outbox is looked at too: it is what the next claim freezes.
    """
    whole = {"batch": fields.get("v", ""), **fields}
    try:
        for outbox in ("bout", "out"):
            dirty_from_hash(member, whole | {"bout": fields.get(outbox, "")})
    except CorruptPlaceError as error:
        return str(error)
    return None


def imprecision_of(fields: Mapping[str, str]) -> tuple[int, float]:
    """Return the joins and the lost seconds of a frozen outbox that `dirty_from_hash` has read."""
    text = fields.get("bout", "")
    if text.count('["i"') < KEPT:  # fewer were never joined
        return 0, 0.0
    counted = [entry[4:] for entry in _entries(text) if entry[0] == "i" and entry[4:]]
    return sum(int(joins) for joins, _ in counted), sum(float(lost) for _, lost in counted)


def dirty_to_hash(item: DirtyItem) -> dict[str, str]:
    """Return the hash that `dirty_from_hash` reads as this item."""
    outbox: list[list[Any]] = [["i", *interval] for interval in item.intervals]
    outbox += [["c", str(started_at)] for started_at in item.completions]
    outbox += [closed_viewing_to_entry(viewing) for viewing in item.closed_viewings]
    return {
        **place_to_hash(item.place),
        **dict(device_to_field(position) for position in item.devices),
        "v": str(item.version),
        "batch": str(item.batch),
        "since": str(item.dirty_since),
        "att": str(item.attempts),
        "prov": stored.flag(item.provisional),
        "bout": stored.dump(outbox),
    }


def closed_viewings_from_hash(fields: Mapping[str, str], *, item_id: str) -> tuple[Viewing, ...]:
    """Return the closed viewings of a hash that are not durable yet, frozen or not.

    Raises:
        CorruptPlaceError: a field is missing or is not what it should be.
    """
    place = place_from_hash(fields, item_id=item_id)
    try:
        entries = [*_entries(fields.get("bout")), *_entries(fields.get("out"))]
        return tuple(_viewings(entries, place=place))
    except MALFORMED as error:
        raise CorruptPlaceError(f"no outbox: {error!r}") from error


def closed_viewing_to_entry(viewing: Viewing) -> list[Any]:
    """Return the outbox entry of a viewing that ended."""
    return [
        "v",
        {
            "started": str(viewing.started_at),
            "watched": str(viewing.last_watched_at),
            "pos": viewing.position,
            "dur": viewing.duration,
            "done": int(viewing.completed),
            "did": viewing.device.id,
            "dty": viewing.device.type,
            "dna": viewing.device.name,
            "rev": viewing.rev,
            "at": str(viewing.changed_at),
            "ch": changes_to_lists(viewing.changes),
        },
    ]


def device_to_field(position: DevicePosition) -> tuple[str, str]:
    """Return the hash field and its text for one device's own position."""
    device = position.device
    updated_at = str(position.updated_at)
    return f"d:{device.id}", stored.dump(
        [position.position, position.state, device.type, device.name, updated_at]
    )


def _devices(fields: Mapping[str, str], *, place: Place) -> Iterable[DevicePosition]:
    for name, text in fields.items():
        if name.startswith("d:"):
            position, state, device_type, device_name, updated_at = json.loads(text)
            yield DevicePosition(
                video_id=place.video_id,
                item_id=place.item_id,
                device=Device(
                    id=name[2:], type=stored.text(device_type), name=stored.text(device_name)
                ),
                position=stored.seconds(position),
                state=stored.text(state),
                updated_at=int(updated_at),
            )


def _viewings(entries: Iterable[Any], *, place: Place) -> Iterable[Viewing]:
    for kind, fields, *_ in entries:
        if kind == "v":
            yield Viewing(
                video_id=place.video_id,
                item_id=place.item_id,
                started_at=int(fields["started"]),
                last_watched_at=int(fields["watched"]),
                position=stored.seconds(fields["pos"]),
                duration=stored.seconds(fields["dur"]),
                completed=stored.truth(fields["done"]),
                device=device_of(fields),
                rev=int(fields["rev"]),
                changed_at=int(fields["at"]),
                changes=changes_of(fields["ch"]),
            )


def _entries(text: str | None) -> Sequence[Any]:
    return stored.listed(json.loads(text)) if text else []
