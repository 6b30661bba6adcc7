"""A durable change as consumers get it: `playback.viewing.v1`, whose schema is in `events/`."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from reprise.domain.playstate import ViewingEvent

TYPE = "playback.viewing.v1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def event_to_json(event: ViewingEvent) -> str:
    return json.dumps(event_to_object(event), separators=(",", ":"))


def event_to_object(event: ViewingEvent) -> dict[str, Any]:
    """Return the payload; `episodeId` is null for a film, `playbackId` after an act of the account.

    `intervals` are media seconds really watched since the event before, with their playback.
    """
    place = event.place
    return {
        "type": TYPE,
        "eventId": event.event_id,
        "profileId": event.profile_id,
        "videoId": place.video_id,
        "itemId": place.item_id,
        "episodeId": None if place.item_id == place.video_id else place.item_id,
        "playbackId": place.owner or None,
        "device": {"id": place.device.id, "type": place.device.type, "name": place.device.name},
        "position": place.position,
        "duration": place.duration,
        "state": place.state,
        "completed": place.completed,
        "viewingStartedAt": instant(place.viewing_started_at),
        "changedAt": instant(place.changed_at),
        "rev": place.rev,
        "intervals": [list(interval) for interval in event.intervals],
        "completedViewings": [instant(started_at) for started_at in event.completed_viewings],
    }


def instant(microseconds: int) -> str:
    """Return RFC 3339 in UTC with all six decimals."""
    moment = _EPOCH + timedelta(microseconds=microseconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
