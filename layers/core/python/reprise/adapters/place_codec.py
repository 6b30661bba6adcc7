"""One codec between places and their stored text, so that no two adapters drift apart.

In Redis a place is a hash of strings (`place_to_hash`), in the durable store one JSON document
(`place_to_json`). Scripts inside Redis read and write the same fields, so the text form is theirs
too: seconds without superfluous zeros, microseconds as plain decimal digits (in nested JSON as
strings, because Lua's numbers print only fourteen digits), and an empty list may arrive as `{}`.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from reprise.adapters import stored_text as stored
from reprise.domain.identity import Device
from reprise.domain.playstate import (
    Change,
    Place,
    PlaybackMemory,
    Snapshot,
)

MALFORMED = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError)


class CorruptPlaceError(ValueError):
    """Stored text that is no place. Callers treat it as missing and count it."""


def place_to_hash(place: Place) -> dict[str, str]:
    """Return the place's fields of its Redis hash, without the buffer's own."""
    return {
        "vid": place.video_id,
        "rev": str(place.rev),
        "at": str(place.changed_at),
        "mat": str(place.moved_at),
        "wat": str(place.viewed_at),
        "own": place.owner,
        "pos": stored.seconds_text(place.position),
        "dur": stored.seconds_text(place.duration),
        "st": place.state,
        "done": stored.flag(place.completed),
        "hid": stored.flag(place.hidden),
        "vs": str(place.viewing_started_at),
        "did": place.device.id,
        "dty": place.device.type,
        "dna": place.device.name,
        "et": str(place.event_time),
        "pbs": stored.dump(_playbacks_to_lists(place.playbacks)),
        "bef": "" if place.before is None else stored.dump(_snapshot_to_object(place.before)),
        "ch": stored.dump(changes_to_lists(place.changes)),
        "nat": str(place.noted_at),
    }


def place_from_hash(fields: Mapping[str, str], *, item_id: str) -> Place:
    """Return the place of a Redis hash; the item id is the end of its key.

    Raises:
        CorruptPlaceError: a field is missing or is not what it should be.
    """
    try:
        before = fields.get("bef", "")
        return _place(
            fields,
            item_id=item_id,
            playbacks=json.loads(fields.get("pbs") or "[]"),
            before=json.loads(before) if before else None,
            changes=json.loads(fields.get("ch") or "[]"),
        )
    except MALFORMED as error:
        raise CorruptPlaceError(f"no place: {error!r}") from error


def place_to_json(place: Place) -> str:
    """Return the durable document: the hash's names, real numbers, nested lists."""
    return stored.dump(
        {
            "vid": place.video_id,
            "iid": place.item_id,
            "rev": place.rev,
            "at": place.changed_at,
            "mat": place.moved_at,
            "wat": place.viewed_at,
            "own": place.owner,
            "pos": place.position,
            "dur": place.duration,
            "st": place.state,
            "done": int(place.completed),
            "hid": int(place.hidden),
            "vs": place.viewing_started_at,
            "did": place.device.id,
            "dty": place.device.type,
            "dna": place.device.name,
            "et": place.event_time,
            "pbs": _playbacks_to_lists(place.playbacks),
            "bef": None if place.before is None else _snapshot_to_object(place.before),
            "ch": changes_to_lists(place.changes),
            "nat": place.noted_at,
        }
    )


def place_from_json(text: str) -> Place:
    """Return the place of a durable document.

    Raises:
        CorruptPlaceError: the text is no JSON, or not that of a place.
    """
    try:
        fields = json.loads(text)
        return _place(
            fields,
            item_id=stored.text(fields["iid"]),
            playbacks=fields["pbs"],
            before=fields["bef"],
            changes=fields["ch"],
        )
    except (*MALFORMED, RecursionError) as error:
        raise CorruptPlaceError(f"no place: {error!r}") from error


def changes_to_lists(changes: Iterable[Change]) -> list[list[Any]]:
    return [
        [
            change.at,
            change.position,
            change.device.id,
            change.device.type,
            change.device.name,
            int(change.moved),
            change.rule,
            change.playback_id,
        ]
        for change in changes
    ]


def changes_to_json(changes: Iterable[Change]) -> str:
    return stored.dump(changes_to_lists(changes))


def changes_from_json(text: str) -> tuple[Change, ...]:
    """Raises:
    CorruptPlaceError: the text is no list of changes.
    """
    try:
        return changes_of(json.loads(text))
    except (*MALFORMED, RecursionError) as error:
        raise CorruptPlaceError(f"no changes: {error!r}") from error


def _place(
    fields: Mapping[str, Any],
    *,
    item_id: str,
    playbacks: Any,
    before: Any,
    changes: Any,
) -> Place:
    return Place(
        video_id=stored.text(fields["vid"]),
        item_id=item_id,
        rev=int(fields["rev"]),
        changed_at=int(fields["at"]),
        moved_at=int(fields["mat"]),
        viewed_at=int(fields["wat"]),
        owner=stored.text(fields["own"]),
        position=stored.seconds(fields["pos"]),
        duration=stored.seconds(fields["dur"]),
        state=stored.text(fields["st"]),
        completed=stored.truth(fields["done"]),
        hidden=stored.truth(fields["hid"]),
        viewing_started_at=int(fields["vs"]),
        device=device_of(fields),
        event_time=int(fields["et"]),
        playbacks=tuple(
            PlaybackMemory(
                playback_id=stored.text(entry[0]), last_seq=int(entry[1]), spent_act=int(entry[2])
            )
            for entry in stored.listed(playbacks)
        ),
        before=None if before is None else _snapshot(before),
        changes=changes_of(changes),
        noted_at=int(fields.get("nat") or 0),
    )


def _snapshot(fields: Mapping[str, Any]) -> Snapshot:
    return Snapshot(
        owner=stored.text(fields["own"]),
        position=stored.seconds(fields["pos"]),
        state=stored.text(fields["st"]),
        hidden=stored.truth(fields["hid"]),
        device=device_of(fields),
        event_time=int(fields["et"]),
    )


def _snapshot_to_object(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "own": snapshot.owner,
        "pos": snapshot.position,
        "st": snapshot.state,
        "hid": int(snapshot.hidden),
        "did": snapshot.device.id,
        "dty": snapshot.device.type,
        "dna": snapshot.device.name,
        "et": str(snapshot.event_time),
    }


def _playbacks_to_lists(playbacks: Iterable[PlaybackMemory]) -> list[list[Any]]:
    return [[memory.playback_id, memory.last_seq, memory.spent_act] for memory in playbacks]


def changes_of(entries: Any) -> tuple[Change, ...]:
    return tuple(
        Change(
            at=int(entry[0]),
            position=stored.seconds(entry[1]),
            device=Device(
                id=stored.text(entry[2]), type=stored.text(entry[3]), name=stored.text(entry[4])
            ),
            moved=stored.truth(entry[5]),
            rule=stored.text(entry[6]),
            playback_id=stored.text(entry[7]),
        )
        for entry in stored.listed(entries)
    )


def device_of(fields: Mapping[str, Any]) -> Device:
    return Device(
        id=stored.text(fields["did"]),
        type=stored.text(fields["dty"]),
        name=stored.text(fields["dna"]),
    )
