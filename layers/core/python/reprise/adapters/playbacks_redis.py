"""`Playbacks` in Redis: a key per playback beside its profile's places, gate and read in one.

The session's hash names the playback that it began last. Whose a playback is stands there as a
digest: what outlasts a deleted profile, for days, names nobody.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

from reprise.adapters import stored_text as stored
from reprise.adapters.live_keys import ProfileKeys
from reprise.adapters.redis_calls import RedisCalls, RedisScript
from reprise.adapters.session_gate import SessionGate, ignore_allowance, policy_of
from reprise.application.playback_ports import Entered
from reprise.domain.allowance import Allowance
from reprise.domain.identity import Device, Viewer
from reprise.domain.playback import REMEMBERED_SECONDS, Playback, Spot

_ENTER = RedisScript("gate", "enter_playback")
_BEGIN = RedisScript("begin_playback")
_REMEMBERED_MS = REMEMBERED_SECONDS * 1000


class RedisPlaybacks:
    """The port `Playbacks`. A place or a playback that can't be read counts as missing."""

    def __init__(
        self,
        calls: RedisCalls,
        *,
        per_minute: int = 120,
        on_allowance: Callable[[Allowance], None] = ignore_allowance,
    ) -> None:
        self._calls = calls
        self._gate = SessionGate(per_minute=per_minute, on_allowance=on_allowance)

    def enter(self, *, viewer: Viewer, item_id: str) -> tuple[Entered, Spot | None]:
        key = ProfileKeys.of(viewer.profile_id).place(item_id)
        entered, (position, completed) = self._enter(viewer, key, {})
        return entered, _spot(position, completed)

    def find(self, *, viewer: Viewer, playback_id: str) -> tuple[Entered, Playback | None]:
        key = ProfileKeys.of(viewer.profile_id).playback(playback_id)
        entered, (played, *_) = self._enter(viewer, key, {"keep": _REMEMBERED_MS})
        return entered, _playback(viewer, playback_id, played)

    def begin(self, *, viewer: Viewer, playback: Playback) -> None:
        keys = ProfileKeys.of(viewer.profile_id)
        self._calls.script(
            _BEGIN,
            keys=[keys.session(viewer.session_id), keys.playback(playback.id)],
            args=[playback.id, _text(viewer, playback), _REMEMBERED_MS],
        )

    def _enter(
        self, viewer: Viewer, key: str, request: dict[str, Any]
    ) -> tuple[Entered, Sequence[str | None]]:
        keys = ProfileKeys.of(viewer.profile_id)
        who = self._gate.who(account_id=viewer.account_id, profile_id=viewer.profile_id, cost=1)
        answer: Sequence[Any] = self._calls.script(
            _ENTER,
            keys=[keys.session(viewer.session_id), keys.rate(viewer.session_id), key],
            args=[json.dumps(request | {"who": who})],
        )
        self._gate.passed(answer)
        _, policy, device_id, device_type, device_name, current, *found = answer
        device = Device(device_id, device_type, device_name)
        return Entered(policy=policy_of(policy), device=device, current=current), found


def _spot(position: str | None, completed: str | None) -> Spot | None:
    try:
        return Spot(stored.seconds(position), stored.truth(completed))
    except (TypeError, ValueError):
        return None


def _text(viewer: Viewer, playback: Playback) -> str:
    owner = _owner(viewer, playback.id)
    return f"{owner}/{playback.video_id}/{playback.item_id}/{playback.holder}"


def _playback(viewer: Viewer, playback_id: str, text: str | None) -> Playback | None:
    owner, *played = (text or "").split("/")
    if owner != _owner(viewer, playback_id) or len(played) != 3:
        return None
    return Playback(playback_id, *played)


def _owner(viewer: Viewer, playback_id: str) -> str:
    return hashlib.sha256(f"{viewer.profile_id}/{playback_id}".encode()).hexdigest()
