"""From what a use case returns to what a client reads. Instants leave as RFC 3339 in UTC."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from reprise.application.list_history import HistoryEntry, HistoryView
from reprise.domain.identity import Device
from reprise.domain.playstate import Change, Outcome, Place, Report, Viewing
from reprise.domain.row import Row, RowEntry
from reprise.edge.bodies import (
    BATCH,
    HEALTH,
    HISTORY,
    MARKED,
    MARKED_ALL,
    PROGRESS,
    ROW,
    BatchResultBody,
    ChangeBody,
    DeviceBody,
    HealthBody,
    HistoryBody,
    MarkedAllBody,
    MarkedBody,
    OtherBody,
    PlaceBody,
    ProgressBody,
    ResultBody,
    RowBody,
    RowItemBody,
    ViewingBody,
)
from reprise.edge.cursors import write_cursor
from reprise.edge.http import Request
from reprise.edge.observability import count, count_by

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # naive, so that no offset is written
_ENTITY_TAG = re.compile(r'(?:W/)?"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: `body` is serialized already, None where there is none."""

    status: int
    body: str | None
    content_type: str | None = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


ACCEPTED = Reply(status=202, body=None, content_type=None)
NO_CONTENT = Reply(status=204, body=None, content_type=None)


def progress(request: Request, *, report: Report, outcome: Outcome, next_seconds: int) -> Reply:
    """Answer one report."""
    _count([outcome])
    request.note(rule=outcome.rule, videoId=report.video_id, itemId=report.item_id, seq=report.seq)
    body: ProgressBody = {
        **_result(report, outcome),
        "next_report_seconds": next_seconds,
    }
    return _ok(PROGRESS, body)


def batch(
    request: Request,
    *,
    reports: Sequence[Report],
    outcomes: Sequence[Outcome],
    next_seconds: int,
) -> Reply:
    """Answer every report of a batch in its place."""
    _count(outcomes)
    request.note(reports=len(reports), rules=Counter(outcome.rule for outcome in outcomes))
    results = [_result(*pair) for pair in zip(reports, outcomes, strict=True)]
    body: BatchResultBody = {"results": results, "next_report_seconds": next_seconds}
    return _ok(BATCH, body)


def row(request: Request, row: Row) -> Reply:
    """Answer the row, or 304 where the caller has exactly this one."""
    request.note(items=len(row.entries), stale=row.stale)
    body: RowBody = {"items": [_row_item(entry) for entry in row.entries], "stale": row.stale}
    return unless_known(request, _ok(ROW, body))


def history(view: HistoryView, *, cursor_secret: str, profile_id: str) -> Reply:
    """Answer a page of the history with the cursor of the next."""
    following = None
    if view.next is not None:
        following = write_cursor(view.next, secret=cursor_secret, profile_id=profile_id)
    items = [_viewing(entry) for entry in view.entries]
    body: HistoryBody = {"items": items, "next_cursor": following}
    return _ok(HISTORY, body)


def marked(outcomes: Sequence[Outcome], *, video_id: str, episode_id: str | None) -> Reply:
    """Answer the place that a mark by hand left: of one item, or of every aired episode."""
    places = [outcome.place for outcome in outcomes]
    if episode_id is not None or _is_film(places, video_id):
        only: MarkedBody = {"place": _place(places[0]) if places[0] else None}
        return _ok(MARKED, only)
    every: MarkedAllBody = {"places": [_place(place) for place in places if place]}
    return _ok(MARKED_ALL, every)


def _is_film(places: Sequence[Place | None], video_id: str) -> bool:
    """A film is the one item whose id is its title's, or that has no place to tell by."""
    return len(places) == 1 and (places[0] is None or places[0].item_id == video_id)


def health(checks: Mapping[str, bool], *, version: str) -> Reply:
    """Answer which stores do."""
    body: HealthBody = {
        "status": "ok" if all(checks.values()) else "degraded",
        "version": version,
        "checks": {name: "ok" if answers else "down" for name, answers in checks.items()},
    }
    return _ok(HEALTH, body)


def _ok(adapter: TypeAdapter[Any], body: Mapping[str, object]) -> Reply:
    return Reply(status=200, body=adapter.serializer.to_json(body, by_alias=True).decode())


def unless_known(request: Request, reply: Reply) -> Reply:
    """Give the answer an entity tag, or answer 304 where the caller has exactly this one."""
    digest = hashlib.sha256((reply.body or "").encode()).hexdigest()[:32]
    headers = {"ETag": f'"{digest}"', "Cache-Control": "private, no-cache"}
    if is_known(request, digest):
        return Reply(status=304, body=None, content_type=None, headers=headers)
    return replace(reply, headers=headers)


def is_known(request: Request, tag: str) -> bool:
    """Say whether the caller has what this tag names, by `If-None-Match`."""
    known = request.headers.get("if-none-match", "")
    return known.strip() == "*" or tag in _ENTITY_TAG.findall(known)


def _count(outcomes: Sequence[Outcome]) -> None:
    refused = [outcome.reason for outcome in outcomes if outcome.reason is not None]
    if len(refused) < len(outcomes):
        count("ReportsAccepted", len(outcomes) - len(refused))
    if not refused:
        return
    for reason, amount in Counter(refused).items():
        count_by("ReportsRefused", dimension="reason", value=reason, amount=amount)


def _result(report: Report, outcome: Outcome) -> ResultBody:
    result: ResultBody = {
        "place": _place(outcome.place) if outcome.place else None,
        "moved": outcome.moved,
        "reason": outcome.reason,
    }
    if outcome.device is not None:
        result["other"] = _other(report, outcome.device)
    return result


def _place(place: Place) -> PlaceBody:
    return {
        "video_id": place.video_id,
        "episode_id": _episode_id(place),
        "position": place.position,
        "duration": place.duration,
        "state": place.state,
        "completed": place.completed,
        "hidden": place.hidden,
        "rev": place.rev,
        "changed_at": instant(place.changed_at),
        "playback_id": place.owner or None,
        "device": _device(place.device),
    }


def _other(report: Report, device: Device) -> OtherBody:
    return {
        "position": report.position,
        "device": _device(device),
        "event_time": instant(report.event_time),
    }


def _row_item(entry: RowEntry) -> RowItemBody:
    title, item = entry.title, entry.item
    series = title.is_series
    return {
        "video_id": title.id,
        "episode_id": item.id if series else None,
        "type": "episode" if series else "film",
        "title": item.title,
        "series_title": title.title if series else None,
        "season": item.season if series else None,
        "episode": item.episode if series else None,
        "resume_position": entry.resume_position,
        "duration": item.duration,
        "progress_percent": round(100 * entry.resume_position / item.duration, 1),
        "next_up": entry.next_up,
        "last_watched_at": instant(entry.last_watched_at),
        "device": _device(entry.device),
        "artwork_url": title.artwork_url,
        "leaves_at": unix_instant(entry.leaves_at),
    }


def _viewing(entry: HistoryEntry) -> ViewingBody:
    viewing = entry.viewing
    return {
        "video_id": viewing.video_id,
        "episode_id": _episode_id(viewing),
        "title": entry.title,
        "started_at": instant(viewing.started_at),
        "last_watched_at": instant(viewing.last_watched_at),
        "position": viewing.position,
        "duration": viewing.duration,
        "completed": viewing.completed,
        "device": _device(viewing.device),
        "changes": [_change(change) for change in viewing.changes],
    }


def _change(change: Change) -> ChangeBody:
    return {
        "at": instant(change.at * 1000),
        "position": change.position,
        "device": _device(change.device),
        "moved": change.moved,
        "rule": change.rule,
    }


def _episode_id(of: Place | Viewing) -> str | None:
    return of.item_id if of.item_id != of.video_id else None


def _device(device: Device) -> DeviceBody:
    return {"id": device.id, "type": device.type, "name": device.name}


def unix_instant(seconds: int | None) -> str | None:
    """Return Unix seconds as RFC 3339."""
    return None if seconds is None else instant(seconds * 1_000_000)


def instant(microseconds: int) -> str:
    """Return µs since the epoch as RFC 3339."""
    moment = _EPOCH + timedelta(microseconds=microseconds)
    return f"{moment.isoformat(timespec='microseconds')}Z"
