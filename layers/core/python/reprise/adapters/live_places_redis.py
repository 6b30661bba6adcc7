"""`LivePlaces` in Redis: session gate, merge and dirty mark in one script on one hash slot.

The script (`lua/record.lua`) is atomic and repeating it is harmless, because a report that was
stored is a duplicate the second time; so a lost answer may be retried by anyone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import redis
from pydantic_core import to_json

from reprise.adapters.dirty_codec import closed_viewings_from_hash
from reprise.adapters.live_keys import ProfileKeys
from reprise.adapters.place_codec import CorruptPlaceError, place_from_hash, place_to_hash
from reprise.adapters.public_fields import place_of
from reprise.adapters.redis_calls import RedisCalls, RedisScript
from reprise.adapters.session_gate import SessionGate, ignore_allowance, policy_of
from reprise.application.ports import RecordAnswer
from reprise.domain.allowance import Allowance
from reprise.domain.identity import Device, PolicyFacts, Viewer
from reprise.domain.leases import lease_seconds
from reprise.domain.merge import MOVING_RULES
from reprise.domain.playstate import ItemFacts, Live, Outcome, Place, Report, Viewing

NOT_LOADED = 0
"""In a script's `durable` list: nobody has asked the durable store. `False` is: it has none."""

_PLACES = ("place_hash", "outbox", "merge", "store")
_RECORD = RedisScript(*_PLACES, "gate", "record")
_ACT = RedisScript(*_PLACES, "gate", "act")
_GATE = RedisScript("gate", "session_policy")


@dataclass(frozen=True, slots=True)
class LiveLimits:
    """`ttl_seconds` is how long a durable place stays live; reports count per session.

    `lease_seconds` is how long a report keeps its playback's screen.
    """

    ttl_seconds: int = 86_400
    reports_per_minute: int = 120
    lease_seconds: float = field(default_factory=lease_seconds)


class RedisLivePlaces:
    """Live places of all profiles. Raises `UnavailableError` where Redis does not answer.

    A live place that is damaged counts as missing: the durable one is asked for and takes its
    stead. `on_lost` is then told ("CorruptState", how many).
    """

    def __init__(
        self,
        calls: RedisCalls,
        *,
        limits: LiveLimits | None = None,
        on_lost: Callable[[str, int], None] = lambda _name, _count: None,
        on_allowance: Callable[[Allowance], None] = ignore_allowance,
        now_us: int | None = None,
    ) -> None:
        """`now_us` replaces the server's clock in tests that compare with the pure rule."""
        self._calls = calls
        self._limits = limits or LiveLimits()
        self._gate = SessionGate(
            per_minute=self._limits.reports_per_minute, on_allowance=on_allowance
        )
        self._on_lost = on_lost
        self.now_us = now_us

    def record(
        self,
        *,
        viewer: Viewer,
        reports: Sequence[tuple[Report, ItemFacts]],
        durable: Mapping[str, Place | None] | None = None,
        provisional: bool = False,
    ) -> RecordAnswer:
        known = durable or {}
        retried = provisional or durable is not None
        items: dict[str, dict[str, Any]] = {}
        numbers: dict[str, int] = {}
        for report, facts in reports:
            if report.item_id not in items:
                items[report.item_id] = _item(report.video_id, report.item_id, facts)
                numbers[report.item_id] = len(items)
        request = self._request(viewer, cost=0 if retried else 1)
        request |= {
            "policy": viewer.policy.encode(),
            "provisional": provisional,
            "ttl": self._limits.ttl_seconds * 1000,
            "lease": round(self._limits.lease_seconds * 1000),
            "items": list(items.values()),
            "durable": [_durable_field(known, item_id) for item_id in items],
            "reports": [_report(report, numbers[report.item_id]) for report, _ in reports],
        }
        online = [report.playback_id for report, _ in reports if not report.offline]
        kind, answer = self._run(_RECORD, viewer, list(items), request, playback_ids=online)
        if kind == "policy":
            return RecordAnswer(policy=policy_of(answer[1]))
        if kind == "cold":
            ids = list(items)
            return RecordAnswer(cold=[ids[number - 1] for number in answer[1:]])
        pairs = zip(reports, self._outcomes(answer), strict=True)
        return RecordAnswer(outcomes=[_outcome(raw, report.item_id) for (report, _), raw in pairs])

    def hide(
        self, *, viewer: Viewer, video_id: str, durable: Mapping[str, Place]
    ) -> Sequence[Outcome]:
        # The live set names items that are not durable yet, so the durable ones alone would miss
        # an episode that was started a minute ago.
        live = [p for p in self.live(profile_id=viewer.profile_id).places if p.video_id == video_id]
        facts = {p.item_id: _facts_of(p) for p in (*durable.values(), *live)}
        return self._act(viewer, "hide", video_id, list(facts.items()), durable)

    def mark(
        self,
        *,
        viewer: Viewer,
        video_id: str,
        items: Sequence[tuple[str, ItemFacts]],
        watched: bool,
        durable: Mapping[str, Place],
    ) -> Sequence[Outcome]:
        return self._act(viewer, "watched" if watched else "unwatched", video_id, items, durable)

    def gate(self, *, viewer: Viewer) -> PolicyFacts:
        _, answer = self._run(_GATE, viewer, [], self._request(viewer, cost=1))
        return policy_of(answer[1])

    def live(self, *, profile_id: str) -> Live:
        keys = ProfileKeys.of(profile_id)
        client = self._calls.client

        def read() -> tuple[str | None, list[str]]:
            pipeline = client.pipeline(transaction=False)
            pipeline.get(keys.version)
            pipeline.smembers(keys.live)
            version, members = pipeline.execute()
            return version, sorted(members)

        version, item_ids = self._calls.call(read)
        places: list[Place] = []
        closed: list[Viewing] = []
        for item_id, fields in zip(item_ids, self._hashes(keys, item_ids), strict=True):
            try:
                places.append(place_from_hash(fields, item_id=item_id))
                closed.extend(closed_viewings_from_hash(fields, item_id=item_id))
            except CorruptPlaceError:
                # Evicted or damaged under its mark: the flusher counts and reports it.
                continue
        return Live(version=int(version or 0), places=places, closed_viewings=closed)

    def _hashes(self, keys: ProfileKeys, item_ids: Sequence[str]) -> Sequence[Mapping[str, str]]:
        if not item_ids:
            return []

        def read() -> Sequence[Mapping[str, str]]:
            pipeline = self._calls.client.pipeline(transaction=False)
            for item_id in item_ids:
                pipeline.hgetall(keys.place(item_id))
            return [_hash_of(answer) for answer in pipeline.execute(raise_on_error=False)]

        return self._calls.call(read)

    def _act(
        self,
        viewer: Viewer,
        act: str,
        video_id: str,
        items: Sequence[tuple[str, ItemFacts]],
        durable: Mapping[str, Place],
    ) -> Sequence[Outcome]:
        rule = "hidden" if act == "hide" else act
        request = self._request(viewer, cost=1)
        request |= {
            "act": act,
            "rule": rule,
            "items": [_item(video_id, item_id, facts) for item_id, facts in items],
            "durable": [_durable_field(durable, item_id) for item_id, _ in items],
        }
        _, answer = self._run(_ACT, viewer, [item_id for item_id, _ in items], request)
        return [
            Outcome(
                place=place_of(fields, item_id=item_id) if fields else None,
                moved=bool(changed),
                reason=None,
                rule=rule,
            )
            for (item_id, _), (changed, _, fields) in zip(
                items, self._outcomes(answer), strict=True
            )
        ]

    def _outcomes(self, answer: Sequence[Any]) -> Sequence[Any]:
        _, damaged, *outcomes = answer
        if damaged:
            self._on_lost("CorruptState", damaged)
        return outcomes

    def _request(self, viewer: Viewer, *, cost: int) -> dict[str, Any]:
        return {
            "now": "" if self.now_us is None else str(self.now_us),
            "who": self._gate.who(
                account_id=viewer.account_id, profile_id=viewer.profile_id, cost=cost
            ),
        }

    def _run(
        self,
        script: RedisScript,
        viewer: Viewer,
        item_ids: Sequence[str],
        request: Mapping[str, Any],
        *,
        playback_ids: Sequence[str] = (),
    ) -> tuple[str, list[Any]]:
        keys = ProfileKeys.of(viewer.profile_id)
        script_keys = [*keys.script_keys(viewer.session_id), *map(keys.place, item_ids)]
        script_keys += map(keys.playing, playback_ids)
        args = [to_json(request)]
        answer: list[Any] = self._calls.script(script, keys=script_keys, args=args)
        return self._gate.passed(answer), answer


def _item(video_id: str, item_id: str, facts: ItemFacts) -> dict[str, Any]:
    return {
        "id": item_id,
        "vid": video_id,
        "dur": facts.duration,
        "completes": facts.completes_at,
        "shown": facts.shown_from,
    }


def _hash_of(answer: Any) -> Mapping[str, str]:
    """Return a hash; what is none is damage, which must not keep the other places from readers."""
    if isinstance(answer, redis.ResponseError) and str(answer).startswith("WRONGTYPE"):
        return {}
    if isinstance(answer, Exception):
        raise answer
    fields: Mapping[str, str] = answer
    return fields


def _facts_of(place: Place) -> ItemFacts:
    return ItemFacts(duration=place.duration, completes_at=place.duration, shown_from=0.0)


def _durable_field(durable: Mapping[str, Place | None], item_id: str) -> Any:
    if item_id not in durable:
        return NOT_LOADED
    place = durable[item_id]
    return place_to_hash(place) if place else False


def _report(report: Report, number: int) -> dict[str, Any]:
    return {
        "item": number,
        "pb": report.playback_id,
        "seq": report.seq,
        "act": report.act,
        "kind": report.act_kind,
        "played": report.played_since_act,
        "pos": report.position,
        "state": report.state,
        "et": str(report.event_time),
        "off": report.offline,
        "iv": report.intervals,
    }


def _outcome(raw: Sequence[Any], item_id: str) -> Outcome:
    moved, rule, fields, *device = raw
    return Outcome(
        place=place_of(fields, item_id=item_id),
        moved=bool(moved),
        reason=None if rule in MOVING_RULES else rule,
        rule=rule,
        device=Device(*device) if device else None,
    )
