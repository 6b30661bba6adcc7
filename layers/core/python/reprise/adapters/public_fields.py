"""The short form of a place that scripts answer with and the ready row keeps (`store.lua`)."""

from collections.abc import Sequence

from reprise.adapters import stored_text as stored
from reprise.domain.identity import Device
from reprise.domain.playstate import Place
from reprise.domain.row import RowPlace

PUBLIC_FIELDS = (
    *("vid", "rev", "at", "mat", "wat", "own", "pos", "dur", "st", "done", "hid", "vs"),
    *("did", "dty", "dna", "et"),
)


def place_of(values: Sequence[str], *, item_id: str) -> Place:
    """Return the place, without its playbacks, snapshot and changes.

    Raises:
        TypeError, ValueError: these are not the fields.
    """
    vid, rev, at, mat, wat, own, pos, dur, st, done, hid, vs, did, dty, dna, et = values
    return Place(
        video_id=vid,
        item_id=item_id,
        rev=int(rev),
        changed_at=int(at),
        moved_at=int(mat),
        viewed_at=int(wat),
        owner=own,
        position=stored.seconds(pos),
        duration=stored.seconds(dur),
        state=st,
        completed=done == "1",
        hidden=hid == "1",
        viewing_started_at=int(vs),
        device=Device(did, dty, dna),
        event_time=int(et),
    )


def row_place_of(values: Sequence[str], *, item_id: str) -> RowPlace:
    """Return what the row looks at, at a fraction of the price of the whole place.

    Raises:
        TypeError, ValueError: these are not the fields.
    """
    vid, rev, _, mat, _, _, pos, _, _, done, hid, _, did, dty, dna, _ = values
    seconds, device = stored.seconds(pos), Device(did, dty, dna)
    return RowPlace(vid, item_id, int(rev), int(mat), seconds, done == "1", hid == "1", device)


def values_of(fields: dict[str, str]) -> list[str]:
    """Return the short form of a place's hash fields."""
    return [fields[name] for name in PUBLIC_FIELDS]
